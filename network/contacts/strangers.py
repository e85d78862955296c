"""People elsewhere whose servers know no requests: they write a message, unasked or in answer to a request of ours."""

from datetime import timedelta

from django.conf import settings

from foundation import clock
from network.contacts.models import Answer, ContextKind, Request, Whereabouts


def answered(message: Request) -> Request | None:
    """The recipient's own request that the message answers: sent before it, and not ended."""
    if message.context != ContextKind.MESSAGE:
        return None
    since = message.asked_at - timedelta(days=settings.REQUEST_ENDS_DAYS)
    sent = Request.objects.filter(asker=message.recipient_id, recipient=message.asker_id, whereabouts=Whereabouts.AWAY)
    return sent.filter(ended_at=None, asked_at__gt=since, asked_at__lt=message.asked_at).first()


def close(request: Request) -> None:
    """The request was answered by a message that its asker has accepted. Call it inside a transaction."""
    now = clock.now()
    still = Request.objects.filter(pk=request.pk, ended_at=None)
    still.update(answer=Answer.ACCEPTED, answered_at=now, accepted_at=now, ended_at=now)
