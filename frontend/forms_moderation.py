"""Notices of people without an account, and appeals."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from frontend.forms_asking import KeptForm
from network.moderation import outside, reports, review
from network.moderation.models import Appeal, Report


class NoticeForm(KeptForm):
    """Name and address may be left out by a tick alone; the verb asks for all of it once more."""

    url = forms.CharField(
        label=_("Where is it?"),
        max_length=outside.URL_MAX_CHARACTERS,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The exact address, as it stands in your browser's address line."),
    )
    words = forms.CharField(
        label=_("What is wrong with it?"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": reports.WORDS_MAX_CHARACTERS, "data-count": True}),
        help_text=_("Why you think it is against the law or our rules. At most 2000 characters; moderators read them."),
    )
    unnamed = forms.BooleanField(
        label=_("It is about the sexual abuse of children: I give no name"),
        required=False,
        help_text=_("The law asks for name and address in all other cases, so that we can answer you."),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=outside.NAME_MAX_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("A receipt and the decision go there. Whoever it is about never learns who you are."),
    )
    good_faith = forms.BooleanField(label=_("What I say is accurate and complete, as far as I know"))

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        if data and data.get("unnamed"):
            self.fields["name"].required = self.fields["email"].required = False

    def give(self, network: str) -> Report | None:
        values = {name: self.cleaned_data[name] for name in ("url", "words", "name", "email", "unnamed", "good_faith")}
        return self.carry_out(outside.give, **values, language=get_language() or "en", network=network)


class AppealForm(KeptForm):
    words = forms.CharField(
        label=_("Why is the decision wrong?"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": review.WORDS_MAX_CHARACTERS, "data-count": True}),
        help_text=_("A few sentences, at most 2000 characters. Only moderators read them."),
    )

    def about_case(self, public_id: uuid.UUID, by: review.Person) -> Appeal | None:
        return self.carry_out(review.ask_about_case, public_id, by=by, words=self.cleaned_data["words"])

    def about_freeze(self, pk: int, by: Any) -> Appeal | None:
        return self.carry_out(review.ask_about_freeze, pk, by=by, words=self.cleaned_data["words"])
