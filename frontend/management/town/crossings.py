"""Who of the town's people were in the same place at the same time, by the lines they will write. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accounts import months
from accounts.models import EntryKind, Visibility
from frontend.management.town.careers import Line, Person

OVERLAP_MONTHS = 3


@dataclass(frozen=True)
class Path:
    """`asker` can name their line `line` towards `recipient` for grade B, once it is old enough."""

    asker: Person
    recipient: Person
    line: int
    their_line: int

    @property
    def place(self) -> str:
        return self.asker.lines[self.line].place

    def turned(self) -> "Path":
        """The other of the two asks."""
        return Path(self.recipient, self.asker, self.their_line, self.line)


def paths(people: Sequence[Person], *, this_month: int) -> Iterator[Path]:
    """Each pair once, in the order of the people, by the first place they share."""
    there: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for who, person in enumerate(people):
        for number, line in enumerate(person.lines):
            if line.kind != EntryKind.EVENT:
                there[line.place].append((who, number))
    seen: set[tuple[int, int]] = set()
    for found in there.values():
        for at, (one, own) in enumerate(found):
            for other, theirs in found[at + 1 :]:
                pair = (one, other)
                if (
                    one == other
                    or pair in seen
                    or not _cross(people[one].lines[own], people[other].lines[theirs], this_month)
                ):
                    continue
                seen.add(pair)
                yield Path(people[one], people[other], own, theirs)


def _cross(one: Line, other: Line, this_month: int) -> bool:
    """Both are listed for members' eyes or matchable, in units that do not contradict, for three months and more."""
    if not (_counts(one) and _counts(other)) or (one.unit and other.unit and one.unit != other.unit):
        return False
    return months.overlap((one.starts, one.ends), (other.starts, other.ends), now=this_month) >= OVERLAP_MONTHS


def _counts(line: Line) -> bool:
    return line.matchable or line.visible_to >= Visibility.MEMBERS
