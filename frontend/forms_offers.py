"""An offer as its sender fills it in: always a form, one person at a time."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import visibility
from accounts.models import Entry, Member
from foundation import regions
from frontend import entry_lines, offers_shown
from frontend.forms_asking import KeptForm
from network.offers import envelopes, filling, terms
from network.offers.filling import NAME_MAX_CHARACTERS, Form
from network.offers.models import Offer

AMOUNT = {"inputmode": "numeric", "autocomplete": "off"}
RANGE_PERCENT = settings.OFFER_RANGE_PERCENT - 100


class RegionField(forms.CharField):
    """A plain region code, upper case."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value).strip()
        if typed and not regions.code(typed):
            raise forms.ValidationError(_("Write a region code, such as DE, DE-NW or DE-NW-KOELN."))
        return regions.code(typed)


class OfferForm(KeptForm):
    """Offering `recipient` a role. Which of their entries it fits is chosen from what the sender may see of them."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    employer = forms.CharField(
        label=_("Employer"),
        required=False,
        max_length=NAME_MAX_CHARACTERS,
        help_text=_("Leave it empty if it is confidential. Most terms refuse that."),
    )
    agency = forms.CharField(
        label=_("Agency"),
        required=False,
        max_length=NAME_MAX_CHARACTERS,
        help_text=_("If you do not write for the employer yourself."),
    )
    role = forms.CharField(label=_("Role"), max_length=NAME_MAX_CHARACTERS)
    level = forms.ChoiceField(label=_("Level"), choices=[("", "—"), *offers_shown.LEVELS.items()])
    kind = forms.ChoiceField(label=_("Contract"), choices=[("", "—"), *offers_shown.KINDS.items()])
    pay_low = forms.IntegerField(label=_("Pay from"), min_value=1, widget=forms.TextInput(attrs=AMOUNT))
    pay_high = forms.IntegerField(label=_("Pay to"), min_value=1, widget=forms.TextInput(attrs=AMOUNT))
    currency = forms.ChoiceField(label=_("Currency"))
    period = forms.ChoiceField(label=_("Period"), choices=list(offers_shown.PERIODS.items()), initial="year")
    place = RegionField(
        label=_("Place"),
        max_length=regions.MAX_CHARACTERS,
        help_text=_("As a region code: DE-NW, or narrower, DE-NW-KOELN."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "DE-NW"}),
    )
    remote_percent = forms.IntegerField(
        label=_("Remote share in percent"),
        min_value=0,
        max_value=100,
        initial=0,
        widget=forms.TextInput(attrs=AMOUNT),
    )
    staff = forms.IntegerField(
        label=_("People led"),
        required=False,
        min_value=0,
        max_value=filling.STAFF_MAX,
        widget=forms.TextInput(attrs=AMOUNT),
    )
    budget = forms.IntegerField(
        label=_("Budget a year, in the same currency"),
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs=AMOUNT),
    )
    mandate = forms.CharField(
        label=_("The mandate"),
        max_length=settings.OFFER_MANDATE_MAX_CHARACTERS,
        help_text=_("What is to be done, for whom, and who decides. No links, addresses or phone numbers."),
        widget=forms.Textarea(attrs={"rows": 6, "data-count": True}),
    )
    entry = forms.ChoiceField(label=_("Which of their entries does the role fit?"), widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Why does it fit?"),
        max_length=settings.SENTENCE_MAX_CHARACTERS,
        help_text=_("One sentence that could be about nobody else."),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True}),
    )
    answer = forms.CharField(
        required=False,
        max_length=settings.SENTENCE_MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True}),
    )

    def __init__(self, data: Any = None, *, sender: Member, recipient: Member) -> None:
        self.sender, self.recipient = sender, recipient
        self.entries = {str(entry.public_id): entry for entry in visibility.entries(recipient, sender)}
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.fields["currency"].choices = offers_shown.currencies()  # type: ignore[attr-defined]
        self.fields["entry"].choices = [(key, _line(entry)) for key, entry in self.entries.items()]  # type: ignore[attr-defined]
        question = terms.question_of(recipient)
        if question:
            self.fields["answer"].label = question
            self.fields["answer"].required = True
        else:
            del self.fields["answer"]

    def send(self) -> Offer | None:
        said = dict(self.cleaned_data)
        key, entry = str(said.pop("key")), self.entries[said.pop("entry")]
        form = Form(**{**said, "staff": said["staff"] or 0, "budget": said["budget"] or 0})
        return self.carry_out(envelopes.send, self.sender, self.recipient, form, entry=entry, key=key)


def _line(entry: Entry) -> str:
    line = entry_lines.line(entry)
    place = f"{line.organisation}, {line.unit}" if line.unit else line.organisation
    return " · ".join(filter(None, (place, line.title, line.months)))
