"""A token: its name, what it may do, how long it works."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import tokens
from accounts.models import Member, Scope, Token
from frontend.forms_asking import KeptForm


class TokenForm(KeptForm):
    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("What uses it, and where: by this you will know it again.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As little as it needs. It can never do more than you can on the pages."),
    )
    days = forms.TypedChoiceField(label=_("How long it works"), coerce=int, widget=forms.RadioSelect)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(count)d day", "%(count)d days", days) % {"count": days}) for days in tokens.DAYS
        ]

    def typed(self) -> str:
        """What was typed, as the query of the page that shows it again."""
        names = ("name", "scopes", "days")
        return urlencode({name: self[name].value() or "" for name in names}, doseq=True)

    def make(self, member: Member) -> tuple[Token, str] | None:
        values = self.cleaned_data
        return self.carry_out(tokens.make, member, name=values["name"], scopes=values["scopes"], days=values["days"])
