"""Inputs that have broken other servers: names, hosts, keys and proofs of others (federation.md, the list)."""

import json
from datetime import timedelta

import base58
import pytest

from foundation import clock, rfc3339, signing
from foundation.signing import Document
from network.federation import gate, inbox
from network.federation.gate import Malformed, Unproven
from network.federation.models import ActorKey, Purpose
from tests.federation.conftest import RSA_KEYS, Abroad
from tests.federation.keyring import Keyring, refused, replaced
from tests.federation.signed import plain, posted, with_headers
from tests.federation.test_cavage import pem
from tests.federation.test_gate import follow
from tests.federation.test_passed_on import prove

pytestmark = pytest.mark.django_db


@pytest.mark.adversarial(29)  # CVE-2023-49952
def test_no_header_of_the_senders_says_who_they_are(zoe: Abroad) -> None:
    forged = [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Host", "one.example"), ("Forwarded", "host=one.example")]
    forged += [("X-Original-URL", "/@ada/inbox"), ("X-HTTP-Method-Override", "GET"), ("X-Real-IP", "::1")]
    assert gate.admit(with_headers(posted(zoe, follow(zoe)), *forged), keys=Keyring()).actor == zoe.actor
    refused(with_headers(plain(json.dumps(follow(zoe)).encode()), *forged), Unproven)


@pytest.mark.adversarial(30)  # CVE-2023-42451
@pytest.mark.parametrize(
    "actor",
    [
        "https://two.example@evil.example/@zoe/",
        "https://evil.example\\@two.example/@zoe/",
        "https://two.example%2f.evil.example/",
        "https://two.example:99999/@zoe/",
        "https://two.exаmple/@zoe/",
        "https://two。example/@zoe/",
        "https://two.example\n/@zoe/",
        "http://two.example/@zoe/",
        "https://[::1]/@zoe/",
        "https://127.1/@zoe/",
        "https://2130706433/",
        "https:///two.example/@zoe/",
        "//two.example/@zoe/",
        "https://two.example\u200b/@zoe/",
        "https://localhost/@zoe/",
        "https://two.example\t/@zoe/",
    ],
)
def test_hosts_that_read_in_two_ways_have_no_actors(zoe: Abroad, actor: str) -> None:
    refused(posted(zoe, follow(zoe) | {"actor": actor, "id": f"{actor}1"}), Malformed)
    refused(posted(zoe, follow(zoe) | {"id": f"{actor}1"}), Malformed)


@pytest.mark.adversarial(30)
@pytest.mark.parametrize("host", ["TWO.example", "two.example.", "two.example:443", "Two.Example.:443"])
def test_one_host_is_one_origin_and_an_actor_has_one_name(zoe: Abroad, host: str) -> None:
    other_spelling = follow(zoe) | {"id": f"https://{host}/activities/1"}
    assert gate.admit(posted(zoe, other_spelling), keys=Keyring()).actor == zoe.actor
    refused(posted(zoe, follow(zoe) | {"actor": zoe.uri.replace("two.example", host)}), Unproven)


@pytest.mark.adversarial(31)  # CVE-2026-33869's class
def test_an_id_is_taken_by_its_own_server_alone(zoe: Abroad, mallory_abroad: Abroad) -> None:
    hers = follow(zoe)
    for activity in (hers, hers | {"actor": mallory_abroad.uri}):
        refused(posted(mallory_abroad, activity), Unproven)
    assert inbox.keep(gate.admit(posted(zoe, hers), keys=Keyring()).activity, actor=zoe.actor)


@pytest.mark.adversarial(32)  # Akkoma's race
def test_a_new_key_is_found_by_one_fetch_and_an_old_one_no_longer_counts(zoe: Abroad) -> None:
    key = ActorKey.objects.get(actor=zoe.actor, purpose=Purpose.HTTP)
    new, keys = pem(RSA_KEYS[1]), Keyring(lambda _actor, _key: replaced(key, public=new))
    assert gate.admit(posted(zoe, follow(zoe), key=RSA_KEYS[1]), keys=keys).actor == zoe.actor
    refused(posted(zoe, follow(zoe), key=RSA_KEYS[0]), Unproven, keys)


@pytest.mark.adversarial(35)  # W3C vc-di-eddsa, verify
@pytest.mark.parametrize(
    "changes",
    [
        {"type": "Ed25519Signature2020"},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"cryptosuite": "EDDSA-JCS-2022"},
        {"type": ["DataIntegrityProof"]},
        {"proofPurpose": "authentication"},
        {"proofPurpose": None},
        {"@context": ["https://www.w3.org/ns/activitystreams"]},
        {"proofValue": ""},
        {"verificationMethod": "https://evil.example/@mallory/#ed25519-key"},
        {"verificationMethod": "did:key:z6Mk"},
        {"proofValue": "z"},
        {"verificationMethod": None},
        {"verificationMethod": {"id": "https://two.example/@zoe/#ed25519-key"}},
        {"proofValue": "u" + "A" * 86},
        {"expires": "2020-01-01T00:00:00Z"},
        {"expires": "soon"},
        {"created": None},
        {"created": "2026-11-25"},
        {"nonce": 1.5},
    ],
)
def test_a_proof_that_is_not_exactly_so_stands_in_for_nobody(zoe: Abroad, mia: Abroad, changes: Document) -> None:
    proved = prove(follow(zoe), zoe)
    refused(posted(mia, proved | {"proof": proved["proof"] | changes}), Unproven)


@pytest.mark.adversarial(35)
@pytest.mark.parametrize(("lasts", "holds"), [(timedelta(hours=1), True), (timedelta(seconds=-1), False)])
def test_a_proof_holds_no_longer_than_it_says(zoe: Abroad, mia: Abroad, lasts: timedelta, holds: bool) -> None:
    activity = follow(zoe)
    proof = {name: value for name, value in prove(activity, zoe)["proof"].items() if name != "proofValue"}
    proof["expires"] = rfc3339.write(clock.now() + lasts)
    signature = signing.sign(zoe.ed25519, signing.digest(activity, proof))
    proof["proofValue"] = "z" + base58.b58encode(signature).decode()
    knock = posted(mia, activity | {"proof": proof})
    if holds:
        assert gate.admit(knock, keys=Keyring()).actor == zoe.actor
    else:
        refused(knock, Unproven)


@pytest.mark.adversarial(35)
def test_a_proof_by_anothers_key_stands_in_for_nobody(zoe: Abroad, mia: Abroad, mallory_abroad: Abroad) -> None:
    by_mallory = {"private": mallory_abroad.ed25519, "method": f"{mallory_abroad.uri}#ed25519-key"}
    keys = Keyring()
    refused(posted(mia, prove(follow(zoe), zoe, **by_mallory)), Unproven, keys)
    assert keys.fetched == []
    refused(posted(mia, prove(follow(zoe), zoe, private=mallory_abroad.ed25519)), Unproven)
    refused(posted(mia, prove(follow(zoe), zoe, method=f"{zoe.uri}#main-key")), Unproven)
    refused(posted(mia, prove(follow(zoe), zoe, purpose="authentication")), Unproven)


@pytest.mark.adversarial(35)
def test_nothing_of_what_was_proved_may_change(zoe: Abroad, mia: Abroad) -> None:
    proved = prove(follow(zoe, content="a", count=1), zoe)
    for changed in (
        proved | {"content": "b"},
        proved | {"more": 1},
        {name: value for name, value in proved.items() if name != "content"},
        proved | {"proof": [proved["proof"]]},
        proved | {"proof": [proved["proof"], proved["proof"]]},
        proved | {"count": 1.5},
        {name: value for name, value in proved.items() if name != "proof"},
        proved | {"proof": None},
        proved | {"proof": "z"},
        proved | {"@context": ["https://www.w3.org/ns/activitystreams"]},
    ):
        refused(posted(mia, changed), Unproven)
    refused(posted(mia, json.dumps(proved).replace('"count": 1', '"count": 9007199254740993').encode()), Malformed)
    assert gate.admit(posted(mia, proved), keys=Keyring()).actor == zoe.actor


@pytest.mark.adversarial(35)
def test_a_proof_taken_off_and_made_anew_is_its_new_makers(zoe: Abroad, mallory_abroad: Abroad) -> None:
    bare = {name: value for name, value in prove(follow(zoe), zoe).items() if name != "proof"}
    anew = signing.secure(bare, private=mallory_abroad.ed25519, method=f"{mallory_abroad.uri}#ed25519-key")
    refused(posted(mallory_abroad, anew), Unproven)
