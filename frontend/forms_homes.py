"""Looking for one's own account on another server."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import remotes
from accounts.models import Lookup, Member
from frontend.forms_asking import KeptForm


class HomeForm(KeptForm):
    address = forms.CharField(
        label=_("Your address there"),
        max_length=320,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("For example you@server.example."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={})

    def look_up(self, by: Member) -> Lookup | None:
        return self.carry_out(remotes.look_up, self.cleaned_data["address"], by=by)
