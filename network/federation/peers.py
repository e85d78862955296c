"""Other servers as a whole: who may do what here, and how much of it a day.

A server's people have allowances of their own, by their standing; what a server may ask of us in all is counted here,
so that ten thousand fresh accounts of one server get no more than one quota (security.md, 35).
"""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import quotas
from foundation.refusals import Forbidden, TooOften
from network.federation import hosts
from network.federation.models import Actor, Peer, Policy


class Closed(Forbidden):
    """This server has no dealings with that one."""

    code = "closed"
    message = _("This server has no dealings with that one.")


class ServerQuotaSpent(TooOften):
    """The server as a whole has had enough of this for today."""

    code = "server-quota"
    message = _("That server has asked enough of this one for today.")


def of(host: str) -> Peer:
    """The row of that server, made on first sight. Raises `hosts.NoHost`."""
    return Peer.objects.get_or_create(host=hosts.normal(host))[0]


def policy_of(host: str) -> Policy:
    """What holds for that server: its own policy, else that of the domain it stands under.

    A closed domain closes all servers under it, whatever theirs say: `evil.example` also `a.evil.example`
    (security.md, 34). In allow-list mode everybody is closed who is not on the list by name. Raises `hosts.NoHost`.
    """
    return policies_of([host])[host]


def policies_of(names: Collection[str]) -> dict[str, Policy]:
    """`policy_of` each of these servers, in one question. Raises `hosts.NoHost`."""
    above = {host: hosts.above(host) for host in names}
    asked = {name for some in above.values() for name in some}
    rows = {peer.host: peer for peer in Peer.objects.filter(host__in=asked)}
    return {host: _holds(above[host], rows) for host in names}


def _holds(names: list[str], rows: Mapping[str, Peer]) -> Policy:
    """For the first of these names, which stands under the others."""
    policies = [Policy(rows[name].policy) for name in names if name in rows]
    own = rows.get(names[0])
    if Policy.CLOSED in policies or (settings.FEDERATION_ALLOW_LIST and not (own and own.allowed)):
        return Policy.CLOSED
    return next((policy for policy in policies if policy != Policy.OPEN), Policy.OPEN)


def check(host: str) -> None:
    """Nothing if that server may deal with us; raises `Closed`."""
    if policy_of(host) == Policy.CLOSED:
        raise Closed


def may_send(peer: Peer) -> bool:
    """Whether anything of ours goes there."""
    return policy_of(peer.host) in (Policy.OPEN, Policy.LIMITED)


def reaches(member: Member) -> bool:
    """Whether what is for somebody elsewhere leaves this server."""
    return policy_of(_server_of(member)) in (Policy.OPEN, Policy.LIMITED)


def spend(peer: Peer, what: str) -> None:
    """Take one of what that server has today of `requests`, `messages`, `follows`, `reports`, `lookups`.

    Servers below one registered name share its quota. Raises `ServerQuotaSpent`. Call it in the transaction of what
    it pays for: a rollback gives it back.
    """
    limit = settings.PEER_QUOTAS[what]
    try:
        quotas.spend(f"peer-{what}", hosts.registrable(peer.host), limit=limit)
    except quotas.QuotaSpent as spent:
        raise ServerQuotaSpent(again_at=spent.again_at) from None


def spent(peer: Peer, what: str) -> int:
    """How much of it that server has spent today, with all that stand below the same registered name."""
    return quotas.used(f"peer-{what}", hosts.registrable(peer.host))


def is_limited(member: Member) -> bool:
    """Whether what the member asks waits in trays, because of the server they live on."""
    return bool(member.host) and policy_of(_server_of(member)) == Policy.LIMITED


def _server_of(member: Member) -> str:
    """Where their actor is; the host in their address may be another, that only names them."""
    actor = Actor.objects.select_related("peer").filter(member=member).first()
    return actor.peer.host if actor else member.host
