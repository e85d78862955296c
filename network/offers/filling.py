"""The form of an offer: what a sender fills in, checked, and what role that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import organisations
from accounts.models import Alias
from foundation import regions, wording
from foundation.refusals import Invalid
from network.contacts import notes
from network.offers import sameness
from network.offers.matching import A_YEAR, KINDS, LEVELS, Pay, Role

NAME_MAX_CHARACTERS = 120
AMOUNT_MAX, STAFF_MAX = 10**12, 10**6


class OfferWrong(Invalid):
    code = "offer-wrong"
    message = _("Please look at this again: %(what)s.")


class RangeTooWide(Invalid):
    code = "offer-range"
    message = _("The upper end of the pay may lie at most %(percent)d %% above the lower one.")


class QuestionUnanswered(Invalid):
    code = "offer-question"
    message = _("This member asks every sender a question. Please answer it.")


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a sender fills in. `employer` empty: confidential. Pay in whole units; `place` a region code.

    `budget` is a year's, in the currency of the pay.
    """

    employer: str
    role: str
    level: str
    pay_low: int
    pay_high: int
    currency: str
    period: str
    place: str
    remote_percent: int
    kind: str
    mandate: str
    why: str
    staff: int = 0
    budget: int = 0
    agency: str = ""
    answer: str = ""


def identity(form: Form) -> dict[str, object]:
    """What makes two offers the same role: folded employer, the words of the title, the place. Letters of other scripts
    that look like Latin ones make nothing another."""
    return {
        "employer": main_name(form.employer),
        "title": list(sameness.title_words(_look(form.role))),
        "place": form.place,
    }


def is_offered_in(role: Mapping[str, object], earlier: Iterable[Mapping[str, object]]) -> bool:
    """One of the earlier roles is this one, by today's main names: organisations are merged and parted meanwhile."""
    others = list(earlier)
    mains = main_names({str(one["employer"]) for one in (role, *others)})
    now, *then = ({**one, "employer": mains[str(one["employer"])]} for one in (role, *others))
    return any(sameness.is_same_role(now, one) for one in then)


def main_name(name: str) -> str:
    """The folded main name of an employer, by whatever name it is known here; empty for a confidential one."""
    return main_names([name])[name]


def main_names(names: Iterable[str]) -> dict[str, str]:
    """Each name's main one, as it looks."""
    spelled = {name: (organisations.fold(name), _look(name)) for name in names}
    known = Alias.objects.filter(folded__in={one for both in spelled.values() for one in both if one})
    mains = {alias: _look(main) for alias, main in known.values_list("folded", "organisation__name")}
    return {name: mains.get(folded) or mains.get(look) or look for name, (folded, look) in spelled.items()}


def known_names(names: Iterable[str]) -> frozenset[str]:
    """The names folded, and every other name under which the house knows the same organisations, merged ones too; all
    of them also as they look, so that a Cyrillic а makes no other employer."""
    folded = {spelled for name in names for spelled in (organisations.fold(name), _look(name))} - {""}
    known = Alias.objects.filter(folded__in=folded).values("organisation")
    found = folded | set(Alias.objects.filter(organisation__in=known).values_list("folded", flat=True))
    return frozenset(found | set(map(_look, found)))


def _look(name: str) -> str:
    folded = organisations.fold(name)
    return folded if folded.isascii() else organisations.fold(wording.as_it_looks(folded))


def checked(form: Form, *, question: str) -> Form:
    """The form as it is kept. Texts hold no links, addresses or phone numbers. Raises what stands above."""
    for what, is_wrong in _wrong(form).items():
        if is_wrong:
            raise OfferWrong(what=what)
    percent = settings.OFFER_RANGE_PERCENT
    if not form.pay_low <= form.pay_high or form.pay_high * 100 > form.pay_low * percent:
        raise RangeTooWide(percent=percent - 100)
    if question and not form.answer.strip():
        raise QuestionUnanswered
    return replace(form, place=regions.code(form.place), **_texts(form))


def _wrong(form: Form) -> dict[Promise, bool]:
    """What is no level, kind, amount or place at all; keyed by how it is called on the form."""
    period, currency = form.period in A_YEAR, form.currency in settings.OFFER_RATES
    return {
        _("level"): form.level not in LEVELS,
        _("kind of contract"): form.kind not in KINDS,
        _("pay"): not (period and currency and 0 < form.pay_low <= AMOUNT_MAX and form.pay_high <= AMOUNT_MAX),
        _("place and remote share"): not (regions.code(form.place) and 0 <= form.remote_percent <= 100),
        _("people led"): not 0 <= form.staff <= STAFF_MAX,
        _("budget"): not 0 <= form.budget <= AMOUNT_MAX,
    }


def _texts(form: Form) -> dict[str, Any]:
    sentence, mandate = settings.SENTENCE_MAX_CHARACTERS, settings.OFFER_MANDATE_MAX_CHARACTERS
    return {
        "employer": _name(form.employer),
        "agency": _name(form.agency),
        "role": _line(notes.check(form.role, limit=NAME_MAX_CHARACTERS, needed=True)),
        "mandate": notes.check(form.mandate, limit=mandate, needed=True),
        "why": notes.check(form.why, limit=sentence, needed=True),
        "answer": notes.check(form.answer, limit=sentence),
    }


def _name(text: str) -> str:
    """An organisation's name; one that has no letter or digit in it is none."""
    name = _line(notes.check(text, limit=NAME_MAX_CHARACTERS))
    return name if organisations.fold(name) else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def as_role(form: Form) -> Role:
    budget = Pay(amount=form.budget, currency=form.currency, period="year") if form.budget else None
    return Role(
        is_named=bool(form.employer),
        known_as=known_names([form.employer, form.agency]),
        level=form.level,
        pay_low=form.pay_low,
        pay_high=form.pay_high,
        currency=form.currency,
        period=form.period,
        place=form.place,
        remote_percent=form.remote_percent,
        kind=form.kind,
        staff=form.staff,
        budget=budget,
    )
