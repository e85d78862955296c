"""For whom a link is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms import AskingForm


class InvitationForm(AskingForm):
    label = forms.CharField(
        label=_("For whom"), max_length=80, required=False, help_text=_("A word for yourself; nobody else sees it.")
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
