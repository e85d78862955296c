"""What could not be shown of a stranger's message is read in the thread, once there is one and nothing forbids it."""

import pytest

from accounts.models import Member
from foundation import clock, jobs
from network.contacts import answers, quiet
from network.contacts.models import Request
from network.federation import inbox
from network.messages.models import Message
from tests.cast import DAY
from tests.federation.conftest import Abroad
from tests.federation.mastodon import writes
from tests.federation.story import ours_to

LINK = "See https://pumps.example, we built it."
LONG = "word " * 100


def accepted(mia: Abroad, ada: Member, text: str) -> None:
    writes(mia, ada, f"<p>{text}</p>")
    answers.accept(Request.objects.get(asker=mia.member), by=ada)
    jobs.drain_everything(strict=True)


def lifted(mia: Abroad, ada: Member) -> None:
    contact = quiet.between(ada, mia.member)
    assert contact
    quiet.lift(contact, by=ada)
    jobs.drain_everything(strict=True)


def heard() -> list[tuple[str, str]]:
    return [(one.writer.handle, one.text) for one in Message.objects.select_related("writer").order_by("pk")]


def test_a_long_one_is_read_whole_as_soon_as_they_are_in_contact(mia: Abroad, ada: Member) -> None:
    accepted(mia, ada, LONG)

    assert heard() == [("mia", LONG.strip())]


def test_one_with_a_link_waits_for_the_end_of_the_quiet_period(mia: Abroad, ada: Member) -> None:
    accepted(mia, ada, LINK)
    assert heard() == []

    lifted(mia, ada)
    assert heard() == [("mia", LINK)]


def test_it_is_read_once(mia: Abroad, ada: Member) -> None:
    accepted(mia, ada, LONG)
    lifted(mia, ada)

    assert len(heard()) == 1


def test_what_was_shown_whole_does_not_come_again(mia: Abroad, ada: Member) -> None:
    accepted(mia, ada, "Good day")

    assert heard() == []


def test_an_answer_with_a_link_to_a_request_of_ours_is_read_at_once(mia: Abroad, ada: Member) -> None:
    """There our member keeps quiet, who asked first."""
    ours_to(ada, mia, note="Do you remember?")
    accepted(mia, ada, LINK)

    assert heard() == [("mia", LINK)]


@pytest.mark.parametrize("text", [LONG, LINK])
def test_what_nobody_keeps_any_more_is_not_read(text: str, mia: Abroad, ada: Member) -> None:
    writes(mia, ada, f"<p>{text}</p>")
    with clock.at(clock.now() + 31 * DAY):
        inbox.forget(clock.now())
        answers.accept(Request.objects.get(), by=ada)
        jobs.drain_everything(strict=True)
        lifted(mia, ada)

        assert heard() == []
