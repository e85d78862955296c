"""What must go out: rows first, in the transaction of the fact; `delivery` sends them, signed when they are sent."""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from accounts.models import Member
from foundation import jobs
from foundation.signing import Document
from network.federation import addresses, vocabulary
from network.federation.models import Actor, Delivery, Outbound, Policy, Recipient


def was_sent(key: str) -> bool:
    """Whether the activity of that key was ever on its way."""
    return Outbound.objects.filter(pk=_number(key)).exists()


def send(
    sender: Member | None,
    activity: Document,
    *,
    to: Iterable[Actor],
    key: str,
    proved: bool = True,
    public: bool = False,
    shared: bool = False,
) -> Outbound:
    """The activity is on its way to everybody in `to`; `@context`, `id` and `actor` are filled in where missing.

    The same `key` is the same activity: sent once, under the same id, however often it is asked for. `proved=False` for
    direct messages. `shared`: to the shared inbox of each server that has one (public and followers' posts). Peers
    that are closed or only listened to get nothing, nor do actors who are gone. Call it in the transaction of the fact;
    only when `settings.FEDERATION` is on does anything leave.
    """
    number = _number(key)
    body: dict[str, Any] = {"@context": vocabulary.context(), "id": addresses.activity(number), **activity}
    body.setdefault("actor", addresses.actor(sender))
    made, created = Outbound.objects.get_or_create(
        pk=number,
        defaults={
            "sender": sender,
            "uri": body["id"],
            "object_uri": vocabulary.uri_of(body.get("object")) if isinstance(body.get("object"), dict) else "",
            "body": body,
            "proved": proved,
            "public": public,
        },
    )
    if created:
        _address(made, list(to), shared=shared)
    return made


def _number(key: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{settings.SITE_URL}/activities?key={key}")


def _address(made: Outbound, actors: list[Actor], *, shared: bool) -> None:
    open_ones = [actor for actor in actors if actor.peer.policy in (Policy.OPEN, Policy.LIMITED) and not actor.gone_at]
    Recipient.objects.bulk_create([Recipient(outbound=made, actor=actor) for actor in open_ones], ignore_conflicts=True)
    inboxes = {(actor.shared_inbox if shared else "") or actor.inbox: actor.peer for actor in open_ones}
    Delivery.objects.bulk_create(
        [Delivery(outbound=made, peer=peer, inbox=inbox) for inbox, peer in inboxes.items()], ignore_conflicts=True
    )
    for peer in {peer.pk for peer in inboxes.values()}:
        jobs.add("deliver", {"peer": peer}, key=f"deliver:{peer}")
