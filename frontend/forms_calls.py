"""Forms of open calls: opening one, the topics one can speak to, writing a promotion into one."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock, regions
from frontend.forms_asking import SHORT, KeptForm
from frontend.forms_offers import RegionField
from network.messages import calls, promotions
from network.messages.models import Call, CallKind, Promotion, Topic

BLANK_ROWS = 2
"""Empty rows offered below the topics one has."""
TOPICS = [("", "—"), *Topic.choices]
REGION = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "placeholder": "DE-NW"})


class CallForm(KeptForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What do you look for?"), choices=CallKind.choices, widget=forms.RadioSelect)
    topic = forms.ChoiceField(label=_("Topic"), choices=TOPICS)
    region = RegionField(
        label=_("Region"),
        max_length=regions.MAX_CHARACTERS,
        help_text=_("As a code: DE, or narrower, DE-NW, DE-NW-KOELN. Whoever speaks to one within the other sees it."),
        widget=REGION,
    )
    words = forms.CharField(
        label=_("In your words"),
        widget=forms.Textarea(attrs=SHORT),
        help_text=_("At most 200 characters, without links, addresses or phone numbers."),
    )
    ends_on = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day. You can close it at any moment before."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4(), "ends_on": clock.today() + timedelta(days=30)})
        last = clock.today() + timedelta(days=settings.CALL_DAYS_MAX)
        self.fields["ends_on"].widget.attrs |= {"min": clock.today().isoformat(), "max": last.isoformat()}

    def send(self, member: Member) -> Call | None:
        values = dict(self.cleaned_data)
        return self.carry_out(calls.open_, member, key=str(values.pop("key")), **values)


class TopicsForm(KeptForm):
    """Rows of a topic and a region; an empty topic is no row."""

    def __init__(self, data: Any = None, *, member: Member) -> None:
        super().__init__(data)
        kept = [(trade.topic, trade.region) for trade in member.trades.order_by("topic", "region")]
        self.count = min(settings.TRADES_MAX, len(kept) + BLANK_ROWS)
        for number in range(self.count):
            topic, region = kept[number] if number < len(kept) else ("", "")
            self.fields[f"topic_{number}"] = forms.ChoiceField(
                label=_("Topic"), choices=TOPICS, required=False, initial=topic
            )
            self.fields[f"region_{number}"] = RegionField(
                label=_("Region"), required=False, max_length=regions.MAX_CHARACTERS, initial=region, widget=REGION
            )

    @property
    def pairs(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        return ((self[f"topic_{number}"], self[f"region_{number}"]) for number in range(self.count))

    def send(self, member: Member) -> bool:
        values = self.cleaned_data
        rows = [(values[f"topic_{number}"], values[f"region_{number}"]) for number in range(self.count)]
        self.carry_out(calls.speak_to, member, [row for row in rows if row[0]])
        return not self.errors


class PromotionForm(KeptForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your promotion"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": settings.MESSAGE_MAX_CHARACTERS}),
        help_text=_("It carries the label “promotion”, and their call stands beside it. It rings nowhere."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})

    def send(self, sender: Member, call: Call) -> Promotion | None:
        values = self.cleaned_data
        return self.carry_out(promotions.send, sender, call, text=values["text"], key=str(values["key"]))
