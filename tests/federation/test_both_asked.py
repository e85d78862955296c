"""Both ask each other at once, on two servers: one contact on both, and one side that keeps quiet."""

import pytest

from accounts.models import Member
from network.contacts import answers, quiet, requests, settling
from network.contacts.models import Answer, Contact, Request
from network.federation.arriving.requests import drawn
from tests.cast import befriend, key, was_at
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.story import (
    AT_ACME,
    acceptance,
    asked_by,
    last_to,
    offer,
    ours_to,
    types_to,
)


@pytest.mark.parametrize("order", ["their offer first", "their acceptance first"])
@pytest.mark.parametrize("zoe_keeps_quiet", [True, False])
def test_when_both_ask_at_once_there_is_one_contact_with_one_quiet_side(
    zoe_keeps_quiet: bool, order: str, ada: Member, zoe: Abroad
) -> None:
    """The lower of the two lots counts as the request that was accepted, on both servers, whatever comes first."""
    request, name = ours_to(ada, zoe)
    theirs = offer(zoe, ada)
    while (drawn(theirs["id"]) < drawn(name)) != zoe_keeps_quiet:
        theirs = offer(zoe, ada)
    accepted = acceptance(zoe, name, ada, **({"quiet": zoe.uri} if zoe_keeps_quiet else {}))

    for activity in (theirs, accepted) if order == "their offer first" else (accepted, theirs):
        arrives(zoe, activity)

    contact = Contact.objects.get()
    assert contact.asker == (zoe.member if zoe_keeps_quiet else ada)
    assert Request.objects.get() == request
    assert Request.objects.get().answer == Answer.ACCEPTED
    quiet.end(contact, by=ada)
    assert last_to(zoe, "Undo")["object"]["id"] in {name, *_accepts(zoe)}


@pytest.mark.parametrize("zoe_keeps_quiet", [True, False])
def test_their_crossing_offer_is_answered_and_says_who_keeps_quiet(
    zoe_keeps_quiet: bool, ada: Member, zoe: Abroad
) -> None:
    """They may have declined ours before they asked: then nothing else would tell them of the contact."""
    _request, name = ours_to(ada, zoe)
    theirs = offer(zoe, ada)
    while (drawn(theirs["id"]) < drawn(name)) != zoe_keeps_quiet:
        theirs = offer(zoe, ada)
    arrives(zoe, theirs)

    sent = last_to(zoe, "Accept")

    assert sent["object"] == theirs["id"]
    assert sent.get("quiet") == (None if zoe_keeps_quiet else sent["actor"])


def _accepts(someone: Abroad) -> set[str]:
    return {one["id"] for one in leaving_for(someone) if one["type"] == "Accept"}


def test_their_offer_does_not_become_a_second_request_when_ours_has_not_left_yet(ada: Member, zoe: Abroad) -> None:
    entry = was_at(ada, "Acme Werke")
    requests.ask(ada, zoe.member, context="entry", entry=entry, key=key())
    theirs = offer(zoe, ada)

    arrives(zoe, theirs)

    assert Contact.objects.get().asker == zoe.member
    assert types_to(zoe) == ["Accept"]


def test_in_contact_already_a_request_adds_nothing(ada: Member, zoe: Abroad) -> None:
    answers.accept(asked_by(zoe, ada), by=ada)
    assert arrives(zoe, offer(zoe, ada)).outcome == "refused:already-in-contact"
    assert Request.objects.count() == 1


def test_both_confirmed_it_is_grade_a_on_our_form_too(ada: Member, bo: Member, zoe: Abroad) -> None:
    _request, name = ours_to(ada, zoe)
    accepted = acceptance(zoe, name, ada, confirmed=AT_ACME)
    arrives(zoe, accepted)
    arrives(zoe, said(zoe, "Undo", accepted["id"], to=ada))
    befriend(ada, bo)
    assert settling.preview(ada, zoe.member, context="earlier", entry=None).grade == "A"
