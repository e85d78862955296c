"""Public vouches as pages show them: whose word, in which words, where the two worked together."""

from dataclasses import dataclass
from typing import Any

from accounts import months, visibility
from accounts.models import Member, Visibility
from accounts.visibility import Shown
from vetting import documents, why
from vetting.models import Vouch


@dataclass(frozen=True)
class Line:
    """`person` is the other of the two, as the reader may see them."""

    vouch: Vouch
    person: Shown
    place: str

    @property
    def address(self) -> str:
        return documents.address(self.vouch)


@dataclass(frozen=True)
class About:
    """What is shown of a member's vouches. `known` of `total` points come from people the reader knows; 0: unsaid."""

    lines: list[Line]
    by_contacts: int
    known: int
    total: int


def place_of(context: dict[str, Any]) -> str:
    """`Hansewerk Antriebstechnik AG, Informatik · May 2007 – December 2014`."""
    unit = context.get("unit")
    place = f"{context['organisation']}, {unit}" if unit else str(context["organisation"])
    starts = months.read(context["starts"], as_end=False)
    ends = months.read(context["ends"], as_end=True) if context.get("ends") else None
    span = months.span(
        starts.number,
        ends.number if ends else None,
        starts_exact=starts.exact,
        ends_exact=ends.exact if ends else True,
    )
    return f"{place} · {span}"


def lines(vouches: list[Vouch], names: dict[int, Shown], *, given: bool = False) -> list[Line]:
    """Each with its voucher, or, where the reader gave it, with its subject."""
    others = [vouch.subject_id if given else vouch.voucher_id for vouch in vouches]
    return [Line(vouch, names[other], place_of(vouch.context)) for vouch, other in zip(vouches, others, strict=True)]


def about(owner: Member, viewer: Member | None, near: Visibility, *, preview: bool = False) -> About:
    """What somebody so near sees of the vouches about the owner. A preview shows all that such a reader might see,
    and no number: how many of the vouchers that reader would know nobody can say."""
    seen = why.observe(None if preview else viewer, owner, near)
    vouchers = [vouch.voucher for vouch in seen.vouches]
    if viewer is None or near == Visibility.EVERYONE:
        names = {voucher.pk: visibility.show_at(voucher, Visibility.EVERYONE) for voucher in vouchers}
    else:
        names = visibility.names_for(viewer, vouchers)
    known = round(seen.known)
    return About(lines(seen.vouches, names), seen.by_contacts, known, max(known, round(seen.total)))
