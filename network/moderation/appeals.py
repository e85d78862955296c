"""Whose message was marked as a pitch can appeal once; a moderator decides."""

from django.db import transaction

from accounts.models import Member
from foundation import clock
from network.contacts.models import Answer, Contact, Request
from network.messages.models import Pitch
from network.moderation.models import Case, CaseKind
from vetting import evidence, ledger


@transaction.atomic
def open_for(pitch: Pitch) -> Case:
    """The appeal is a case. Doing it twice changes nothing."""
    values = {"about": pitch.message.writer, "kind": CaseKind.APPEAL, "opened_at": pitch.appealed_at or clock.now()}
    case, _created = Case.objects.get_or_create(pitch=pitch, defaults=values)
    return case


def grant(case: Case, *, by: Member) -> None:
    """The mark no longer counts: not for the writer's standing, nor for the right to vouch of who vouched for them.

    The contact stays ended: nobody is put back into a contact they left. Call it inside a transaction.
    """
    pitch = case.pitch
    assert pitch is not None
    ledger.record(case.about, by=by, kind=evidence.RETRACTED, source=f"pitch:{pitch.public_id}")
    ended = Contact.objects.filter(
        asker=case.about, recipient=pitch.by, ended_as_pitch=True, began_at__lte=pitch.message.sent_at
    )
    last = ended.exclude(request=None).order_by("-began_at").first()
    if last and last.request_id:
        Request.objects.filter(pk=last.request_id, answer=Answer.PITCH).update(answer=Answer.ACCEPTED)
