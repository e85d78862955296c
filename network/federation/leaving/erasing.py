"""A member has left: once the farewell is written, nothing else of theirs goes out, and nothing of it is kept."""

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from accounts.models import Member
from foundation import jobs
from network.federation import addresses
from network.federation.models import Delivery, HttpKey, Inbound, Outbound


@jobs.handles("federation-erase", lane="slow")
def erase(member: int) -> None:
    """Activities of theirs are gone, sent or not, and others' that name them (vouches); but for the farewell itself.

    Twice is once.
    """
    row = Member.objects.filter(pk=member, host="", left_at__isnull=False).first()
    if row:
        uri = addresses.actor(row)
        named = Outbound.objects.annotate(said=Cast("body", TextField())).filter(said__contains=f'"{uri}"')
        others = Outbound.objects.filter(Q(sender=row) | Q(pk__in=named.values("pk")))
        others.exclude(body__type="Delete", body__object=uri).delete()
        Inbound.objects.filter(inbox=row.handle).delete()


@jobs.handles("federation-forget-left", lane="slow")
def forget(member: int) -> None:
    """Nobody needs their name any more: keys and farewell are gone. What still waits is given up."""
    Delivery.objects.filter(outbound__sender=member).delete()
    Outbound.objects.filter(sender=member).delete()
    HttpKey.objects.filter(member=member).delete()


jobs.listen("left-forgotten", "federation-forget-left")
