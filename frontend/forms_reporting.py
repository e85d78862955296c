"""Telling moderators that something is wrong."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from frontend.forms_asking import KeptForm
from network.contacts.models import Request
from network.messages.models import Message, Promotion
from network.moderation import reports


class ReportForm(KeptForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What is wrong?"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": reports.WORDS_MAX_CHARACTERS, "data-count": True}),
        help_text=_("A few sentences, at most 2000 characters. Only moderators read them."),
    )

    tell_their_server = forms.BooleanField(
        label=_("Also tell the moderators of their own server"),
        required=False,
        help_text=_("They get your words and what you report, and never your name."),
    )

    def __init__(self, data: Any = None, *, about: Member) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        if about.host:
            self.fields["tell_their_server"].label = _("Also tell the moderators of %(server)s") % {
                "server": about.host
            }
        else:
            del self.fields["tell_their_server"]

    def send(
        self,
        reporter: Member,
        about: Member,
        *,
        message: Message | None = None,
        request: Request | None = None,
        promotion: Promotion | None = None,
    ) -> bool:
        values = self.cleaned_data
        self.carry_out(
            reports.report,
            reporter,
            about,
            words=values["words"],
            key=str(values["key"]),
            message=message,
            request=request,
            promotion=promotion,
            tell_their_server=values.get("tell_their_server", False),
        )
        return not self.errors
