"""Forms: they read what was typed, ask the verb, and keep every word when the answer is no."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from allauth.account.forms import SignupForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import signup
from accounts.models import Account
from foundation.refusals import Refusal

P = ParamSpec("P")
T = TypeVar("T")


class AskingForm(forms.Form):
    """A form whose verb may refuse: the refusal is shown above the fields and nothing typed is lost."""

    status = 200

    def carry_out(self, verb: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What the verb returns, or None with the refusal among the form's errors and in `status`."""
        try:
            return verb(*args, **kwargs)
        except Refusal as refusal:
            self.add_error(None, str(refusal))
            self.status = refusal.status
            return None


class JoinForm(SignupForm):  # type: ignore[misc]  # allauth ships no types
    """Name and handle beside the address; nothing tells whether the address has an account (threat 17)."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("You decide who sees it. People you ask for contact always do."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    handle = forms.CharField(
        label=_("Handle"),
        max_length=30,
        help_text=_("Small letters, digits and underscores: how others address you here."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("name", "handle", "email", "password1")

    def clean_name(self) -> str:
        return _said(signup.check_name, self.cleaned_data["name"])

    def clean_handle(self) -> str:
        return _said(signup.check_handle, self.cleaned_data["handle"])

    def save(self, request: HttpRequest) -> Account:
        account: Account = super().save(request)
        signup.join(account, handle=self.cleaned_data["handle"], name=self.cleaned_data["name"])
        return account


def _said(check: Callable[[str], str], text: str) -> str:
    """A verb's check as a field's: the refusal is shown beside the field."""
    try:
        return check(text)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal)) from None
