"""Which role is it, and whose: renaming does not make it another. Pure; names are folded, titles and places kept."""

from collections.abc import Mapping, Sequence

from foundation import regions

_FILLERS = frozenset(
    """
    m w f d x div a an the of for in im und and der die das fur fuer als gn all genders senior junior sr jr lead
    principal experienced erfahrene erfahrener erfahrenen neu new
    """.split()  # noqa: SIM905  (a list of words reads better as words)
)
SAME_TITLE = 0.5
"""Titles that share at least half of the shorter one's words are the same role."""


def title_words(folded: str) -> tuple[str, ...]:
    """The words of a folded title that say what the role is."""
    words = [word for word in folded.split() if word not in _FILLERS]
    return tuple(sorted(set(words or folded.split())))


def is_called(name: str, known: str) -> bool:
    """`name` is `known`, or holds all its words: "acme deutschland" is called "acme"; spaces do not count."""
    words = set(known.split())
    if not words:
        return False
    return words <= set(name.split()) or name.replace(" ", "") == known.replace(" ", "")


def is_same_role(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Same employer (a confidential one may be any), titles alike, places one within the other."""
    names = str(one["employer"]), str(other["employer"])
    same = not all(names) or is_called(*names) or is_called(*reversed(names))
    near = regions.meet(str(one["place"]), str(other["place"]))
    return near and same and _alike(_words(one), _words(other))


def _words(role: Mapping[str, object]) -> set[str]:
    words = role["title"]
    return set(words) if isinstance(words, Sequence) else set()


def _alike(one: set[str], other: set[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= SAME_TITLE * shorter
