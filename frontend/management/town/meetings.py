"""Who asks whom, when, and what comes of it: planned so that every limit holds. Pure but for the dice."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from frontend.management.town import talks_de, talks_en
from frontend.management.town.careers import ENGLISH, GERMAN, Person
from frontend.management.town.crossings import Path

DAY = timedelta(days=1)
CONTACTS = 300
ASKED = 1.2
"""Requests for each contact there shall be: some are declined, some struck by a limit."""
SLOT, A_DAY, AT_ONCE = 14 * DAY, 2, 3
"""The asker's limits, as in settings (REQUEST_SLOT_DAYS, REQUESTS_NEW_A_DAY, REQUESTS_OPEN)."""
VOUCHES_MONTH = 30 * DAY
ENDINGS = {
    "accepted": 86,
    "unknown": 3,
    "known-no": 3,
    "not-now": 4,
    "not-true": 1,
    "withdrawn": 2,
    "open": 1,
}


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One request. `vouchers` were asked; `answers` are (handle, answer) of those who answer."""

    path: Path
    asked: datetime
    ending: str
    answered: datetime
    both_there: bool = False
    note: str = ""
    asked_back: bool = False
    parted: datetime | None = None
    vouchers: tuple[str, ...] = ()
    vouched: tuple[tuple[str, str], ...] = ()

    @property
    def pair(self) -> tuple[str, str]:
        return self.path.asker.handle, self.path.recipient.handle

    def lasts_at(self, moment: datetime) -> bool:
        """The two are in contact then and for the week after, in which a voucher may answer."""
        return self.answered < moment and (self.parted is None or self.parted > moment + 7 * DAY)

    @property
    def accepted(self) -> bool:
        return self.ending == "accepted"


def shared_language(one: Person, other: Person) -> int:
    """German, unless one of the two does not speak it."""
    return ENGLISH if ENGLISH in (one.speaks, other.speaks) else GERMAN


def plan(dice: random.Random, paths: Sequence[Path], *, now: datetime, known: set[str]) -> list[Meeting]:
    """Meetings of the past, then those still open today, in the order of asking.

    The people `known` have a story of their own: here they are only asked, always accept and never vouch.
    """
    mixed = list(paths)
    dice.shuffle(mixed)
    room: dict[str, int] = defaultdict(lambda: 4 + min(24, int(dice.paretovariate(0.8) * 2)))
    room.update(dict.fromkeys(known, 6))
    drafts: list[Meeting] = []
    rest: list[Path] = []
    for path in mixed:
        draft = _draft(dice, _towards(dice, path, known), now, known) if len(drafts) < CONTACTS * ASKED else None
        if draft is None or min(room[handle] for handle in draft.pair) < 1:
            rest.append(path)
            continue
        drafts.append(draft)
        for handle in draft.pair:
            room[handle] -= 1
    drafts += _still_open(dice, [path for path in rest if not known & _handles(path)], now)
    return list(Book(dice, known).enter(sorted(drafts, key=lambda draft: draft.asked)))


def _handles(path: Path) -> set[str]:
    return {path.asker.handle, path.recipient.handle}


def _towards(dice: random.Random, path: Path, known: set[str]) -> Path:
    if path.asker.handle in known:
        return path.turned()
    return path if path.recipient.handle in known or dice.random() < 0.5 else path.turned()


def moment(dice: random.Random, now: datetime, days: int) -> datetime:
    """Some daytime `days` ago."""
    day = now - days * DAY
    return day.replace(hour=dice.randint(6, 19), minute=dice.randint(0, 59), second=dice.randint(0, 59), microsecond=0)


def _draft(dice: random.Random, path: Path, now: datetime, known: set[str]) -> Meeting | None:
    """Asked when the asker's entries were old enough, and long enough ago to be answered."""
    latest, earliest = 12, min(path.asker.joined_days - 31, path.recipient.joined_days - 2)
    if earliest < latest:
        return None
    asked = moment(dice, now, dice.randint(latest, earliest))
    ending = dice.choices(list(ENDINGS), weights=list(ENDINGS.values()))[0]
    answered = moment(dice, now, max(1, (now.date() - asked.date()).days - dice.randint(2, 6)))
    parted = answered + dice.randint(20, 60) * DAY if dice.random() < 0.02 else None
    return Meeting(
        path=path,
        asked=asked,
        parted=parted if parted and parted < now - DAY else None,
        ending="accepted" if path.recipient.handle in known else ending,
        answered=answered,
        both_there=dice.random() < 0.62,
        note=_note(dice, path),
        asked_back=dice.random() < 0.05,
    )


def _still_open(dice: random.Random, paths: list[Path], now: datetime) -> Iterator[Meeting]:
    """Requests of the last twelve days that nobody has answered yet; a newcomer's are of grade C."""
    young = [path for path in paths if path.asker.joined_days < 40]
    old = [path for path in paths if path.asker.joined_days >= 60]
    for path in [*young[:12], *old[:40]]:
        latest = min(12, path.asker.joined_days - 2, path.recipient.joined_days - 2)
        if latest >= 2:
            asked = moment(dice, now, dice.randint(2, latest))
            yield Meeting(path=path, asked=asked, ending="open", answered=now, note=_note(dice, path))


def _note(dice: random.Random, path: Path) -> str:
    speaks = shared_language(path.asker, path.recipient)
    note = dice.choice((talks_de.NOTES, talks_en.NOTES)[speaks]).format(org=path.place, field=path.asker.field[speaks])
    return note if len(note) <= 200 else ""


@dataclass
class Book:
    """Goes through the drafts in order, strikes those a limit forbids, and finds vouchers for some."""

    dice: random.Random
    known: set[str]
    asked: dict[str, list[Meeting]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[str, list[tuple[str, Meeting]]] = field(default_factory=lambda: defaultdict(list))
    given: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def enter(self, drafts: list[Meeting]) -> Iterator[Meeting]:
        for draft in drafts:
            asker, recipient = draft.pair
            if not self._has_room(asker, draft.asked):
                continue
            meeting = self._with_vouchers(draft)
            self.asked[asker].append(meeting)
            if meeting.accepted:
                for one, other in ((asker, recipient), (recipient, asker)):
                    self.contacts[one].append((other, meeting))
            yield meeting

    def _has_room(self, asker: str, now: datetime) -> bool:
        lately = [one for one in self.asked[asker] if one.asked > now - SLOT]
        waiting = [one for one in lately if not (one.accepted and one.answered < now)]
        return len(waiting) < AT_ONCE and sum(one.asked.date() == now.date() for one in lately) < A_DAY

    def _with_vouchers(self, draft: Meeting) -> Meeting:
        asker, recipient = draft.pair
        mine = {handle for handle, met in self.contacts[asker] if met.lasts_at(draft.asked)}
        theirs = {handle for handle, met in self.contacts[recipient] if met.both_there and met.lasts_at(draft.asked)}
        able = sorted((mine & theirs) - self.known)
        if not able or self.dice.random() > 0.85:
            return draft
        chosen = self.dice.sample(able, min(len(able), self.dice.choice((1, 1, 2))))
        answers = [(handle, self._answer(handle, draft)) for handle in chosen]
        return replace(draft, vouchers=tuple(chosen), vouched=tuple((who, said) for who, said in answers if said))

    def _answer(self, voucher: str, draft: Meeting) -> str:
        """What the voucher says the day after; "" leaves the question waiting."""
        said = self.dice.choices(("vouch", "no", "unknown", ""), weights=(55, 8, 12, 25))[0]
        lately = [moment for moment in self.given[voucher] if abs(moment - draft.asked) < VOUCHES_MONTH + 2 * DAY]
        if said == "vouch" and len(lately) >= 2:
            return ""
        if said == "vouch":
            self.given[voucher].append(draft.asked)
        return said
