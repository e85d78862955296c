"""The form of an offer: what a sender fills in, checked, and what role that is."""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import organisations
from accounts.models import Alias
from foundation import regions, wording
from foundation.refusals import Invalid
from network.contacts import notes
from network.offers import matching
from network.offers.matching import A_YEAR, KINDS, LEVELS, Pay, Role


class OfferWrong(Invalid):
    code = "offer-wrong"
    message = _("Please look at this again: %(what)s.")


class RangeTooWide(Invalid):
    code = "offer-range"
    message = _("The upper end of the pay may be at most %(percent)d %% of the lower one.")


class QuestionUnanswered(Invalid):
    code = "offer-question"
    message = _("This member asks every sender a question. Please answer it.")


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a sender fills in. `employer` empty: confidential. Pay in whole units; `place` a region code."""

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
    """What makes two offers the same role: folded employer, the words of the title, the place."""
    return {
        "employer": main_name(form.employer),
        "title": list(matching.title_words(organisations.fold(form.role))),
        "place": form.place,
    }


def main_name(name: str) -> str:
    """The folded main name of an employer, by whatever name it is known here; empty for a confidential one."""
    folded = organisations.fold(name) if name else ""
    known = Alias.objects.select_related("organisation").filter(folded=folded).first() if folded else None
    return organisations.fold(known.organisation.name) if known else folded


def checked(form: Form, *, question: str) -> Form:
    """The form as it is kept. Texts hold no links, addresses or phone numbers."""
    wrong = {
        _("level"): form.level not in LEVELS,
        _("kind of contract"): form.kind not in KINDS,
        _("pay"): form.period not in A_YEAR or form.currency not in settings.OFFER_RATES or not form.pay_low > 0,
        _("place and remote share"): not regions.code(form.place) or not 0 <= form.remote_percent <= 100,
        _("people led"): form.staff < 0,
        _("budget"): form.budget < 0,
    }
    for what, is_wrong in wrong.items():
        if is_wrong:
            raise OfferWrong(what=what)
    percent = settings.OFFER_RANGE_PERCENT
    if not form.pay_low <= form.pay_high or form.pay_high * 100 > form.pay_low * percent:
        raise RangeTooWide(percent=percent)
    if question and not form.answer.strip():
        raise QuestionUnanswered
    return Form(
        **{
            **asdict(form),
            "employer": " ".join(wording.clean(form.employer).split())[:120],
            "agency": " ".join(wording.clean(form.agency).split())[:120],
            "role": notes.check(form.role, limit=120, needed=True),
            "place": regions.code(form.place),
            "mandate": notes.check(form.mandate, limit=settings.OFFER_MANDATE_MAX_CHARACTERS, needed=True),
            "why": notes.check(form.why, limit=settings.SENTENCE_MAX_CHARACTERS, needed=True),
            "answer": notes.check(form.answer, limit=settings.SENTENCE_MAX_CHARACTERS),
        }
    )


def as_role(form: Form) -> Role:
    budget = Pay(amount=form.budget, currency=form.currency, period="year") if form.budget else None
    return Role(
        employer=main_name(form.employer),
        agency=main_name(form.agency),
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
