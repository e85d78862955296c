"""A small town for standing: members whose words are as old as a test wants, without requests and pages."""

from datetime import timedelta

from accounts import ties
from accounts.models import Member
from foundation import clock
from network.moderation import moderators
from tests.cast import DAY, new_member
from vetting import contexts, evidence, ledger, nights, standing
from vetting.models import ConfirmationKind, Night

OLD = 60 * DAY


def founder(handle: str = "founder") -> Member:
    """A moderator, hence an anchor."""
    member = new_member(handle)
    moderators.appoint(member)
    member.refresh_from_db()
    return member


def vouched(voucher: Member, subject: Member, *, ago: timedelta = OLD, source: str = "") -> None:
    """A public vouch as the ledger has it, without its document."""
    with clock.at(clock.now() - ago):
        ledger.record(subject, by=voucher, kind=evidence.VOUCH, source=source or f"v:{voucher.pk}:{subject.pk}")


def confirmed(one: Member, other: Member, *, ago: timedelta = OLD) -> None:
    """The two are in contact and both said that they worked together."""
    with clock.at(clock.now() - ago):
        ties.begin(one, other)
        contexts.confirm(one, other, kind=ConfirmationKind.WORKED, source=one.public_id)


def night() -> Night:
    return nights.solve()


def points(member: Member) -> float:
    return standing.of(member).points
