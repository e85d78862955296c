"""Requests as other servers sign them, by hand: any headers, any coverage, so that a test can leave out anything."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from foundation import clock
from network.federation import digests, http_signatures
from network.federation.http_signatures import Signer
from network.federation.models import SignsWith
from network.federation.wire import Knock
from tests.federation.conftest import Abroad

HOST = "testserver"
MASTODON = "(request-target) host date digest content-type"
ACTIVITY_JSON = "application/activity+json"


def rsa_sign(key: RSAPrivateKey, base: str) -> str:
    return b64encode(key.sign(base.encode(), PKCS1v15(), hashes.SHA256())).decode()


def plain(body: bytes = b"{}", *, at: datetime | None = None, target: str = "/inbox", method: str = "POST") -> Knock:
    """An unsigned request with the headers that all send."""
    at = at or clock.now()
    headers = [("Host", HOST), ("Date", format_datetime(at, usegmt=True))]
    if method == "POST":
        headers += [("Digest", digests.digest(body)), ("Content-Type", ACTIVITY_JSON)]
    return Knock(method, target, HOST, headers, body, at)


def with_headers(knock: Knock, *more: tuple[str, str], without: Sequence[str] = ()) -> Knock:
    """The request with other headers: those of the same name are replaced."""
    gone = {name.lower() for name, _value in more} | {name.lower() for name in without}
    kept = [(name, value) for name, value in knock.headers if name.lower() not in gone]
    return Knock(knock.method, knock.target, knock.host, [*kept, *more], knock.body, knock.at, knock.scheme)


def cavage(
    knock: Knock,
    key: RSAPrivateKey,
    key_id: str,
    *,
    covered: str = MASTODON,
    algorithm: str | None = "rsa-sha256",
    target: str | None = None,
    **more: Any,
) -> Knock:
    """Signed by draft-cavage-12 over the named headers. `more` are further parameters (`created`, `expires`)."""
    special = {"(request-target)": f"{knock.method.lower()} {target or knock.target}"}
    special |= {f"({name})": str(value) for name, value in more.items()}
    found = {name.lower(): value for name, value in knock.headers} | special
    base = "\n".join(f"{name}: {found[name]}" for name in covered.split(" "))
    stated = [f'keyId="{key_id}"', *([f'algorithm="{algorithm}"'] if algorithm else [])]
    stated += [f"{name}={value}" for name, value in more.items()]
    stated += [f'headers="{covered}"', f'signature="{rsa_sign(key, base)}"']
    return with_headers(knock, ("Signature", ",".join(stated)))


def rfc9421(knock: Knock, key: RSAPrivateKey, text: str, lines: str) -> Knock:
    """Signed by RFC 9421: `text` is the member of Signature-Input, `lines` the base without its last line."""
    base = f'{lines}\n"@signature-params": {text}' if lines else f'"@signature-params": {text}'
    return with_headers(knock, ("Signature-Input", f"sig1={text}"), ("Signature", f"sig1=:{rsa_sign(key, base)}:"))


def posted(
    by: Abroad,
    activity: Any,
    *,
    how: SignsWith = SignsWith.CAVAGE,
    at: datetime | None = None,
    target: str = "/inbox",
    key: RSAPrivateKey | None = None,
    key_id: str = "",
) -> Knock:
    """What their server would post to the shared inbox: signed by our own signer, which peers understand."""
    at, body = at or clock.now(), activity if isinstance(activity, bytes) else json.dumps(activity).encode()
    signer = Signer(key_id or f"{by.uri}#main-key", key or by.rsa)
    url = f"http://{HOST}{target}"
    headers = http_signatures.sign("POST", url, body, signer=signer, how=how, now=at)
    return Knock("POST", target, HOST, [*headers.items(), ("Content-Type", ACTIVITY_JSON)], body, at)


def asked(by: Abroad, target: str, *, how: SignsWith = SignsWith.CAVAGE, at: datetime | None = None) -> Knock:
    """A GET that their server signs."""
    at = at or clock.now()
    signer = Signer(f"{by.uri}#main-key", by.rsa)
    headers = http_signatures.sign("GET", f"http://{HOST}{target}", None, signer=signer, how=how, now=at)
    return Knock("GET", target, HOST, [*headers.items()], b"", at)
