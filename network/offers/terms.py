"""A member's terms: written by the member, sealed under the member's key, read by the matcher and the member alone."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import keys, organisations
from accounts.models import Member
from foundation import clock, regions, sealing, wording
from foundation.refusals import Forbidden, Invalid
from network.contacts import notes
from network.offers import filling
from network.offers.filling import AMOUNT_MAX, NAME_MAX_CHARACTERS, STAFF_MAX
from network.offers.matching import A_YEAR, KINDS, LEVELS, Floors, Pay
from network.offers.models import Offer, Terms

EXCLUDED_MAX = 100
PLACES_MAX = 20
RADIUS_MAX_KM, MONTHS_MAX = 5000, 120
PADDED_BYTES = 1024
"""Sealed terms are a multiple of this long, so that their length tells next to nothing."""


class TermsWrong(Invalid):
    code = "terms-wrong"
    message = _("Something in these terms cannot be meant: %(what)s.")


class NotYourTerms(Forbidden):
    code = "not-your-terms"
    message = _("Terms are private: only the member they belong to reads them.")


def of(member: Member, *, by: Member) -> Floors:
    """The member's own terms, for the member. Raises `NotYourTerms` for everybody else, moderators too."""
    if by.pk != member.pk:
        raise NotYourTerms
    return _opened(member)


def for_the_matcher(member: Member) -> Floors:
    """The terms as the worker needs them to decide about one offer: `excluded` with all names the house knows.

    `settling` alone calls this, and no page imports `settling` (tests/offers/test_terms.py holds both).
    """
    floors = _opened(member)
    return replace(floors, excluded=tuple(filling.known_names(floors.excluded))) if floors.excluded else floors


def question_of(member: Member) -> str:
    """What a sender is asked to answer; shown to whoever fills in an offer for this member."""
    return Terms.objects.filter(member=member).values_list("question", flat=True).first() or ""


@transaction.atomic
def change(member: Member, floors: Floors, *, question: str = "") -> None:
    """From now on offers are held to these floors. Nobody else can tell that they changed. Raises `TermsWrong`."""
    values = {
        "sealed": seal(member, asdict(_checked(floors))),
        "question": notes.check(question),
        "changed_at": clock.now(),
    }
    Terms.objects.update_or_create(member=member, defaults=values)


def seal(member: Member, kept: dict[str, Any]) -> str:
    """As it lies in the database: under the member's own key, bound to their row, padded."""
    text = json.dumps(kept).encode()
    padded = text.ljust(-(-len(text) // PADDED_BYTES) * PADDED_BYTES)
    return sealing.seal(padded, where=_where(member), key=keys.data_key(member))


def _where(member: Member) -> str:
    return f"offers_terms:sealed:{member.ledger_id}"


def _opened(member: Member) -> Floors:
    row = Terms.objects.filter(member=member).first()
    return unsealed(row.sealed, member) if row else Floors()


def unsealed(sealed: str, member: Member) -> Floors:
    """Raises `sealing.Broken` for what was changed, or sealed for somebody else."""
    kept: dict[str, Any] = json.loads(sealing.open_(sealed, where=_where(member), key=keys.data_key(member)))
    for name in ("pay", "budget_min"):
        kept[name] = Pay(**kept[name]) if kept[name] else None
    for name in ("places", "kinds", "excluded"):
        kept[name] = tuple(kept[name])
    return Floors(**kept)


# ── which terms an offer met tells of them, so it is sealed like them ──
def seal_met(offer: Offer, met: Iterable[str]) -> str:
    key = keys.data_key(offer.recipient)
    return sealing.seal(json.dumps(list(met)).ljust(128).encode(), where=_where_met(offer), key=key)


def met_by(offer: Offer, *, by: Member) -> list[str]:
    """Codes of the recipient's terms that the offer met, for the recipient. Raises `NotYourTerms` for others."""
    if by.pk != offer.recipient_id:
        raise NotYourTerms
    if not offer.sealed_met:
        return []
    met: list[str] = json.loads(sealing.open_(offer.sealed_met, where=_where_met(offer), key=keys.data_key(by)))
    return met


def _where_met(offer: Offer) -> str:
    return f"offers_offer:met:{offer.public_id}"


def _checked(floors: Floors) -> Floors:
    """Names in one line, codes upper case, each once; everything in its range."""
    for what, is_wrong in _wrong(floors).items():
        if is_wrong:
            raise TermsWrong(what=what)
    names = (" ".join(wording.clean(name).split())[:NAME_MAX_CHARACTERS] for name in floors.excluded)
    excluded = {organisations.fold(name): name for name in names}
    places = dict.fromkeys(regions.code(place) for place in floors.places)
    return replace(floors, places=tuple(places), excluded=tuple(name for folded, name in excluded.items() if folded))


def _wrong(floors: Floors) -> dict[Promise, bool]:
    share = floors.remote_min_percent
    return {
        _("pay"): not _is_pay(floors.pay),
        _("level"): floors.level not in ("", *LEVELS),
        _("people led"): not 0 <= floors.staff_min <= STAFF_MAX,
        _("budget"): not _is_pay(floors.budget_min),
        _("place and remote share"): not all(map(regions.code, floors.places)) or not 0 <= (share or 0) <= 100,
        _("radius"): not 0 <= floors.radius_km <= RADIUS_MAX_KM,
        _("kind of contract"): bool(set(floors.kinds) - set(KINDS)),
        _("time since the last change"): not 0 <= floors.not_within_months <= MONTHS_MAX,
        _("too many of one kind"): len(floors.excluded) > EXCLUDED_MAX or len(floors.places) > PLACES_MAX,
    }


def _is_pay(pay: Pay | None) -> bool:
    if pay is None:
        return True
    return 0 <= pay.amount <= AMOUNT_MAX and pay.period in A_YEAR and pay.currency in settings.OFFER_RATES
