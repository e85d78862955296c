"""A member's own terms, as they fill them in. Everything may stay empty; nothing reaches them until they say so."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import regions
from frontend import offers_shown
from frontend.forms_asking import KeptForm
from frontend.forms_offers import AMOUNT
from network.offers import filling, terms
from network.offers.matching import Floors, Pay

SHARES = [
    ("", _("does not count by itself")),
    *((str(share), format_lazy(_("counts from {percent} percent on"), percent=share)) for share in (20, 40, 60, 80)),
    ("100", _("counts if all of it is remote")),
]


def _number(label: Any, most: int, **more: Any) -> forms.IntegerField:
    field = forms.TextInput(attrs=AMOUNT)
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, widget=field, **more)


class TermsForm(KeptForm):
    wanted = forms.BooleanField(
        label=_("Offers may reach me"),
        required=False,
        help_text=_("Off: no offer reaches you at all, and those who send one cannot tell."),
    )
    pay = _number(_("Pay, at least"), filling.AMOUNT_MAX)
    currency = forms.ChoiceField(label=_("Currency"))
    period = forms.ChoiceField(label=_("Period"), choices=list(offers_shown.PERIODS.items()))
    level = forms.ChoiceField(
        label=_("Level, at least"), required=False, choices=[("", _("any")), *offers_shown.LEVELS.items()]
    )
    staff = _number(_("People led, at least"), filling.STAFF_MAX)
    budget = _number(_("Budget a year, at least"), filling.AMOUNT_MAX)
    places = forms.CharField(
        label=_("Places"),
        required=False,
        max_length=1000,
        help_text=_("Region codes, parted by commas: DE-NW, AT, CH-ZH. A broad one covers all that lies in it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "DE-NW, DE-HH"}),
    )
    radius = _number(
        _("Radius around them, in kilometres"),
        terms.RADIUS_MAX_KM,
        help_text=_("Counts for places that this server's table knows."),
    )
    remote = forms.ChoiceField(
        label=_("Remote work, wherever the place is"),
        required=False,
        choices=SHARES,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Contracts"),
        required=False,
        choices=list(offers_shown.KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: any."),
    )
    excluded = forms.CharField(
        label=_("Not from these employers and agencies"),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line. Their other names known here count too, and so does “Acme Germany” for “Acme”."),
    )
    confidential = forms.BooleanField(
        label=_("The employer may stay confidential"),
        required=False,
        help_text=_("Off: an offer that does not name the employer does not reach you."),
    )
    months = _number(_("Not within how many months after I began a new job?"), terms.MONTHS_MAX)
    question = forms.CharField(
        label=_("A question to everybody who sends an offer"),
        required=False,
        max_length=settings.NOTE_MAX_CHARACTERS,
        help_text=_("This one is shown: whoever fills in an offer for you has to answer it. It shows who has read."),
    )

    def __init__(self, data: Any = None, *, member: Member) -> None:
        self.member = member
        super().__init__(data, initial=_said(terms.of(member, by=member), terms.question_of(member)))
        self.fields["currency"].choices = offers_shown.currencies()  # type: ignore[attr-defined]
        if not settings.OFFER_PLACES:
            del self.fields["radius"]

    def clean_places(self) -> tuple[str, ...]:
        typed = [one for one in re.split(r"[,;\s]+", self.cleaned_data["places"]) if one]
        wrong = [one for one in typed if not regions.code(one)]
        if wrong:
            raise forms.ValidationError(
                _("“%(code)s” is no region code. Write it like DE, DE-NW or DE-NW-KOELN.") % {"code": wrong[0]}
            )
        return tuple(typed)

    def floors(self) -> Floors:
        said = self.cleaned_data
        currency, period = said["currency"], said["period"]
        return Floors(
            wanted=said["wanted"],
            pay=Pay(amount=said["pay"], currency=currency, period=period) if said["pay"] else None,
            level=said["level"],
            staff_min=said["staff"] or 0,
            budget_min=Pay(amount=said["budget"], currency=currency, period="year") if said["budget"] else None,
            places=said["places"],
            radius_km=said.get("radius") or 0,
            remote_min_percent=int(said["remote"]) if said["remote"] else None,
            kinds=tuple(said["kinds"]),
            excluded=tuple(said["excluded"].splitlines()),
            confidential=said["confidential"],
            not_within_months=said["months"] or 0,
        )

    def save(self) -> bool:
        self.carry_out(terms.change, self.member, self.floors(), question=self.cleaned_data["question"])
        return not self.errors


def _said(floors: Floors, question: str) -> dict[str, Any]:
    """The terms as the form shows them."""
    money = floors.pay or floors.budget_min
    share = floors.remote_min_percent
    return {
        "wanted": floors.wanted,
        "pay": floors.pay.amount if floors.pay else None,
        "currency": money.currency if money else None,
        "period": floors.pay.period if floors.pay else "year",
        "level": floors.level,
        "staff": floors.staff_min or None,
        "budget": floors.budget_min.amount if floors.budget_min else None,
        "places": ", ".join(floors.places),
        "radius": floors.radius_km or None,
        "remote": "" if share is None else str(share),
        "kinds": list(floors.kinds),
        "excluded": "\n".join(floors.excluded),
        "confidential": floors.confidential,
        "months": floors.not_within_months or None,
        "question": question,
    }
