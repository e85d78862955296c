"""Which letters a member wants, and when the digest comes."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from frontend.forms import AskingForm
from network.notices import wishes
from network.notices.models import Kind, Way

HELP = {
    Kind.REQUEST: _("Only what your door lets through. What lies in the tray never comes this way."),
    Kind.ANSWER: _("Accepted, or a question back. Of anything else you hear nothing, here and in the mail."),
    Kind.MESSAGE: _("That there is one, never from whom or what it says. Muted threads and promotions send none."),
    Kind.DECISION: _("What a moderator decides against you always comes at once: you have a right to it."),
    Kind.TRAY: _("A number, once a week. Behind the door for people you know already it never comes."),
}
WEEKLY = {Way.AT_ONCE: _("once a week"), Way.NEVER: _("never")}
DAYS = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]


class LettersForm(AskingForm):
    hour = forms.TypedChoiceField(label=_("Hour"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)])
    days = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, choices=DAYS, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, member: Member) -> None:
        now = wishes.of(member)
        super().__init__(data, initial={**now.ways, "hour": now.hour, "days": list(now.days)})
        for kind in Kind:
            ways = [(way, WEEKLY[way] if kind in wishes.WEEKLY else way.label) for way in wishes.ways_of(kind)]
            self.fields[kind] = forms.ChoiceField(label=kind.label, choices=ways, help_text=HELP.get(kind, ""))

    def switches(self) -> Iterator[BoundField]:
        return (self[kind] for kind in Kind)

    def save(self, member: Member) -> bool:
        values = self.cleaned_data
        ways = {str(kind): values[kind] for kind in Kind}
        self.carry_out(wishes.choose, member, ways=ways, hour=values["hour"], days=values["days"])
        return not self.errors
