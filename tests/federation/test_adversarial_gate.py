"""Inputs that have broken other servers, at our gate: numbers and sources of the specification's list.

Each is tried with everything else right, so that nothing but the one thing can be the reason.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from foundation import clock
from foundation.signing import Document
from network.federation import gate, inbox
from network.federation.gate import Ignored, Knock, Malformed, Unproven
from network.federation.models import ActorKey, Inbound, Purpose, SignsWith
from tests.federation.conftest import Abroad, said
from tests.federation.keyring import Keyring, refused
from tests.federation.signed import HOST, cavage, plain, posted, rfc9421, with_headers
from tests.federation.test_gate import BOTH, follow

pytestmark = pytest.mark.django_db


def signed(by: Abroad, activity: Document, **how: Any) -> Knock:
    """The activity as they post it, with a cavage signature of any coverage."""
    return cavage(plain(json.dumps(activity).encode()), by.rsa, f"{by.uri}#main-key", **how)


@pytest.mark.adversarial(1)  # CVE-2024-23832
@pytest.mark.parametrize("kind", ["Create", "Update"])
@pytest.mark.parametrize(
    "thing",
    [
        {"id": "https://mastodon.example/notes/1", "type": "Note"},
        "https://mastodon.example/notes/1",
        {"type": "Note", "content": "nobody's"},
        {"id": "https://two.example/1", "attributedTo": "https://two.example/@ada/"},
        [{"id": "https://two.example/1", "type": "Note"}, {"id": "https://mastodon.example/notes/1", "type": "Note"}],
        None,
        [],
    ],
)
def test_nobody_writes_for_another_server(zoe: Abroad, kind: str, thing: Any) -> None:
    refused(posted(zoe, said(zoe, kind, thing)), Ignored)


@pytest.mark.adversarial(3)  # GHSA-jhrq-qvrm-qr36: the document that was found is another actor's
def test_a_key_from_the_document_of_another_is_not_the_actors(zoe: Abroad, mia: Abroad) -> None:
    ActorKey.objects.filter(actor=zoe.actor, purpose=Purpose.HTTP).delete()
    of_mia = ActorKey.objects.get(actor=mia.actor, purpose=Purpose.HTTP)
    refused(posted(zoe, follow(zoe)), Unproven, Keyring(lambda _actor, _key: of_mia))


@pytest.mark.adversarial(4)  # CVE-2025-54888
@BOTH
def test_a_key_signs_for_its_owner_alone(zoe: Abroad, mallory_abroad: Abroad, how: SignsWith) -> None:
    knock = posted(mallory_abroad, follow(zoe), how=how)
    refused(knock, Unproven)
    refused(posted(mallory_abroad, follow(zoe), how=how, key_id=f"{zoe.uri}#main-key"), Unproven)


@pytest.mark.adversarial(5)  # FEP-fe34, reciprocal claim
@pytest.mark.parametrize("key_id", ["https://evil.example/keys/zoe", "https://evil.example/@zoe/#main-key"])
def test_a_key_at_another_server_that_names_her_as_owner_is_not_hers(zoe: Abroad, key_id: str) -> None:
    stray = ActorKey(actor=zoe.actor, key_id=key_id, purpose=Purpose.HTTP, public="")
    stray.public = ActorKey.objects.get(actor=zoe.actor, purpose=Purpose.HTTP).public
    knock = posted(zoe, follow(zoe), key_id=key_id)
    refused(knock, Unproven, Keyring(lambda _actor, _key: stray))
    stray.save()
    refused(knock, Unproven)
    read = cavage(plain(method="GET", target="/@ada/"), zoe.rsa, key_id, covered="(request-target) host date")
    with pytest.raises(Unproven):
        gate.recognise(read, keys=Keyring())


@pytest.mark.adversarial(6)  # CVE-2026-28432
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Signature", "")],
        [("Signature", "[]")],
        [("Signature", '["keyId"]')],
        [("Signature", "null")],
        [("Signature", "sig1=:aaaa:")],
        [("Authorization", 'Signature keyId="x"')],
        [("Signature-Input", "")],
        [("Signature-Input", "sig1=()")],
        [("X-Signature", "a")],
        [("Signature-Input", 'sig1=("@method");created=1')],
        [("Signature", 'keyId="",headers="",signature=""')],
        [("Signature_", "a")],
        [("SIGNATURE", "none")],
        [("signature", "sig1=:aaaa:"), ("signature-input", "sig1=[]")],
    ],
)
def test_no_shape_of_the_header_means_that_nothing_is_checked(zoe: Abroad, headers: list[tuple[str, str]]) -> None:
    knock = plain(json.dumps(follow(zoe)).encode())
    refused(with_headers(knock, *headers), Unproven)


@pytest.mark.adversarial(6)
@pytest.mark.adversarial(9)
@BOTH
def test_a_second_signature_is_not_looked_over(zoe: Abroad, how: SignsWith) -> None:
    knock = posted(zoe, follow(zoe), how=how)
    for name in ("Signature", "signature", "SIGNATURE"):
        refused(Knock("POST", "/inbox", HOST, [*knock.headers, (name, "x")], knock.body, knock.at), Malformed)


@pytest.mark.adversarial(7)  # misskey#2545, swicg/activitypub-http-signature#62
@pytest.mark.parametrize(
    "covered", ["date", "host date", "(request-target) host date", "date digest", "(request-target) digest"]
)
def test_a_signature_has_to_cover_what_counts(zoe: Abroad, covered: str) -> None:
    refused(signed(zoe, follow(zoe), covered=covered), Unproven)


@pytest.mark.adversarial(7)
def test_so_does_one_of_the_newer_kind(zoe: Abroad) -> None:
    knock = plain(json.dumps(follow(zoe)).encode())
    stated = f';created={int(knock.at.timestamp())};keyid="{zoe.uri}#main-key"'
    refused(rfc9421(knock, zoe.rsa, f'("@method"){stated}', '"@method": POST'), Unproven)
    refused(rfc9421(knock, zoe.rsa, f"(){stated}", ""), Unproven)


@pytest.mark.adversarial(8)  # GHSA-2xf4-24vg-253p
@BOTH
def test_a_body_is_the_one_that_was_signed(zoe: Abroad, how: SignsWith) -> None:
    knock = posted(zoe, follow(zoe), how=how)
    other = json.dumps(follow(zoe)).encode()
    refused(Knock("POST", "/inbox", HOST, knock.headers, other, knock.at), Unproven)
    refused(with_headers(knock, without=["digest", "content-digest"]), Unproven)
    refused(signed(zoe, follow(zoe), covered="(request-target) host date content-type"), Unproven)


@pytest.mark.adversarial(9)  # mastodon#15069
@pytest.mark.parametrize("name", ["Digest", "Content-Digest"])
def test_every_digest_has_to_fit(zoe: Abroad, name: str) -> None:
    right = plain(json.dumps(follow(zoe)).encode()).field("digest").removeprefix("SHA-256=")
    wrong = "A" * 43 + "="
    both = f"SHA-256={right},SHA-256={wrong}" if name == "Digest" else f"sha-256=:{right}:, sha-512=:{wrong}:"
    knock = with_headers(plain(json.dumps(follow(zoe)).encode()), (name, both))
    refused(cavage(knock, zoe.rsa, f"{zoe.uri}#main-key"), Unproven)
    twice = cavage(plain(knock.body), zoe.rsa, f"{zoe.uri}#main-key")
    doubled = Knock("POST", "/inbox", HOST, [*twice.headers, ("digest", f"SHA-256={right}")], knock.body, knock.at)
    refused(doubled, Malformed)


@pytest.mark.adversarial(10)  # ActivityPub, B; Fedify's idempotency
def test_a_request_that_comes_again_has_no_second_effect(zoe: Abroad) -> None:
    activity = follow(zoe)
    knock = posted(zoe, activity)
    for new in (True, False):
        admitted = gate.admit(knock, keys=Keyring())
        assert inbox.keep(admitted.activity, actor=admitted.actor) is new
    other_body = posted(zoe, said(zoe, "Block", "https://one.example/@ada/") | {"id": activity["id"]})
    assert not inbox.keep(gate.admit(other_body, keys=Keyring()).activity, actor=zoe.actor)
    assert Inbound.objects.get().body == activity


@pytest.mark.adversarial(10)
@BOTH
def test_a_request_says_nothing_at_another_door(zoe: Abroad, how: SignsWith) -> None:
    knock = posted(zoe, follow(zoe), how=how)
    for target in ("/@ada/inbox", "/inbox?", "/inbox?x", "//inbox", "/inbox/"):
        refused(Knock("POST", target, HOST, knock.headers, knock.body, knock.at), Unproven)


@pytest.mark.adversarial(11)  # Mastodon 4.5
@pytest.mark.parametrize(
    "off", [timedelta(hours=-13), timedelta(hours=2), timedelta(seconds=-3602), timedelta(seconds=302)]
)
@BOTH
def test_what_is_not_of_this_hour_is_refused(zoe: Abroad, how: SignsWith, off: timedelta) -> None:
    knock = posted(zoe, follow(zoe), how=how, at=clock.now() + off)
    refused(Knock("POST", "/inbox", HOST, knock.headers, knock.body, clock.now()), Unproven)


@pytest.mark.adversarial(11)
@pytest.mark.parametrize(
    "stated",
    [
        "",
        ";created={now}.5",
        ";created=?1",
        ';created="{now}"',
        ";created={now};expires={past}",
        ";created={now};expires={past}.0",
    ],
)
def test_times_are_stated_exactly(zoe: Abroad, stated: str) -> None:
    knock = plain(json.dumps(follow(zoe)).encode())
    digest = f"sha-256=:{knock.field('digest').removeprefix('SHA-256=')}:"
    now = int(knock.at.timestamp())
    text = f'("@method" "@target-uri" "content-digest"){stated};keyid="{zoe.uri}#main-key"'
    text = text.replace("{now}", str(now)).replace("{past}", str(now - 5))
    lines = f'"@method": POST\n"@target-uri": http://{HOST}/inbox\n"content-digest": {digest}'
    refused(
        rfc9421(with_headers(knock, ("Content-Digest", digest), without=["digest"]), zoe.rsa, text, lines), Unproven
    )
