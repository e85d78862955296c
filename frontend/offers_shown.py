"""An offer in words, for both sides: what the form says, and for its recipient why it arrived.

`written` reads what the sender filled in and nothing else, so that no page of the sender's can tell more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import months
from accounts.models import EntryKind
from network.messages import threads
from network.messages.truth import TruthLine, line
from network.offers import matching
from network.offers.filling import Form
from network.offers.models import Offer
from network.offers.records import Record

LEVELS = {
    "junior": gettext_lazy("junior"),
    "professional": gettext_lazy("professional"),
    "senior": gettext_lazy("senior"),
    "lead": gettext_lazy("team or technical lead"),
    "head": gettext_lazy("head of a department"),
    "executive": gettext_lazy("management board"),
}
KINDS = {
    "permanent": gettext_lazy("permanent"),
    "fixed-term": gettext_lazy("fixed term"),
    "part-time": gettext_lazy("part time"),
    "freelance": gettext_lazy("freelance"),
    "interim": gettext_lazy("interim"),
}
PERIODS = {
    "hour": gettext_lazy("an hour"),
    "day": gettext_lazy("a day"),
    "month": gettext_lazy("a month"),
    "year": gettext_lazy("a year"),
}


@dataclass(frozen=True)
class Written:
    """What the sender wrote, in words: `facts` are pairs of a name and a value."""

    role: str
    employer: str
    facts: list[tuple[str, str]]
    mandate: str
    why: str
    answer: str
    fits: str


def written(offer: Offer) -> Written:
    form = Form(**offer.form)
    facts = [
        (_("Pay"), pay(form)),
        (_("Level"), str(LEVELS[form.level])),
        (_("Contract"), str(KINDS[form.kind])),
        (_("Place"), form.place),
        (_("Remote share"), _("%(percent)d %%") % {"percent": form.remote_percent}),
        (_("People led"), number_format(form.staff, force_grouping=True) if form.staff else ""),
        (_("Budget"), _amount(form.budget, form.currency, "year") if form.budget else ""),
        (_("Agency"), form.agency),
    ]
    return Written(
        role=form.role,
        employer=form.employer,
        facts=[fact for fact in facts if fact[1]],
        mandate=form.mandate,
        why=form.why,
        answer=form.answer,
        fits=fits(offer),
    )


def pay(form: Form) -> str:
    """`84,000 – 96,000 EUR a year`, in the reader's way of writing numbers."""
    low, high = (number_format(amount, force_grouping=True) for amount in (form.pay_low, form.pay_high))
    return f"{low} – {high} {form.currency} {PERIODS[form.period]}"


def _amount(amount: int, currency: str, period: str) -> str:
    return f"{number_format(amount, force_grouping=True)} {currency} {PERIODS[period]}"


def fits(offer: Offer) -> str:
    """The entry that the offer names, as it stood then: `Acme Werke, Optics · engineer · April 2001 – June 2004`."""
    kept = offer.snapshot
    if not kept:
        return ""
    span = months.span(kept["starts"], kept["ends"], starts_exact=kept["starts_exact"], ends_exact=kept["ends_exact"])
    place = f"{kept['organisation']}, {kept['unit']}" if kept["unit"] else kept["organisation"]
    return " · ".join(filter(None, (str(EntryKind(kept["kind"]).label), place, kept["title"], span)))


def terms(codes: Iterable[str]) -> list[str]:
    return [str(matching.TERMS[code]) for code in codes if code in matching.TERMS]


def truth(offer: Offer) -> TruthLine | None:
    """What the server knows of the two before an answer: an offer is a first message. Later the thread tells."""
    if not offer.is_open:
        return None
    form = Form(**offer.form)
    met = threads.met_before(offer.sender, offer.recipient, came_by=None)
    return line(*met, words="\n".join((form.mandate, form.why, form.answer)))


def record(of: Record | None) -> str:
    """`range kept 7 of 9`; nothing below five cases."""
    return _("range kept %(kept)d of %(cases)d") % {"kept": of.kept, "cases": of.cases} if of else ""


def currencies() -> list[tuple[str, str]]:
    return [(code, code) for code in settings.OFFER_RATES]
