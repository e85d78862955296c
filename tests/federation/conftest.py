"""Zoe lives elsewhere, on a server like ours; Mallory's server forges. Their keys are real, their servers are not."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import LazySettings

from accounts.models import Door, Elsewhere, Member
from foundation import clock, jobs, signing
from foundation.signing import Document
from network.federation import addresses, client, http_keys, inbox, vocabulary
from network.federation.models import Actor, ActorKey, Delivery, Inbound, Outbound, Peer, Purpose
from tests.federation.neighbourhood import _fedi, fedi, harburg, lund, towns  # noqa: F401  (real servers, for flow tests)
from tests.federation.sinks import Sink
from tests.federation.world import evil, two, world  # noqa: F401  (servers on this machine, for every test here)


@dataclass(frozen=True)
class Abroad:
    """Somebody elsewhere with their private keys: `actor.member` is how we know them."""

    actor: Actor
    rsa: rsa.RSAPrivateKey
    ed25519: bytes

    @property
    def member(self) -> Member:
        assert self.actor.member is not None
        return self.actor.member

    @property
    def uri(self) -> str:
        return self.actor.uri


RSA_KEYS = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


def lives_abroad(name: str, host: str, *, speaks: bool = True, key: int = 0) -> Abroad:
    """A member of another server, known here with both keys; `speaks`: their server understands our requests."""
    peer, _created = Peer.objects.get_or_create(host=host)
    uri = f"https://{host}/@{name}/"
    member = Member.objects.create(handle=name, host=host, name=name.title(), name_to=3, confirmed_at=clock.now())
    Door.objects.get_or_create(member=member)
    Elsewhere.objects.create(member=member, uri=uri, page=uri, speaks=speaks)
    implements = [vocabulary.connections()] if speaks else []
    actor = Actor.objects.create(
        uri=uri, peer=peer, member=member, kind="Person", name=name, inbox=f"{uri}inbox",
        shared_inbox=f"https://{host}/inbox", followers=f"{uri}followers", implements=implements,
    )  # fmt: skip
    private, public = signing.new_key()
    pem = (
        RSA_KEYS[key]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    ActorKey.objects.create(actor=actor, key_id=f"{uri}#main-key", purpose=Purpose.HTTP, public=pem.decode())
    multikey = signing.multikey(public)
    ActorKey.objects.create(actor=actor, key_id=f"{uri}#ed25519-key", purpose=Purpose.ASSERTION, public=multikey)
    return Abroad(actor, RSA_KEYS[key], private)


@pytest.fixture
def zoe(db: None) -> Abroad:
    """Lives on a server like ours."""
    return lives_abroad("zoe", "two.example")


@pytest.fixture
def mia(db: None) -> Abroad:
    """Lives in the wider Fediverse, on a server that knows nothing of requests."""
    return lives_abroad("mia", "mastodon.example", speaks=False)


@pytest.fixture
def mallory_abroad(db: None) -> Abroad:
    """Forges, from a server of their own."""
    return lives_abroad("mallory", "evil.example", key=1)


def said(by: Abroad, type_: str, object_: Any, *, to: Member | None = None, **more: Any) -> Document:
    """An activity as their server would write it."""
    activity = {"@context": vocabulary.context(), "id": f"{by.uri}activities/{uuid.uuid4()}", "type": type_}
    activity |= {"actor": by.uri, "object": object_, **more}
    return activity | ({"to": [addresses.actor(to)]} if to else {})


def arrives(by: Abroad, activity: Document, *, inbox_of: str = "") -> Inbound:
    """The activity as it is after the gate has let it in and a worker has looked at it."""
    inbox.keep(activity, actor=by.actor, inbox=inbox_of)
    jobs.drain_everything(strict=True)
    return Inbound.objects.get(activity_id=activity["id"], inbox=inbox_of)


def leaving_for(someone: Abroad) -> list[Document]:
    """The activities that are on their way to somebody, oldest first, without signatures."""
    sent = Delivery.objects.filter(inbox__in=[someone.actor.inbox, someone.actor.shared_inbox])
    return [row.body for row in Outbound.objects.filter(deliveries__in=sent).order_by("made_at")]


@pytest.fixture
def sink(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Sink:
    settings.FEDERATION = True
    made = Sink()
    monkeypatch.setattr(client, "post", made.post)
    monkeypatch.setattr(http_keys, "signer", lambda member: None)
    return made
