"""A decision is worth a letter, with its reason in full: a moderator wrote it, and it names nobody who reported."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Member
from network.moderation import notices
from network.notices.facts import Fact, Found, register
from network.notices.models import Kind


def _decision(member: Member, ref: str) -> Found | None:
    letter = notices.letter_of(member, ref)
    return Found(notices.PATH, letter=letter) if letter else None


register(
    "decision",
    Fact(
        kind=Kind.DECISION,
        subject=_("A moderator has decided"),
        sentence=_("A moderator has decided"),
        several=ngettext_lazy(
            "%(count)d decision of moderators waits to be read.",
            "%(count)d decisions of moderators wait to be read.",
            "count",
        ),
        find=_decision,
        page=notices.PATH,
    ),
)
