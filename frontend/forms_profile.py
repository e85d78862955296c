"""What a member says of themselves: each field beside the circle of those who see it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import DoorLevel, Followers, Member, Visibility
from frontend import time_zones
from frontend.forms import AskingForm


class Circle(forms.TypedChoiceField):
    """Who sees the field beside it. Nothing wider than "only me" is ever chosen beforehand."""

    def __init__(self, of: Any, **more: Any) -> None:
        widget = more.pop("widget", forms.Select())
        super().__init__(label=_("Who sees it"), choices=Visibility.choices, coerce=int, widget=widget, **more)
        self.of = of


class ProfileForm(AskingForm):
    """The fields that have a circle of their own; `pairs` sets each beside it."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("People you ask for contact see it always."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_to = Circle(_("Your name"))
    headline = forms.CharField(
        label=_("Headline"),
        max_length=120,
        required=False,
        help_text=_("One line on what you do. People you ask for contact see it always."),
    )
    headline_to = Circle(_("Headline"))
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    place_to = Circle(_("Place"))

    @classmethod
    def of(cls, member: Member, data: Any = None) -> "ProfileForm":
        return cls(data, initial={name: getattr(member, name) for name in cls.base_fields})

    def pairs(self) -> Iterator[tuple[BoundField, BoundField]]:
        for name in self.fields:
            if f"{name}_to" in self.fields:
                circle = self[f"{name}_to"]
                circle.field.widget.attrs["aria-label"] = f"{circle.label}: {self[name].label}"
                yield self[name], circle


class WelcomeForm(ProfileForm):
    """The first step: the choice who sees the name is made by hand, with the circles spelled out."""

    name_to = Circle(_("Your name"), widget=forms.RadioSelect)


class MeForm(ProfileForm):
    languages = forms.CharField(label=_("Languages"), max_length=120, required=False)
    languages_to = Circle(_("Languages"))
    about = forms.CharField(
        label=_("About me"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "data-count": True}),
    )
    about_to = Circle(_("About me"))
    may_be_indexed = forms.BooleanField(
        label=_("Search engines may list my page"),
        required=False,
        help_text=_(
            "They find only what everyone sees. Visible and listed are two things: this is off until you say so."
        ),
    )


class SettingsForm(AskingForm):
    language = forms.ChoiceField(label=_("Language of the pages and letters"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = time_zones.choices(get_language() or settings.LANGUAGE_CODE, also=zone)


class FollowersForm(AskingForm):
    followers = forms.ChoiceField(
        label=_("Who may follow you?"),
        widget=forms.RadioSelect,
        choices=[
            (Followers.ASK, _("Whoever asks and is accepted by you")),
            (Followers.AT_ONCE, _("Anybody, at once")),
        ],
        help_text=_("Other servers have to say which it is, so everybody can know."),
    )


class DoorForm(AskingForm):
    lowest = forms.ChoiceField(
        label=_("Who may knock so that you hear it?"),
        widget=forms.RadioSelect,
        choices=[
            (DoorLevel.A, _("Grade A: it is confirmed that we know each other, or a contact of ours vouches")),
            (DoorLevel.B, _("Grade B and better: both of us list the same place and time")),
            (DoorLevel.C, _("Grade C and better: anybody who names a reason")),
            (DoorLevel.KNOWN, _("Only people I know already: confirmed or earlier contacts. A vouch does not open it")),
        ],
    )
