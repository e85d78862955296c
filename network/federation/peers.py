"""Other servers as a whole: who may do what here, and how much of it a day.

A server's people have allowances of their own, by their standing; what a server may ask of us in all is counted here,
so that ten thousand fresh accounts of one server get no more than one quota (security.md, 35).
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import quotas
from foundation.refusals import Forbidden, TooOften
from network.federation.models import Peer, Policy


class Closed(Forbidden):
    """This server has no dealings with that one."""

    code = "closed"
    message = _("This server has no dealings with that one.")


class ServerQuotaSpent(TooOften):
    """The server as a whole has had enough of this for today."""

    code = "server-quota"
    message = _("That server has asked enough of this one for today.")


def of(host: str) -> Peer:
    """The row of that server, made on first sight."""
    return Peer.objects.get_or_create(host=host)[0]


def check(host: str) -> None:
    """Nothing if that server may deal with us; raises `Closed`."""
    peer = Peer.objects.filter(host=host).first()
    if (peer is not None and peer.policy == Policy.CLOSED) or (settings.FEDERATION_ALLOW_LIST and not _allowed(peer)):
        raise Closed


def spend(peer: Peer, what: str) -> None:
    """Take one of what that server has today of `requests`, `messages`, `follows`, `reports`, `lookups`.

    Raises `ServerQuotaSpent`. Call it in the transaction of what it pays for: a rollback gives it back.
    """
    limit = settings.PEER_QUOTAS[what]
    try:
        quotas.spend(f"peer-{what}", peer.host, limit=limit)
    except quotas.QuotaSpent as spent:
        raise ServerQuotaSpent(again_at=spent.again_at) from None


def is_limited(member: Member) -> bool:
    """Whether what the member asks waits in trays, because of the server they live on."""
    return bool(member.host) and Peer.objects.filter(host=member.host, policy=Policy.LIMITED).exists()


def _allowed(peer: Peer | None) -> bool:
    return peer is not None and peer.allowed
