"""Forms of threads: writing, appealing."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from frontend.forms_asking import KeptForm
from network.messages import editing, files, pitches, proofreading, purposes, threads
from network.messages.hints import Hint
from network.messages.models import Message, Pitch, Purpose, Thread


class PurposeSelect(forms.Select):
    """Purposes that need a form of their own are there to be seen, not to be picked."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if not purposes.has_a_form(str(value)):
            option["attrs"]["disabled"] = True
        return option


class WriteForm(KeptForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your message"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": settings.MESSAGE_MAX_CHARACTERS}),
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=Purpose.choices,
        required=False,
        widget=PurposeSelect,
        help_text=_("An offer goes through the form on a person's page, a promotion into an open call."),
    )
    as_is = forms.BooleanField(required=False)
    file = forms.FileField(
        label=_("A file"),
        required=False,
        help_text=_("PNG, JPEG, WebP, PDF or plain text. Pictures are sent without place, date and camera."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp,.pdf,.txt,.csv,.md"}),
    )

    def __init__(self, data: Any = None, sent: Any = None, *, draft: str = "", draft_url: str = "") -> None:
        """`draft`: what was begun and not sent; at `draft_url` it is kept while it is written, where script runs."""
        super().__init__(data, sent, initial={"key": uuid.uuid4(), "purpose": Purpose.PERSONAL, "text": draft})
        if draft_url:
            self.fields["text"].widget.attrs |= {
                "hx-post": draft_url,
                "hx-trigger": "input changed delay:2s",
                "hx-target": "#draft-kept",
                "hx-sync": "closest form:abort",
            }

    def hint(self, writer: Member, other: Member, thread: Thread | None) -> Hint | None:
        """What the text reads like, once: who has seen it and sends it as it is, is not asked again. None where it
        would be refused anyway."""
        return None if self.cleaned_data["as_is"] else hint_for(writer, other, self.cleaned_data["text"], thread)

    def send(self, writer: Member, other: Member) -> Message | None:
        values, file = self.cleaned_data, self.cleaned_data["file"]
        return self.carry_out(
            threads.write,
            writer,
            other,
            text=values["text"],
            key=str(values["key"]),
            purpose=values["purpose"] or Purpose.PERSONAL,
            file=files.Given(file.name, file.read()) if file else None,
        )


def hint_for(writer: Member, other: Member, text: str, thread: Thread | None) -> Hint | None:
    """What the text reads like; None where it would be refused anyway."""
    position = threads.position(writer, other)
    if not position.may_write or (position.quiet and purposes.weigh(text).carries):
        return None
    return proofreading.hint_for(writer, other, text, thread=thread)


class EditForm(KeptForm):
    text = forms.CharField(
        label=_("Your message"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": settings.MESSAGE_MAX_CHARACTERS}),
    )
    as_is = forms.BooleanField(required=False)

    def hint(self, message: Message, other: Member) -> Hint | None:
        """As before sending: an edit is no way around it."""
        if self.cleaned_data["as_is"]:
            return None
        return proofreading.hint_for(message.writer, other, self.cleaned_data["text"], thread=None)

    def save(self, message: Message, *, by: Member) -> bool:
        self.carry_out(editing.edit, message, by=by, text=self.cleaned_data["text"])
        return not self.errors


class AppealForm(KeptForm):
    text = forms.CharField(
        label=_("Why was this not a pitch?"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000, "data-count": True}),
        help_text=_("Once, at most 2000 characters. A moderator reads it with the message."),
    )

    def send(self, pitch: Pitch, *, by: Member) -> bool:
        self.carry_out(pitches.appeal, pitch, by=by, text=self.cleaned_data["text"])
        return not self.errors
