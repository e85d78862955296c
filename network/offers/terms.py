"""A member's terms: written by the member, sealed under the member's key, read by the matcher and the member alone."""

import json
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import keys, organisations
from accounts.models import Member
from foundation import clock, regions, sealing
from foundation.refusals import Forbidden, Invalid
from network.contacts import notes
from network.offers.matching import A_YEAR, KINDS, LEVELS, Floors, Pay
from network.offers.models import Terms

EXCLUDED_MAX = 100
PLACES_MAX = 20


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
    return _opened(Terms.objects.filter(member=member).first(), member)


def for_the_matcher(member: Member) -> Floors:
    """The terms as the worker needs them to decide about one offer. No page and no API calls this (a test holds it)."""
    return _opened(Terms.objects.filter(member=member).first(), member)


def question_of(member: Member) -> str:
    """What a sender is asked to answer; shown to whoever fills in an offer for this member."""
    return Terms.objects.filter(member=member).values_list("question", flat=True).first() or ""


@transaction.atomic
def change(member: Member, floors: Floors, *, question: str = "") -> None:
    """From now on offers are held to these floors. Nobody else can tell that they changed. Raises `TermsWrong`."""
    kept = _checked(floors)
    text = notes.check(question)
    sealed = sealing.seal(json.dumps(asdict(kept)).encode(), where=_where(member), key=keys.data_key(member))
    Terms.objects.update_or_create(
        member=member, defaults={"sealed": sealed, "question": text, "changed_at": clock.now()}
    )


def _where(member: Member) -> str:
    return f"offers_terms:sealed:{member.ledger_id}"


def _opened(row: Terms | None, member: Member) -> Floors:
    if row is None:
        return Floors()
    kept: dict[str, Any] = json.loads(sealing.open_(row.sealed, where=_where(member), key=keys.data_key(member)))
    for name in ("pay", "budget_min"):
        kept[name] = Pay(**kept[name]) if kept[name] else None
    for name in ("places", "kinds", "excluded"):
        kept[name] = tuple(kept[name])
    return Floors(**kept)


def _checked(floors: Floors) -> Floors:
    """Names folded with all their known other names' forms, codes upper case; everything in its range."""
    for pay in (floors.pay, floors.budget_min):
        if pay and (pay.amount < 0 or pay.period not in A_YEAR or pay.currency not in settings.OFFER_RATES):
            raise TermsWrong(what=_("pay"))
    if floors.level and floors.level not in LEVELS:
        raise TermsWrong(what=_("level"))
    if set(floors.kinds) - set(KINDS):
        raise TermsWrong(what=_("kind of contract"))
    share = floors.remote_min_percent
    if (share is not None and not 0 <= share <= 100) or floors.radius_km < 0 or floors.staff_min < 0:
        raise TermsWrong(what=_("place and remote share"))
    if not all(regions.code(place) for place in floors.places if place.strip()):
        raise TermsWrong(what=_("place and remote share"))
    if len(floors.excluded) > EXCLUDED_MAX or len(floors.places) > PLACES_MAX or floors.not_within_months < 0:
        raise TermsWrong(what=_("too many of one kind"))
    places = tuple(dict.fromkeys(filter(None, map(regions.code, floors.places))))
    excluded = tuple(dict.fromkeys(organisations.fold(name) for name in floors.excluded if organisations.fold(name)))
    return replace(floors, places=places, excluded=excluded)
