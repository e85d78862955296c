"""What is in somebody's letter box, and the switches as tests set them."""

from datetime import timedelta

from accounts.models import Member
from foundation import clock, jobs, letters
from foundation.letters import Text
from foundation.models import Letter
from network.notices import telling, wishes
from network.notices.tasks import ask_for_digests

KINDS = ("request", "accepted", "asked-back", "vouch-asked", "vouch-offered", "message", "decision", "tray", "digest")


def box(member: Member, *kinds: str) -> list[Text]:
    """The letters of these kinds to the member, oldest first."""
    jobs.drain_everything()
    assert member.account is not None
    rows = Letter.objects.filter(kind__in=kinds or KINDS).order_by("made_at", "pk")
    return [text for text in map(letters.text_of, rows) if text.to == member.account.email]


def wants(member: Member, way: str, *kinds: str) -> None:
    wishes.choose(member, ways=dict.fromkeys(kinds, way), hour=8, days=range(7))


def a_day_later() -> None:
    """The digests of the next day are written."""
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        ask_for_digests()
        jobs.drain_everything()


def digests_now(member: Member) -> None:
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        telling.write_digest(member.pk)
