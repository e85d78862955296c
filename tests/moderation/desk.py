"""How the tests of the panel knock at it; and how something is marked and upheld."""

from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from foundation import jobs, letters
from foundation.models import Letter
from network.messages import threads
from network.messages.models import Message
from network.moderation import decisions, labels, outside
from network.moderation.models import Case, Report
from tests.cast import key

NAME, MAIL = "Nadja Notiz", "nadja@post.example"
REASONS = {"to_reporter": "You were right.", "to_subject": "Advertising carries its label here."}


def browser(member: Member) -> Client:
    client = Client()
    assert member.account is not None
    client.force_login(member.account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def says(writer: Member, other: Member, text: str = "Our new pumps are in, have a look.") -> Message:
    return threads.write(writer, other, text=text, key=key())


def upheld(message: Message, by: Member, moderator: Member, label: str = "promotion") -> Case:
    case = labels.mark(message, by=by, label=label).case
    decisions.uphold(case, by=moderator, **REASONS)
    jobs.drain_everything()
    return Case.objects.get(pk=case.pk)


def about(member: Member) -> str:
    return f"{settings.SITE_URL}/@{member.handle}/"


def given(member: Member, **changed: Any) -> Report:
    """Somebody without an account reports the member's page."""
    values = {
        "url": about(member),
        "words": "This is not her real employer.",
        "name": NAME,
        "email": MAIL,
        "unnamed": False,
        "good_faith": True,
        "language": "en",
        "network": "192.0.2.7",
    }
    return outside.give(**{**values, **changed})


def letters_to(member: Member) -> str:
    jobs.drain_everything()
    assert member.account is not None
    said = [letters.text_of(letter) for letter in Letter.objects.order_by("made_at")]
    return "\n".join(one.text for one in said if member.account.email in one.to)


def deed(page: str, pk: object, tool: str) -> str:
    return at(f"{page}_tool", pk, tool)
