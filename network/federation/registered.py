"""What an actor's server has said becomes rows: the server, the actor with keys, the member as pages know them."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import signup
from accounts.models import Door, Elsewhere, Member, Visibility
from foundation import clock, jobs
from foundation.refusals import Conflict
from network.federation import hosts, parking, peers, software
from network.federation.described import Described
from network.federation.models import Actor, ActorKey, Purpose

OWN_FIELDS = {"Headline": ("headline", 120), "Place": ("place", 80), "Languages": ("languages", 120)}
"""Rows of the profile that servers like ours send (`documents`): fields of a member here, and their room."""


class NameTaken(Conflict):
    """Somebody else of that server goes by the name already, and is still there."""

    code = "name-taken-elsewhere"
    message = _("That server has given this name to somebody else.")


@transaction.atomic
def keep(found: Described, *, acct: str) -> Actor:
    """The actor is known as described, `acct` (`name@server`) is their address. Raises `NameTaken`.

    A person seen for the first time becomes a member of elsewhere, with a door and, like any newcomer, a standing.
    """
    values = _technical(found) | {"peer": peers.of(hosts.of(found.uri))}
    actor, _created = Actor.objects.update_or_create(uri=found.uri, defaults=values)
    _keep_keys(actor, found)
    software.ask(actor.peer)
    if actor.member_id is None and found.kind == "Person":
        actor.member = _newcomer(found, acct)
        actor.save(update_fields=["member"])
        jobs.announce("member-confirmed", {"member": actor.member.pk})
    elif actor.member is not None:
        _redescribe(actor.member, found, acct)
    parking.look_again(actor.uri)
    return actor


def _technical(found: Described) -> dict[str, Any]:
    now = clock.now()
    return {
        "kind": found.kind,
        "name": found.name[:100],
        "inbox": found.inbox,
        "shared_inbox": found.shared_inbox,
        "followers": found.followers,
        "implements": found.implements,
        "also_known_as": found.also_known_as,
        "moved_to": found.moved_to,
        "fetched_at": now,
        "refetched_at": now,
        "gone_at": None,
    }


def _keep_keys(actor: Actor, found: Described) -> None:
    """The keys are those that the document names. An id that is another actor's stays theirs (federation.md, 31)."""
    named = {key_id: (Purpose.ASSERTION, key) for key_id, key in found.assertion_keys.items()}
    named |= {key_id: (Purpose.HTTP, pem) for key_id, pem in found.http_keys.items()}
    actor.keys.exclude(key_id__in=named).delete()
    others = ActorKey.objects.filter(key_id__in=named).exclude(actor=actor)
    for key_id in named.keys() - set(others.values_list("key_id", flat=True)):
        purpose, public = named[key_id]
        ActorKey.objects.update_or_create(
            key_id=key_id, defaults={"actor": actor, "purpose": purpose, "public": public}
        )


def _newcomer(found: Described, acct: str) -> Member:
    _free(acct, found.uri)
    member = Member.objects.create(confirmed_at=clock.now(), **_profile(found), **_address(acct))
    Door.objects.create(member=member)
    Elsewhere.objects.create(member=member, **_whereabouts(found))
    return member


def _redescribe(member: Member, found: Described, acct: str) -> None:
    """Whoever was gone is there again, as a newcomer: what had ended stays ended."""
    Member.objects.filter(pk=member.pk).update(**_profile(found))
    signup.confirm(member)
    Elsewhere.objects.filter(member=member).update(**_whereabouts(found))
    member.refresh_from_db()
    with suppress(NameTaken):  # they are still who they were, and keep the name that we know them by
        readdress(member, acct, uri=found.uri)


def readdress(member: Member, acct: str, *, uri: str) -> None:
    """The member goes by that address from now on. Raises `NameTaken`."""
    if acct != f"{member.handle}@{member.host}":
        _free(acct, uri)
        Member.objects.filter(pk=member.pk).update(**_address(acct))
        member.refresh_from_db()


def _address(acct: str) -> dict[str, str]:
    handle, _at, host = acct.rpartition("@")
    return {"handle": handle, "host": host}


def _free(acct: str, uri: str) -> None:
    """The name is nobody's, or this actor's. One who is gone has no more use for theirs."""
    holder = Member.objects.filter(**_address(acct)).exclude(elsewhere__uri=uri).first()
    if holder is None:
        return
    if not Elsewhere.objects.filter(member=holder, gone_at__isnull=False).exists():
        raise NameTaken
    Member.objects.filter(pk=holder.pk).update(handle=f"gone-{holder.public_id.hex}")


def _profile(found: Described) -> dict[str, Any]:
    """Whatever a server tells us of its people it tells everybody."""
    fields = {"name": found.called, "headline": "", "place": "", "languages": "", "about": found.about}
    for row in found.fields if found.speaks else []:
        if row["name"] in OWN_FIELDS:
            name, room = OWN_FIELDS[row["name"]]
            fields[name] = row["value"][:room]
    circles = {f"{name}_to": Visibility.EVERYONE for name in fields}
    return {**fields, **circles, "may_be_indexed": found.indexable}


def _whereabouts(found: Described) -> dict[str, Any]:
    rows = [row for row in found.fields if not (found.speaks and row["name"] in OWN_FIELDS)]
    return {
        "uri": found.uri,
        "page": found.page,
        "fields": rows,
        "speaks": found.speaks,
        "moved_to": found.moved_to,
        "seen_at": clock.now(),
        "gone_at": None,
    }
