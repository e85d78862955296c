"""One question back about a request and one reply, across servers."""

import pytest

from accounts.models import Member
from network.contacts import answers
from network.contacts.models import Request
from network.federation import references
from network.messages.models import Message
from tests.federation.conftest import Abroad, arrives
from tests.federation.story import asked_by, last_to, note, ours_to


def test_a_question_back_leaves_and_the_reply_comes(ada: Member, zoe: Abroad) -> None:
    request = asked_by(zoe, ada)
    answers.ask_back(request, by=ada, question="Which pump?")
    asked = last_to(zoe, "Create")
    assert asked["object"]["inReplyTo"] == references.name_of("request", request)
    assert asked["object"]["content"] == "<p>Which pump?</p>"

    reply = note(zoe, ada, "The blue one", inReplyTo=asked["object"]["id"])
    assert arrives(zoe, reply).outcome == "done"

    request.refresh_from_db()
    assert request.reply == "The blue one"
    assert not Message.objects.exists()


def test_their_question_comes_and_our_reply_leaves(ada: Member, zoe: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    asked = note(zoe, ada, "Which pump?", inReplyTo=name)
    assert arrives(zoe, asked).outcome == "done"
    request.refresh_from_db()
    assert request.question == "Which pump?"

    answers.reply(request, by=ada, text="The blue one")

    sent = last_to(zoe, "Create")["object"]
    assert (sent["inReplyTo"], sent["content"]) == (asked["object"]["id"], "<p>The blue one</p>")


def test_one_question_and_one_reply(ada: Member, zoe: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    arrives(zoe, note(zoe, ada, "Which pump?", name="1", inReplyTo=name))
    second = arrives(zoe, note(zoe, ada, "And the valve?", name="2", inReplyTo=name))
    request.refresh_from_db()
    assert (second.outcome, request.question) == ("refused:asked-back", "Which pump?")


@pytest.mark.parametrize("text", ["see https://a.example", "0171 2345678", "me@a.example", "x" * 201])
def test_no_data_and_no_links_in_question_or_reply(text: str, ada: Member, bo: Member, zoe: Abroad) -> None:
    _ours, name = ours_to(ada, zoe)
    assert arrives(zoe, note(zoe, ada, text, inReplyTo=name)).outcome.startswith("refused:note-")
    theirs = asked_by(zoe, bo)
    answers.ask_back(theirs, by=bo)
    question = last_to(zoe, "Create")["object"]["id"]
    assert arrives(zoe, note(zoe, bo, text, name="2", inReplyTo=question)).outcome.startswith("refused:note-")
    assert not Request.objects.exclude(reply="").exists()


def test_only_whom_we_asked_asks_back(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    arrives(mallory_abroad, note(mallory_abroad, ada, "Which pump?", inReplyTo=name))
    request.refresh_from_db()
    assert request.question == ""


def test_only_who_was_asked_replies(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    request = asked_by(zoe, ada)
    answers.ask_back(request, by=ada)
    question = last_to(zoe, "Create")["object"]["id"]
    arrives(mallory_abroad, note(mallory_abroad, ada, "The blue one", inReplyTo=question))
    request.refresh_from_db()
    assert request.reply == ""
