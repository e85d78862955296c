"""Proving who one is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms import AskingForm


class WorkMailForm(AskingForm):
    address = forms.CharField(
        label=_("Your address at work"),
        max_length=320,
        help_text=_("At your employer's own domain. We write there once, and keep the address nowhere."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
