"""Documents of people elsewhere, as servers there write them."""

from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from foundation import signing
from foundation.signing import Document
from network.federation import vocabulary
from tests.federation.tls import Server
from tests.federation.world import says

KEYS = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
JRD = "application/jrd+json"


def pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def person(uri: str, name: str = "zoe", **more: Any) -> Document:
    """Somebody, with an RSA key."""
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": uri,
        "type": "Person",
        "preferredUsername": name,
        "name": name.title(),
        "inbox": f"{uri}inbox",
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": pem(KEYS[0])},
        **more,
    }


def one_like_ours(uri: str, name: str = "zoe", **more: Any) -> Document:
    """Somebody on a server like ours, with everything."""
    _private, public = signing.new_key()
    assertion = {"id": f"{uri}#ed25519-key", "type": "Multikey", "controller": uri}
    return person(
        uri,
        name,
        summary="<p>Turbines, mostly.</p>",
        url=uri,
        followers=f"{uri}followers",
        endpoints={"sharedInbox": f"{uri.partition('/@')[0]}/inbox"},
        indexable=True,
        attachment=[
            {"type": "PropertyValue", "name": "Headline", "value": "Builds turbines"},
            {
                "type": "PropertyValue",
                "name": "Web",
                "value": '<a href="https://zoe.example">zoe<span>.example</span></a>',
            },
        ],
        assertionMethod=[{**assertion, "publicKeyMultibase": signing.multikey(public)}],
        generator={"type": "Application", "implements": [{"href": vocabulary.connections(), "name": "Requests"}]},
        **more,
    )


def lives_at(server: Server, document: Document, *, target: str = "/@zoe/") -> str:
    """The document lies at that server, and WebFinger there knows it by its name; its address comes back."""
    server.paths[target] = says(document)
    fingered(server, f"acct:{document['preferredUsername']}@{server.name}", str(document["id"]))
    return server.url(target)


def fingered(server: Server, subject: str, uri: str, kind: str = "application/activity+json") -> None:
    found = {"subject": subject, "links": [{"rel": "self", "type": kind, "href": uri}]}
    server.paths["/.well-known/webfinger"] = says(found, kind=JRD)
