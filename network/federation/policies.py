"""What moderators decide about other servers. Every decision is in the audit log; permission is asked here."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts import powers
from accounts.models import Member
from foundation import audit
from foundation.refusals import Conflict, Invalid
from network.federation import circuit, delivery, hosts, http_keys, peers
from network.federation.models import Delivery, Peer, Policy

CHANGE = "federation.change_peer"


class ReasonMissing(Invalid):
    code = "reason-missing"
    message = _("Say why: other moderators will ask.")


class OurOwnHouse(Invalid):
    code = "our-own-house"
    message = _("That is this server, or a domain it stands under.")


class NothingWaits(Conflict):
    code = "nothing-waits"
    message = _("This has been delivered or given up already.")


@transaction.atomic
def decide(host: str, policy: Policy, *, why: str, by: Member | None) -> Peer:
    """From now on that policy holds for the server and for all below its name. What waits for a closed one is dropped.

    Raises `NotAModerator`, `hosts.NoHost`, `ReasonMissing`, `OurOwnHouse`.
    """
    moderator, name, reason = powers.check(by, CHANGE), hosts.normal(host), why.strip()[:300]
    if policy != Policy.OPEN and not reason:
        raise ReasonMissing
    if policy == Policy.CLOSED and is_our_own(name):
        raise OurOwnHouse
    peer = peers.of(name)
    before, peer.policy, peer.why = peer.policy, policy, reason
    peer.save(update_fields=["policy", "why"])
    _note(moderator, "decided-about-server", peer, {"from": before, "to": str(policy)})
    delivery.ask(peer.pk)
    return peer


def is_our_own(host: str) -> bool:
    """Whether it is this house, or a name it stands under."""
    try:
        return host in hosts.above(settings.SITE_HOST)
    except hosts.NoHost:  # a laptop's address
        return host == settings.SITE_HOST


@transaction.atomic
def allow(peer: Peer, *, by: Member | None, yes: bool = True) -> None:
    """The server is on the allow list, or no longer. It counts in allow-list mode only. Raises `NotAModerator`."""
    moderator = powers.check(by, CHANGE)
    peer.allowed = yes
    peer.save(update_fields=["allowed"])
    _note(moderator, "allowed-server" if yes else "disallowed-server", peer, {})


@transaction.atomic
def try_now(peer: Peer, *, by: Member | None) -> None:
    """All that waits for the server is due, and it may be tried at once. Raises `NotAModerator`."""
    moderator = powers.check(by, CHANGE)
    circuit.close(peer)
    _waiting(peer).update(available_at=Now())
    delivery.ask(peer.pk)
    _note(moderator, "tried-server-now", peer, {})


@transaction.atomic
def give_up(peer: Peer, *, by: Member | None) -> int:
    """All that waits for the server is dead; how many. Raises `NotAModerator`."""
    moderator = powers.check(by, CHANGE)
    many = _waiting(peer).update(dead_at=Now(), token=None, last_error="given up by a moderator")
    _note(moderator, "gave-up-deliveries", peer, {"deliveries": many})
    return many


@transaction.atomic
def send_again(row: Delivery, *, by: Member | None) -> None:
    """A delivery that was given up is due again, with seven days before it. Raises `NotAModerator`, `NothingWaits`."""
    moderator = powers.check(by, CHANGE)
    again = {"dead_at": None, "token": None, "attempts": 0, "due_at": Now(), "available_at": Now()}
    if not Delivery.objects.filter(pk=row.pk, done_at=None, dead_at__isnull=False).update(**again):
        raise NothingWaits
    delivery.ask(row.peer_id)
    _note(moderator, "sent-again", row.peer, {"delivery": row.pk})


@transaction.atomic
def drop(row: Delivery, *, by: Member | None) -> None:
    """The delivery is dead. Raises `NotAModerator`, `NothingWaits`."""
    moderator = powers.check(by, CHANGE)
    waiting = Delivery.objects.filter(pk=row.pk, done_at=None, dead_at=None)
    if not waiting.update(dead_at=Now(), token=None, last_error="given up by a moderator"):
        raise NothingWaits
    _note(moderator, "gave-up-delivery", row.peer, {"delivery": row.pk})


@transaction.atomic
def new_house_key(*, by: Member | None) -> None:
    """The house signs with a fresh key. Raises `NotAModerator`."""
    moderator = powers.check(by, CHANGE)
    http_keys.rotate(None)
    audit.note(f"member:{moderator.pk}", "rotated-house-http-key", "house")


def _waiting(peer: Peer) -> QuerySet[Delivery]:
    return Delivery.objects.filter(peer=peer, done_at=None, dead_at=None)


def _note(moderator: Member, act: str, peer: Peer, detail: dict[str, object]) -> None:
    audit.note(f"member:{moderator.pk}", act, f"peer:{peer.host}", detail=detail)


audit.worded(
    {
        "decided-about-server": _("decided about a server"),
        "allowed-server": _("allowed a server"),
        "disallowed-server": _("withdrew leave from a server"),
        "tried-server-now": _("had a server tried now"),
        "sent-again": _("had a delivery sent again"),
        "gave-up-delivery": _("gave up a delivery"),
        "gave-up-deliveries": _("gave up all deliveries to a server"),
        "rotated-house-http-key": _("gave the house a new key"),
    }
)
