"""How the tests of the panel knock at it; and how something is marked and upheld."""

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from foundation import jobs
from network.messages import threads
from network.messages.models import Message
from network.moderation import decisions, labels
from network.moderation.models import Case
from tests.cast import key

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
