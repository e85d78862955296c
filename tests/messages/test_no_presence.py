"""No read receipts, no typing signs, no presence: whatever one side does, the other's pages are the same."""

import pytest
from django.apps import apps

from accounts.models import Member
from foundation import jobs, wakes
from network.messages import drafts, keeping, threads
from network.messages.models import Message
from tests.cast import befriend, key
from tests.frontend.pages import read, signed_in, steady

TELLING = ("last_seen", "seen_at", "read_at", "online", "typing", "presence", "last_login", "delivered_to_reader")
"""Fields that would have to be kept from somebody; where one exists, it is named below with the reason."""
KNOWN = {
    "accounts.Account.last_login",  # of the sign-in, on no page
    "accounts.Elsewhere.seen_at",  # when a server was last asked, on no page
    "federation.Peer.first_seen_at",  # of a server
    "vetting.Vouch.status_read_at",  # of a status list
    "usersessions.UserSession.last_seen_at",  # one's own list of sessions
}


@pytest.fixture
def message(ada: Member, bo: Member) -> Message:
    befriend(ada, bo)
    written = threads.write(ada, bo, text="Do you read this?", key=key())
    jobs.drain_everything()
    return written


def test_the_writer_cannot_tell_what_the_reader_does(message: Message, ada: Member, bo: Member) -> None:
    thread = f"/messages/{message.thread.public_id}/"
    pages = [thread, "/messages/", "/@bob/", "/contacts/", f"{thread}take-along/", "/requests/sent/"]

    def seen() -> list[str]:
        answers = [steady(read(ada, page).replace(str(message.public_id), "ID")) for page in pages]
        new = signed_in(ada).get(f"{thread}new/?stance=waits&after={message.public_id}")
        return [*answers, str(new.status_code)]

    seen()
    before = seen()
    browser = signed_in(bo)
    browser.get(thread)
    browser.get(f"{thread}new/?after={message.public_id}&stance=open")
    drafts.keep(bo, ada, text="Dear Ada, I")
    keeping.mute(message.thread, by=bo, muted=True)
    keeping.put_away(message, by=bo)
    jobs.drain_everything()
    assert seen() == before


def test_reading_says_nothing_to_the_other_sides_open_page(
    message: Message, bo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(wakes, "look_again", lambda *channels: woken.extend(channels))
    read(bo, f"/messages/{message.thread.public_id}/")
    drafts.keep(bo, Member.objects.get(handle="ada"), text="Dear Ada")
    assert woken == []


def test_nothing_is_kept_that_could_tell() -> None:
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if any(word in field.name for word in TELLING)
    }
    assert fields <= KNOWN
