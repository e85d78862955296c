"""One entry, as it is typed: months as people write them, the place found by its first letters."""

import uuid
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts import months
from accounts.entries import Facts
from accounts.models import Entry, EntryKind, Visibility
from accounts.months import Month, NotAMonth
from frontend.forms import AskingForm


def _typed(into: str) -> dict[str, Any]:
    """Attributes of a field whose suggestions come while typing; without script it is a plain field."""
    return {
        "list": into,
        "autocomplete": "off",
        "hx-get": reverse_lazy("organisations"),
        "hx-trigger": "focus once, input changed delay:250ms",
        "hx-target": f"#{into}",
        "hx-include": "[name=organisation]",
    }


class EntryForm(AskingForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=EntryKind.choices)
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=120,
        help_text=_("Company, university, project, fair or list. Choose a name from the list if it is there."),
        widget=forms.TextInput(attrs=_typed("organisation-names")),
    )
    unit = forms.CharField(
        label=_("Unit or site"),
        max_length=120,
        required=False,
        help_text=_("Plant, faculty, department. At large places it has to agree before paths cross."),
        widget=forms.TextInput(attrs=_typed("unit-names")),
    )
    starts = forms.CharField(
        label=_("From"), max_length=10, widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2001-04"})
    )
    ends = forms.CharField(
        label=_("To"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2004-06"}),
    )
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    text = forms.CharField(
        label=_("What I did there"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": True}),
    )
    visible_to = forms.TypedChoiceField(
        label=_("Who sees this entry"), choices=Visibility.choices, coerce=int, widget=forms.RadioSelect
    )
    matchable = forms.BooleanField(
        label=_("May be used to find crossed paths"),
        required=False,
        help_text=_("Whoever lists the same place and time can learn that you were there."),
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def clean_starts(self) -> Month:
        return _month(self.cleaned_data["starts"], as_end=False)

    def clean_ends(self) -> Month | None:
        typed = self.cleaned_data["ends"].strip()
        return _month(typed, as_end=True) if typed else None

    def facts(self) -> Facts:
        return Facts(**{name: value for name, value in self.cleaned_data.items() if name != "key"})


def _month(text: str, *, as_end: bool) -> Month:
    try:
        return months.read(text, as_end=as_end)
    except NotAMonth as refusal:
        raise forms.ValidationError(str(refusal)) from None


def blank() -> dict[str, Any]:
    return {"key": uuid.uuid4().hex, "kind": EntryKind.EMPLOYMENT, "visible_to": Visibility.ME}


def said(entry: Entry) -> dict[str, Any]:
    """The entry as the form shows it."""
    return {
        "kind": entry.kind,
        "organisation": entry.organisation.name,
        "unit": entry.unit.name if entry.unit else "",
        "starts": months.write(entry.starts, exact=entry.starts_exact),
        "ends": months.write(entry.ends, exact=entry.ends_exact),
        "title": entry.title,
        "text": entry.text,
        "visible_to": entry.visible_to,
        "matchable": entry.matchable,
    }
