"""What the servers of people elsewhere say when they are asked: documents by their addresses, without a network."""

from typing import Any

import pytest

from foundation.signing import Document
from network.federation import discovery, fetching
from network.federation.models import Actor, Purpose
from tests.federation.conftest import Abroad


class Servers:
    """`documents`: what lies where; an exception stands for a server that answers so. `asked`: what was asked for."""

    def __init__(self) -> None:
        self.documents: dict[str, Document | Exception] = {}
        self.asked: list[str] = []

    def document(self, uri: str, **_more: Any) -> Document:
        self.asked.append(uri)
        found = self.documents.get(uri, fetching.Nobody())
        if isinstance(found, Exception):
            raise found
        return found

    def describe(self, someone: Abroad, **changes: Any) -> None:
        """Their document says what we know, with these changes."""
        self.documents[someone.uri] = document_of(someone) | changes


def document_of(someone: Abroad) -> Document:
    actor = someone.actor
    http = actor.keys.get(purpose=Purpose.HTTP)
    assertion = actor.keys.get(purpose=Purpose.ASSERTION)
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": actor.uri,
        "type": "Person",
        "preferredUsername": actor.name,
        "name": someone.member.name,
        "inbox": actor.inbox,
        "endpoints": {"sharedInbox": actor.shared_inbox},
        "publicKey": {"id": http.key_id, "owner": actor.uri, "publicKeyPem": http.public},
        "assertionMethod": [
            {
                "id": assertion.key_id,
                "type": "Multikey",
                "controller": actor.uri,
                "publicKeyMultibase": assertion.public,
            }
        ],
        "generator": {"type": "Application", "implements": [{"href": name} for name in actor.implements]},
    }


def answering(monkeypatch: pytest.MonkeyPatch) -> Servers:
    """Nobody is dialled: what `Servers` has is all there is."""
    servers = Servers()
    monkeypatch.setattr(fetching, "document", servers.document)
    monkeypatch.setattr(discovery, "acct_of", lambda uri, name: f"{name}@{uri.split('/')[2]}")
    return servers


def may_be_asked_again(*people: Abroad) -> None:
    """Five minutes have passed since they were fetched."""
    Actor.objects.filter(pk__in=[one.actor.pk for one in people]).update(refetched_at=None)
