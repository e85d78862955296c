"""The list of contacts: ending, lifting, blocking, reporting; each side only its own."""

import pytest

from accounts import ties
from accounts.models import Entry, Member
from network.contacts import answers, quiet
from network.contacts.models import Contact, Request
from network.moderation.models import Report
from tests.cast import asks
from tests.frontend.pages import read, said, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(ada: Member, bo: Member, at_acme: Entry) -> Contact:
    """Ada asked Bo, who accepted just now."""
    return answers.accept(asks(ada, bo, at_acme), by=bo)


def at(contact: Contact, act: str) -> str:
    return f"/contacts/{contact.public_id}/{act}/"


def test_the_list_says_since_when_and_who_keeps_quiet(contact: Contact, ada: Member, bo: Member) -> None:
    assert "you asked, so no links" in read(ada, "/contacts/")
    assert "they asked, so they may not sell" in read(bo, "/contacts/")
    assert at(contact, "lift") in read(bo, "/contacts/")
    assert at(contact, "lift") not in read(ada, "/contacts/")


def test_either_side_ends_a_contact(contact: Contact, ada: Member, bo: Member) -> None:
    signed_in(ada).post(at(contact, "end"))

    assert quiet.between(ada, bo) is None
    assert "No contacts yet" in read(bo, "/contacts/")


def test_only_the_side_that_was_asked_lifts(contact: Contact, ada: Member, bo: Member) -> None:
    assert signed_in(ada).post(at(contact, "lift")).status_code == 403
    assert signed_in(bo).post(at(contact, "lift")).status_code == 302
    contact.refresh_from_db()
    assert contact.quiet_of(contact.asker) is None


@pytest.mark.parametrize("act", ["end", "lift"])
def test_nobody_else_touches_a_contact(contact: Contact, mallory: Member, bo: Member, act: str) -> None:
    assert signed_in(mallory).post(at(contact, act)).status_code == 404
    assert signed_in(bo).get(at(contact, act)).status_code == 405
    contact.refresh_from_db()
    assert contact.quiet_of(contact.asker)


def test_blocking_ends_the_contact_and_can_be_undone(contact: Contact, ada: Member, bo: Member) -> None:
    signed_in(bo).post("/@ada/block/")
    assert quiet.between(ada, bo) is None
    assert ties.has_blocked(bo, ada)
    assert "/@ada/unblock/" in read(bo, "/contacts/")

    signed_in(bo).post("/@ada/unblock/")
    assert not ties.has_blocked(bo, ada)


def test_blocks_are_made_by_post_only(ada: Member, bo: Member) -> None:
    for act in ("block", "unblock"):
        assert signed_in(bo).get(f"/@ada/{act}/").status_code == 405
        assert signed_in(bo).post(f"/@nobody_here/{act}/").status_code == 404


def test_a_member_is_reported_with_what_the_reporter_sees(ada: Member, bo: Member) -> None:
    form = said(words="Pretends to be me.")

    for _ in range(2):
        assert signed_in(bo).post("/@ada/report/", form).status_code == 302
    assert Report.objects.count() == 1
    empty = signed_in(bo).post("/@ada/report/", said(words=""))
    assert empty.status_code == 400
    assert signed_in(ada).post("/@ada/report/", said(words="me")).status_code == 400


def test_a_request_is_reported_by_its_recipient_alone(ada: Member, bo: Member, mallory: Member, at_acme: Entry) -> None:
    asks(ada, bo, at_acme, note="Third floor.")
    path = f"/@ada/report/?request={Request.objects.get().public_id}"

    assert "Third floor." in read(bo, path)
    assert signed_in(mallory).get(path).status_code == 404
    assert signed_in(bo).get("/@ada/report/?request=nonsense").status_code == 404
    assert signed_in(bo).post(path, said(words="Untrue.")).status_code == 302
    assert Report.objects.get().evidence["text"] == "Third floor."


@pytest.mark.parametrize("path", ["/contacts/", "/messages/", "/requests/", "/requests/tray/", "/questions/"])
def test_every_page_is_closed_to_visitors(db: None, client: object, path: str) -> None:
    answer = client.get(path)  # type: ignore[attr-defined]

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
