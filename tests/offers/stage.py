"""Offers in tests: who may send them, a form that fits nearly everybody, and the worker's turn."""

from dataclasses import replace

from accounts import people
from accounts.models import Entry, Member, Visibility
from network.offers import envelopes, settling, terms
from network.offers.filling import Form
from network.offers.matching import Floors
from network.offers.models import Offer
from tests.cast import key, new_member, was_at
from vetting import allowance
from vetting.models import Standing

FORM = Form(
    employer="Nordlicht Optik GmbH",
    role="Optical engineer",
    level="senior",
    pay_low=80_000,
    pay_high=96_000,
    currency="EUR",
    period="year",
    place="DE-HH",
    remote_percent=40,
    kind="permanent",
    mandate="They build spectrometers and need somebody who has built one.",
    why="You led the pump hall when it was moved.",
)
OPEN = Floors(wanted=True)


def trusted(member: Member, points: float = 100) -> Member:
    """With a standing that permits offers."""
    Standing.objects.update_or_create(member=member, defaults={"points": points})
    return member


def head_hunter(handle: str) -> Member:
    """Somebody with a headline and an entry, so that home is a page and not the first step."""
    member = trusted(new_member(handle))
    people.change_profile(member, {"headline": "Finds people", "headline_to": Visibility.MEMBERS})
    was_at(member, "Seek and Find", "2010-01", None)
    return member


def listens(member: Member, floors: Floors = OPEN, **more: object) -> Entry:
    """The member has an entry that members see, and terms."""
    terms.change(member, replace(floors, **more))  # type: ignore[arg-type]
    return member.entries.first() or was_at(member, "Acme Werke", "2002-01", "2005-12")


def posts(sender: Member, recipient: Member, **more: object) -> Offer:
    """As the page does: nothing is settled yet."""
    entry = more.pop("entry", recipient.entries.first())
    form = replace(FORM, **more)  # type: ignore[arg-type]
    return envelopes.send(sender, recipient, form, entry=entry, key=key())  # type: ignore[arg-type]


def left(member: Member) -> int:
    """How many offers the member can make now."""
    return round(allowance.left(member, allowance.Kind.OFFER))


def sends(sender: Member, recipient: Member, form: Form = FORM, **more: object) -> Offer:
    """An offer as the worker leaves it: settled."""
    entry = recipient.entries.first()
    offer = envelopes.send(sender, recipient, replace(form, **more), entry=entry, key=key())  # type: ignore[arg-type]
    settling.settle(offer.pk)
    offer.refresh_from_db()
    return offer


def arrives(sender: Member, recipient: Member, form: Form = FORM, **more: object) -> bool:
    return sends(sender, recipient, form, **more).arrived_at is not None
