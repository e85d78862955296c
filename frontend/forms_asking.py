"""Forms around a request: asking, replying to the question back, vouching, reporting."""

import uuid
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import ties, visibility
from accounts.models import Entry, Member
from frontend import requests_shown
from frontend.forms import AskingForm
from network.contacts import answers, requests, settling, vouching
from network.contacts.models import ContextKind, Request, VouchAnswer, VouchQuestion
from vetting.contexts import Grading

ENTRY = "entry:"
SHORT = {"rows": 3, "data-count": True, "maxlength": 200}


class KeptForm(AskingForm):
    """What does not fit its fields is answered with 400, what a verb refuses with the refusal's status."""

    def is_valid(self) -> bool:
        fits = super().is_valid()
        if self.is_bound and not fits and self.status == 200:
            self.status = 400
        return fits


class AskForm(KeptForm):
    """Asking `recipient`: one context out of the asker's own, a short note, whom to ask for a vouch."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    context = forms.ChoiceField(
        label=_("What do you know each other from?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": requests.ContextNeeded.message,
            "invalid_choice": requests.ContextNeeded.message,
        },
    )
    note = forms.CharField(
        label=_("A note"),
        required=False,
        widget=forms.Textarea(attrs=SHORT),
        help_text=_("At most 200 characters, without links, addresses or phone numbers."),
    )
    vouchers = forms.MultipleChoiceField(
        label=_("Who could vouch for this request?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Up to three of your own contacts. We pass the question only to those whose contact with them is confirmed;"
            " you will always see “asked”. Whom we pass it to sees that you ask, and the context."
        ),
    )

    def __init__(self, data: Any = None, *, asker: Member, recipient: Member, wanted: str = "") -> None:
        self.asker, self.recipient = asker, recipient
        entries = asker.entries.select_related("organisation", "unit")
        self.entries = {f"{ENTRY}{entry.public_id}": entry for entry in entries}
        super().__init__(data, initial={"key": uuid.uuid4(), "context": self._first(wanted)})
        self.fields["context"].choices = self.choices  # type: ignore[attr-defined]
        self.fields["vouchers"].choices = [  # type: ignore[attr-defined]
            (str(shown.member.public_id), shown.shown_name) for shown in self._shown_contacts()
        ]

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """What can be named: own entries, then what the two share here."""
        kinds = requests.offered_contexts(self.asker, self.recipient)
        shared = [(str(kind), requests_shown.words_of(kind)) for kind in kinds if kind != ContextKind.ENTRY]
        return [*((value, requests_shown.place_of(entry)) for value, entry in self.entries.items()), *shared]

    @cached_property
    def contacts(self) -> dict[str, Member]:
        own = ties.contacts_of(self.asker).exclude(pk=self.recipient.pk)
        return {str(member.public_id): member for member in own}

    def _shown_contacts(self) -> list[visibility.Shown]:
        shown = visibility.names_for(self.asker, list(self.contacts.values()))
        return sorted(shown.values(), key=lambda person: (person.shown_name.casefold(), person.called))

    def _first(self, wanted: str) -> str:
        """The entry a link named, or the only choice there is; otherwise nothing is chosen for the asker."""
        if f"{ENTRY}{wanted}" in self.entries:
            return f"{ENTRY}{wanted}"
        return self.choices[0][0] if len(self.choices) == 1 else ""

    @classmethod
    def as_typed(cls, form: "AskForm") -> "AskForm":
        """The same words in a form that has not been sent: nothing is lost, and nothing is called wrong yet."""
        again = cls(asker=form.asker, recipient=form.recipient)
        again.initial = {name: form[name].value() for name in form.fields}
        return again

    def picked(self) -> tuple[str, Entry | None] | None:
        """The context as far as one is chosen, valid or not yet sent."""
        value = str(self["context"].value() or "")
        if value in self.entries:
            return ContextKind.ENTRY, self.entries[value]
        return (value, None) if value in dict(self.choices) else None

    def preview(self) -> Grading | None:
        picked = self.picked()
        if picked is None:
            return None
        return settling.preview(self.asker, self.recipient, context=picked[0], entry=picked[1])

    def send(self) -> Request | None:
        picked = self.picked()
        assert picked is not None
        return self.carry_out(
            requests.ask,
            self.asker,
            self.recipient,
            context=picked[0],
            entry=picked[1],
            key=str(self.cleaned_data["key"]),
            note=self.cleaned_data["note"],
            vouchers=[self.contacts[value] for value in self.cleaned_data["vouchers"]],
        )


class ReplyForm(KeptForm):
    text = forms.CharField(
        label=_("Your reply"),
        widget=forms.Textarea(attrs=SHORT),
        help_text=_("One reply, at most 200 characters, without links, addresses or phone numbers."),
    )

    def send(self, request: Request, *, by: Member) -> bool:
        self.carry_out(answers.reply, request, by=by, text=self.cleaned_data["text"])
        return not self.errors


class QuestionForm(KeptForm):
    """The recipient's own words for the question back; empty means the usual question."""

    question = forms.CharField(
        label=_("In your own words"),
        required=False,
        widget=forms.Textarea(attrs=SHORT),
        help_text=_("At most 200 characters, without links, addresses or phone numbers."),
    )

    def send(self, request: Request, *, by: Member) -> bool:
        self.carry_out(answers.ask_back, request, by=by, question=self.cleaned_data["question"])
        return not self.errors


class VouchForm(KeptForm):
    sentence = forms.CharField(
        label=_("One sentence in your own words"),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True, "maxlength": settings.SENTENCE_MAX_CHARACTERS}),
        help_text=_("Only the person asked for contact reads it."),
    )
    answer = forms.ChoiceField(
        choices=VouchAnswer.choices,
        widget=forms.HiddenInput,
        error_messages={"required": answers.NotAnAnswer.message, "invalid_choice": answers.NotAnAnswer.message},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        if data and data.get("answer") != VouchAnswer.VOUCH:
            self.fields["sentence"].required = False  # the other two answers need none

    def send(self, question: VouchQuestion, *, by: Member) -> bool:
        values = self.cleaned_data
        self.carry_out(vouching.answer, question, by=by, answer=values["answer"], sentence=values["sentence"])
        return not self.errors
