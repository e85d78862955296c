"""Who lives elsewhere, as their own server says: known, learnt, looked at again. Nothing unverified is kept."""

from accounts.models import Member
from foundation import clock
from network.federation.models import Actor, ActorKey


def known(uri: str) -> Actor | None:
    """The actor of that address, if we have met."""
    return Actor.objects.select_related("peer", "member").filter(uri=uri).first()


def of(member: Member) -> Actor:
    """The actor of a member who lives elsewhere; raises `Actor.DoesNotExist` for one who lives here."""
    return Actor.objects.select_related("peer").get(member=member)


def learn(uri: str) -> Actor:
    """The actor of that address, fetched from its server if we have not met. Raises a `Refusal`."""
    raise NotImplementedError


def refresh(actor: Actor) -> Actor:
    """The actor as their server describes them now; asked at most once in five minutes. Raises a `Refusal`."""
    raise NotImplementedError


def mark_gone(actor: Actor) -> None:
    """Their server says that they will not come back."""
    Actor.objects.filter(pk=actor.pk, gone_at=None).update(gone_at=clock.now())


class Keys:
    """How the gate finds keys (`gate.KeyFinder`)."""

    def known(self, actor_uri: str, key_id: str) -> ActorKey | None:
        return ActorKey.objects.select_related("actor__peer").filter(key_id=key_id, actor__uri=actor_uri).first()

    def named(self, key_id: str) -> ActorKey | None:
        return ActorKey.objects.select_related("actor__peer").filter(key_id=key_id).first()

    def met(self, actor_uri: str) -> bool:
        return Actor.objects.filter(uri=actor_uri).exists()

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        raise NotImplementedError
