"""Calls and promotions as one side reads them: with names as they may be seen, and the consent in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts import visibility
from accounts.models import Member
from accounts.visibility import Shown
from network.messages.models import Call, CallKind, Promotion, Topic


@dataclass(frozen=True)
class Consent:
    """The open call as it stood when something was sent into it."""

    kind: str
    topic: str
    region: str
    words: str
    opened_at: datetime
    ends_on: date


@dataclass(frozen=True)
class Row:
    """A promotion, and the other side of it."""

    promotion: Promotion
    person: Shown

    @property
    def consent(self) -> Consent:
        kept = self.promotion.consent
        return Consent(
            kind=str(CallKind(kept["kind"]).label),
            topic=str(Topic(kept["topic"]).label),
            region=kept["region"],
            words=kept["words"],
            opened_at=datetime.fromisoformat(kept["opened_at"]),
            ends_on=date.fromisoformat(kept["ends_on"]),
        )

    @property
    def many_words(self) -> str:
        return many_words(self.promotion.sent_to_many)


def many_words(sent_to_many: bool) -> str:
    return _("Nearly the same text went to others.") if sent_to_many else ""


def received(reader: Member, rows: Iterable[Promotion]) -> list[Row]:
    found = list(rows)
    names = visibility.names_for(reader, [row.sender for row in found])
    return [Row(row, names[row.sender_id]) for row in found]


def sent(sender: Member, rows: Iterable[Promotion]) -> list[Row]:
    found = list(rows)
    names = visibility.names_for(sender, [row.recipient for row in found])
    return [Row(row, names[row.recipient_id]) for row in found]


def answerable(viewer: Member, calls: Iterable[Call]) -> list[tuple[Call, Shown]]:
    """Calls with whose they are, as the viewer may see them."""
    found = list(calls)
    names = visibility.names_for(viewer, [call.member for call in found])
    return [(call, names[call.member_id]) for call in found]
