"""The statement of reasons behind a sanction, line by line: what follows, on what ground, how it came up, and how to
object (DSA Art. 17). The facts are the moderator's own words and stand beside it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from foundation import clock
from network.moderation.models import Case, CaseKind, Effect, Freeze, Ground, State

Lines = list[tuple[str, str]]


def appeal_until(decided_at: datetime) -> datetime:
    """Six months (DSA Art. 20)."""
    return decided_at + timedelta(days=settings.APPEAL_DAYS)


def is_sanction(case: Case, *, for_subject: bool) -> bool:
    """Whether the decision takes something from that side."""
    if for_subject:
        return case.kind == CaseKind.REPORT and case.effect == Effect.STRIKE
    return case.effect == Effect.BAD_FAITH


def of_case(case: Case, *, for_subject: bool) -> Lines:
    """For the side that the decision weighs on. Whose report was dismissed reads how to object; all others nothing."""
    if case.decided_at is None:
        return []
    if not is_sanction(case, for_subject=for_subject):
        dismissed = not for_subject and case.kind == CaseKind.REPORT and case.state == State.DISMISSED
        return _objecting(case.decided_at) if dismissed and case.effect == Effect.NOTHING else []
    follows = _(
        "It lowers your standing on this server; half of that has faded after 90 days. Offers and promotions rest for a"
        " while. Nothing of yours is deleted."
    )
    blame = _("It lowers your standing on this server; half of that has faded after 90 days.")
    how = _("Somebody reported it.") if for_subject else _("You had reported somebody, and a moderator looked into it.")
    return _lines(follows if for_subject else blame, how, case.ground, case.law, case.decided_at)


def of_freeze(freeze: Freeze) -> Lines:
    follows = _("You can read, but not write, until a moderator thaws your account. Nothing of yours is deleted.")
    return _lines(follows, _("A moderator saw it or was told of it."), freeze.ground, freeze.law, freeze.at)


def remedies(decided_at: datetime) -> str:
    """How to object, and until when."""
    day = formats.date_format(appeal_until(decided_at), "DATE_FORMAT")
    return _(
        "Until %(day)s you can appeal here, for nothing; another moderator answers. You may go to court as well, and in"
        " the European Union to a certified body for settling such disputes."
    ) % {"day": day}


def _lines(follows: str, how: str, ground: str, law: str, decided_at: datetime) -> Lines:
    words = Ground(ground or Ground.RULE).label
    stands = f"{words}: {law}" if law else str(words)
    return [
        (_("What follows"), follows),
        (_("What it stands on"), stands),
        (_("How it came up"), how),
        (_("Automated means"), _("None: people found it, read it and decided.")),
        *_objecting(decided_at),
    ]


def _objecting(decided_at: datetime) -> Lines:
    return [(_("If you disagree"), remedies(decided_at))] if appeal_until(decided_at) > clock.now() else []
