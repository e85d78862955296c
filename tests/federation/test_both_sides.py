"""What this server writes, it understands: each activity of ours, told by somebody elsewhere, has its effect here.

It says its part, forgets what it has said (the rows are rolled back), and hears the same as if it were the other one.
"""

import json

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import Member
from foundation import jobs
from foundation.signing import Document
from network.contacts import answers, quiet
from network.contacts.models import Contact, Request
from network.federation import addresses, references
from network.federation.models import Inbound, Outbound
from network.messages import threads
from network.messages.models import Message
from tests.cast import key, was_at
from tests.federation.conftest import Abroad, arrives, leaving_for
from tests.federation.story import asked_by, in_contact, ours_to, signed
from vetting import contexts


def mirrored(document: Document, by: Abroad, **renamed: str) -> Document:
    """The same activity as `by`'s server would have written it: both servers and both people change places."""
    ada, theirs = f"{settings.SITE_URL}/@ada/", "https://two.example"
    bare = {name: value for name, value in document.items() if name != "proof"}
    text = json.dumps(bare)
    for old, new in ((ada, "<zoe>"), (by.uri, "<ada>"), (settings.SITE_URL, "<there>"), (theirs, "<here>")):
        text = text.replace(old, new)
    for old, new in (("<zoe>", by.uri), ("<ada>", ada), ("<there>", theirs), ("<here>", settings.SITE_URL)):
        text = text.replace(old, new)
    for old, new in renamed.items():
        text = text.replace(old, new)
    return signed(by, json.loads(text))


@pytest.fixture
def offered(ada: Member, zoe: Abroad) -> Document:
    """Our own Offer to Zoe, as hers to us."""
    was_at(ada, "Acme Werke", unit="Kiel", ends=None)
    sent: list[Document] = []
    with transaction.atomic():
        ours_to(ada, zoe, note="Do you remember\nthe <pump>?")
        sent += leaving_for(zoe)
        transaction.set_rollback(True)
    return mirrored(sent[0], zoe)


def test_a_request_of_ours_is_understood(offered: Document, ada: Member, zoe: Abroad) -> None:
    assert arrives(zoe, offered).outcome == "done"
    request = Request.objects.get()
    assert (request.asker, request.recipient, request.note) == (zoe.member, ada, "Do you remember\nthe <pump>?")
    entry = zoe.member.entries.get()
    assert (entry.organisation.name, entry.unit.name, entry.ends) == ("Acme Werke", "Kiel", None)  # type: ignore[union-attr]


def test_all_our_answers_are_understood(offered: Document, ada: Member, zoe: Abroad) -> None:
    said: list[Document] = []
    with transaction.atomic():
        arrives(zoe, offered)
        request = Request.objects.get()
        answers.ask_back(request, by=ada, question="Which pump?")
        jobs.drain_everything(strict=True)
        contact = answers.accept(request, by=ada, both_there=True)
        jobs.drain_everything(strict=True)
        threads.write(ada, zoe.member, text="Hello", key=key())
        jobs.drain_everything(strict=True)
        quiet.lift(contact, by=ada)
        jobs.drain_everything(strict=True)
        quiet.end(contact, by=ada)
        jobs.drain_everything(strict=True)
        said += leaving_for(zoe)
        transaction.set_rollback(True)
    request, name = ours_to(ada, zoe)
    lost = mirrored({"id": offered["id"]}, zoe)["id"]

    for activity in said:
        arrives(zoe, mirrored(activity, zoe, **{lost: name}))

    assert [activity["type"] for activity in said] == ["Create", "Accept", "Create", "Update", "Undo"]
    assert set(Inbound.objects.values_list("outcome", flat=True)) == {"done"}
    request.refresh_from_db()
    assert (request.question, request.answer) == ("Which pump?", "accepted")
    assert contexts.confirmed(ada, zoe.member)
    assert Message.objects.get().text == "Hello"
    ended = Contact.objects.get()
    assert ended.lifted_at
    assert ended.ended_by == zoe.member


def test_our_reply_and_our_end_as_the_asker_are_understood(ada: Member, zoe: Abroad) -> None:
    said: list[Document] = []
    with transaction.atomic():
        contact = in_contact(ada, zoe)
        quiet.end(contact, by=ada)
        jobs.drain_everything(strict=True)
        said += leaving_for(zoe)
        transaction.set_rollback(True)
    request = asked_by(zoe, ada)
    answers.accept(request, by=ada)
    lost = mirrored({"id": said[0]["id"]}, zoe)["id"]

    arrival = arrives(zoe, mirrored(said[-1], zoe, **{lost: references.name_of("request", request)}))

    assert (said[-1]["type"], arrival.outcome) == ("Undo", "done")
    assert not quiet.between(ada, zoe.member)


def test_every_private_note_of_ours_is_addressed_to_one_person(ada: Member, zoe: Abroad) -> None:
    in_contact(ada, zoe)
    threads.write(ada, zoe.member, text="Hello", key=key())
    jobs.drain_everything(strict=True)
    for sent in Outbound.objects.filter(proved=False):
        assert sent.body["to"] == sent.body["object"]["to"] == [zoe.uri]
        assert sent.body["actor"] == addresses.actor(ada)
