"""The style page: every part of `templates/parts` in every state, with samples. Wired in demo mode alone."""

from datetime import UTC, datetime
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

ADA = Sample(shown_name="Ada Brandt", called="ada", headline="Firmware and the patience it takes · Paderborn")
BO = Sample(shown_name="Bo Lindqvist", called="bo", headline="Optics, Jena and Uppsala")
ZOE = Sample(shown_name="Zoë Marchetti-Oyelaran (netz.example)", called="zoe@netz.example", headline="")
LONG = Sample(
    shown_name="Friederike-Charlotte von Schallenberg-Niederstraßer",
    called="friederike_charlotte_schallenb",
    headline="Wirtschaftsprüfungsgesellschaftsgeschäftsführerin und Rindfleischetikettierungsbeauftragte a. D.",
)
WHEN = datetime(2024, 5, 14, 9, 30, tzinfo=UTC)
NIXDORF: dict[str, Any] = {
    "organisation": "Hansewerk Antriebstechnik AG",
    "unit": "Werk Kiel",
    "months": "April 1997 – June 1999",
}
GUUG: dict[str, Any] = {"organisation": "German Unix User Group", "unit": "", "months": "2003 – 2011"}
SEALS = [
    ("A", ["Both of you said “we were both there” on 3 February 2022.", "Bo Lindqvist, a contact of both, vouches."]),
    (
        "B",
        [
            "You both list Hansewerk Antriebstechnik AG, Werk Kiel.",
            "Your months overlap by 27.",
            "Ada's entry is 2 years old.",
        ],
    ),
    ("C", ["Only Ada lists this place, or you do not show yours to her."]),
]


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As people call you. Letters of one script.")
    note = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"data-count": True, "maxlength": 200, "rows": 3}),
        help_text="At most 200 characters, no links, addresses or phone numbers.",
    )
    kind = forms.ChoiceField(label="Kind", choices=[("job", "Employment"), ("event", "Event")])
    who = forms.ChoiceField(
        label="Who sees it",
        widget=forms.RadioSelect,
        choices=[("me", "Only me"), ("contacts", "My contacts"), ("everyone", "Everyone")],
    )
    matchable = forms.BooleanField(
        label="May be used to find crossed paths",
        required=False,
        help_text="Whoever lists the same place and time can learn that you were there.",
    )


def _requests() -> list[Sample]:
    base: dict[str, Any] = {
        "note": "",
        "vouches": 0,
        "state": "",
        "truth": "",
        "bold": False,
        "href": "#",
        "context": "",
    }
    none: dict[str, Any] = {"organisation": "", "unit": "", "months": ""}
    return [
        Sample(
            **{
                **base,
                **NIXDORF,
                "person": ADA,
                "grade": "A",
                "vouches": 2,
                "note": "We shared the lab on the third floor.",
            }
        ),
        Sample(
            **{**base, **GUUG, "person": BO, "grade": "B", "truth": "No contact on this server before.", "note": ""}
        ),
        Sample(**{**base, **none, "person": ZOE, "grade": "C", "context": "Invitation", "state": "sent", "href": ""}),
    ]


def _entries() -> list[Sample]:
    job = Sample(**NIXDORF, kind="Employment", title="Firmware engineer", visibility=2, matchable=True, grade="A")
    group = Sample(
        **GUUG, kind="List or user group", title="Talks, mostly about storage", visibility=1, matchable=False, grade=""
    )
    fair = Sample(
        organisation="CeBIT",
        unit="Hall 9",
        months="March 2001",
        kind="Event",
        title="",
        visibility=0,
        matchable=False,
        grade="C",
    )
    return [job, group, fair]


def _thread() -> list[Sample]:
    base: dict[str, Any] = {"purpose": "personal", "note": ""}
    first = "Do you still have the schematics?\n\nI found my notebook from 1998, and page 41 is missing."
    return [
        Sample(**{**base, "mine": False, "text": first}),
        Sample(**{**base, "mine": True, "text": "Page 41 is on my wall. I will bring it to the fair.", "note": "sent"}),
        Sample(**{**base, "mine": False, "text": "A position in Bielefeld, 80 to 95 thousand.", "purpose": "offer"}),
    ]


def samples(data: Any = None) -> dict[str, Any]:
    """What pages/look.html shows as `look`."""
    return {
        "ada": ADA,
        "long": LONG,
        "when": WHEN,
        "colours": ["paper", "sheet", "shade", "ink", "soft", "wax"],
        "seals": [{"grade": grade, "reasons": reasons} for grade, reasons in SEALS],
        "requests": _requests(),
        "crossings": [
            Sample(**NIXDORF, person=ADA, href="#", state=""),
            Sample(**GUUG, person=ZOE, href="", state="in contact"),
        ],
        "entries": _entries(),
        "thread": _thread(),
        "page": Paginator(range(95), 10).page(3),
        "form": SampleForm(data if data is not None else {"name": "", "note": "Hello", "who": "contacts"}),
    }


def look(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/look.html", {"look": samples()})
