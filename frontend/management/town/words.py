"""Who vouches for whom in public, whom the moderators have met in person, and on which nights standing was computed.

Planned so that every limit holds. Pure but for the dice, which are its own: whoever meets whom stays as it was.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from accounts.models import Visibility
from frontend.management.town import talks_de, talks_en
from frontend.management.town.careers import Person
from frontend.management.town.deeds import Deed, Town
from frontend.management.town.meetings import DAY, Meeting, moment, shared_language

MODERATORS = ("mo_seidel", "tarek")
MET = 8
"""Members of the crowd whom a moderator has met in person: those who know most people."""
WEEKS = 26
MONTH_MOST, LIVE_MOST, AFTER_DAYS = 4, 16, 91
"""Inside the limits of settings (VOUCHES_MAX, VOUCHES_LIVE_MAX, VOUCH_AFTER_DAYS)."""
GIVING = 0.3
"""The share of confirmed colleagues who vouch; anchors vouch for all they remember."""
CIRCLES = ((Visibility.EVERYONE, 4), (Visibility.MEMBERS, 3), (Visibility.CONTACTS, 2), (Visibility.ME, 1))


def nights(now: datetime) -> Iterator[Deed]:
    """On past Mondays, soon after midnight, as the worker would have done."""
    monday = (now - now.weekday() * DAY).replace(hour=0, minute=20, second=0, microsecond=0)
    for weeks in range(WEEKS):
        at = monday - weeks * 7 * DAY
        if at < now:
            yield Deed(at, 0, partial(Town.night))


def anchors(meetings: Sequence[Meeting], known: set[str], *, now: datetime) -> Iterator[tuple[str, Deed]]:
    """The best known of the crowd, met by a moderator: who, and the deed."""
    met: Counter[str] = Counter()
    joined: dict[str, int] = {}
    for meeting in meetings:
        for person in (meeting.path.asker, meeting.path.recipient):
            met[person.handle] += _lasting(meeting)
            joined[person.handle] = person.joined_days
    best = sorted(met, key=lambda handle: (-met[handle], handle))
    chosen = [handle for handle in best if handle not in known and joined[handle] > 240][:MET]
    for number, handle in enumerate(chosen):
        by = MODERATORS[number % len(MODERATORS)]
        at = (now - (230 - number) * DAY).replace(hour=17, minute=0, second=0, microsecond=0)
        yield handle, Deed(at, 8, partial(Town.meet_in_person, moderator=by, member=handle))


def _lasting(meeting: Meeting) -> bool:
    return meeting.accepted and meeting.both_there and meeting.parted is None


@dataclass
class Ledger:
    """Goes through the meetings and notes who has given how many words, and when. Of the `silent` others tell."""

    dice: random.Random
    now: datetime
    anchors: set[str]
    silent: set[str]
    given: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def enter(self, meetings: Sequence[Meeting]) -> Iterator[Deed]:
        for meeting in meetings:
            if _lasting(meeting):
                for voucher, subject in ((0, 1), (1, 0)):
                    yield from self._word(meeting, voucher, subject)

    def _word(self, meeting: Meeting, voucher: int, subject: int) -> Iterator[Deed]:
        people, lines = (meeting.path.asker, meeting.path.recipient), (meeting.path.line, meeting.path.their_line)
        giver, about = people[voucher], people[subject]
        is_anchor = giver.handle in self.anchors
        if {giver.handle, about.handle} & self.silent or self.dice.random() > (1.0 if is_anchor else GIVING):
            return
        at = self._when(giver, meeting.answered, is_anchor=is_anchor)
        if at is None:
            return
        self.given[giver.handle].append(at)
        one, other = giver.handle, about.handle
        sentence = self._sentence(giver, about, meeting.path.place)
        yield Deed(at, 7, partial(Town.offer_vouch, voucher=one, subject=other, line=lines[voucher], sentence=sentence))
        answered, says = at + self.dice.randint(1, 6) * DAY, self.dice.random()
        if answered > self.now - DAY or says < 0.08:
            return  # not answered yet
        if says < 0.13:
            yield Deed(answered, 8, partial(Town.refuse_vouch, voucher=one, subject=other))
            return
        [circle] = self.dice.choices([circle for circle, _often in CIRCLES], [often for _circle, often in CIRCLES])
        yield Deed(answered, 8, partial(Town.countersign_vouch, voucher=one, subject=other, visible_to=int(circle)))

    def _when(self, giver: Person, since: datetime, *, is_anchor: bool) -> datetime | None:
        """Some day on which the giver may vouch and has not done so too often; anchors do so soon."""
        least = self.now - (giver.joined_days - AFTER_DAYS) * DAY
        earliest = (self.now - max(since + 3 * DAY, since if is_anchor else least)).days
        if earliest < 4 or len(self.given[giver.handle]) >= LIVE_MOST:
            return None
        at = moment(self.dice, self.now, self.dice.randint(max(4, earliest // 2) if is_anchor else 4, earliest))
        lately = [one for one in self.given[giver.handle] if abs(one - at) < timedelta(days=31)]
        return at if len(lately) < MONTH_MOST else None

    def _sentence(self, giver: Person, about: Person, place: str) -> str:
        words = (talks_de.PUBLIC_VOUCHES, talks_en.PUBLIC_VOUCHES)[shared_language(giver, about)]
        return self.dice.choice(words).format(you=about.first, org=place)
