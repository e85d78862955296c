"""Forms around public vouches: giving one, choosing who sees it, verifying a credential."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, Visibility
from foundation import strict_json
from foundation.refusals import Invalid
from frontend import requests_shown
from frontend.forms_asking import KeptForm
from frontend.forms_profile import Circle
from vetting import contexts, vouches
from vetting.models import Vouch

PASTED = {"rows": 6, "spellcheck": "false", "autocomplete": "off", "class": "pasted"}


class NoSuchCircle(Invalid):
    code = "vouch-circle"
    message = _("Choose who sees the vouch: only you, your contacts, members, or everyone.")


class OfferForm(KeptForm):
    """`voucher` vouches for `subject`: where they worked together, and one sentence."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    entry = forms.ChoiceField(
        label=_("Where did you work together?"),
        widget=forms.RadioSelect,
        help_text=_("The vouch names this entry of yours to whoever sees it, also if it is otherwise hidden."),
        error_messages={
            "required": vouches.NoContextForVouch.message,
            "invalid_choice": vouches.NoContextForVouch.message,
        },
    )
    sentence = forms.CharField(
        label=_("One sentence in your own words"),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True, "maxlength": settings.SENTENCE_MAX_CHARACTERS}),
        help_text=_("What you remember, and that you would take their call. Without links or phone numbers."),
    )

    def __init__(self, data: Any = None, *, voucher: Member, subject: Member) -> None:
        self.voucher, self.subject = voucher, subject
        self.entries = {str(one.public_id): one for one in voucher.entries.select_related("organisation", "unit")}
        super().__init__(data, initial={"key": uuid.uuid4(), "entry": self._shared()})
        choices = [(value, requests_shown.place_of(entry)) for value, entry in self.entries.items()]
        self.fields["entry"].choices = choices  # type: ignore[attr-defined]

    def _shared(self) -> str:
        """The entry at the organisation where both said they were, if there is one."""
        known = contexts.confirmation(self.voucher, self.subject)
        if known is None:
            return ""
        named = (value for value, entry in self.entries.items() if entry.organisation_id == known.organisation_id)
        return next(named, "")

    def send(self) -> Vouch | None:
        return self.carry_out(
            vouches.offer,
            self.voucher,
            self.subject,
            entry=self.entries[self.cleaned_data["entry"]],
            sentence=self.cleaned_data["sentence"],
            key=str(self.cleaned_data["key"]),
        )


class CircleForm(forms.Form):
    """Who sees a vouch. Only its subject is chosen beforehand."""

    visible_to = Circle(None, initial=Visibility.ME, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, vouch: Vouch) -> None:
        super().__init__(data, auto_id=f"id_%s_{vouch.public_id}", initial={"visible_to": vouch.visible_to})
        if vouch.issued_at:
            self.fields["visible_to"].widget = forms.Select(choices=Visibility.choices)

    def chosen(self) -> int:
        """The circle; raises `NoSuchCircle`."""
        if not self.is_valid():
            raise NoSuchCircle
        return int(self.cleaned_data["visible_to"])


class VerifyForm(KeptForm):
    """A credential, pasted or as a file; perhaps with the list of withdrawn vouches. `credential` and `status` of the
    cleaned data are bytes."""

    text = forms.CharField(label=_("The credential, pasted"), required=False, widget=forms.Textarea(attrs=PASTED))
    file = forms.FileField(label=_("or as a file"), required=False)
    status_text = forms.CharField(
        label=_("List of withdrawn vouches, pasted"), required=False, widget=forms.Textarea(attrs={**PASTED, "rows": 3})
    )
    status_file = forms.FileField(label=_("or as a file"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["credential"] = self._given("text", "file")
        values["status"] = self._given("status_text", "status_file")
        if not values["credential"] and not self.errors:
            self.add_error("text", _("Paste a credential, or choose its file."))
        return values

    def _given(self, text: str, file: str) -> bytes:
        pasted, uploaded = self.cleaned_data.get(text) or "", self.cleaned_data.get(file)
        if pasted and uploaded:
            self.add_error(file, _("Either paste it or choose a file, not both."))
            return b""
        raw = bytes(uploaded.read(strict_json.MOST_BYTES + 1)) if uploaded else pasted.encode(errors="replace")
        if len(raw) > strict_json.MOST_BYTES:
            self.add_error(file if uploaded else text, _("This is larger than 256 KiB, and no credential is."))
            return b""
        return raw
