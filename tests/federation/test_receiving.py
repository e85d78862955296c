"""The letter box, knocked at with real signatures: what is proved is taken, and nobody learns what becomes of it."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client

from accounts.models import Member
from foundation import clock, handfuls, redis_door
from foundation.signing import Document
from network.contacts import blocks
from network.federation import actors, http_signatures, inbox, known_keys, peers, taking
from network.federation.http_signatures import Signer
from network.federation.models import Actor, ActorKey, Inbound, Peer, Policy, SignsWith
from tests.federation.conftest import Abroad, said

HOST = "testserver"


@pytest.fixture(autouse=True)
def fresh(settings: LazySettings) -> Iterator[None]:
    settings.FEDERATION = True
    settings.SITE_URL, settings.SITE_HOST = f"https://{HOST}", HOST
    redis_door.client().flushdb()
    handfuls.forget()
    known_keys.forget()
    yield
    known_keys.forget()


def post(
    by: Abroad,
    activity: Document | bytes,
    *,
    to: str = "/inbox",
    how: SignsWith = SignsWith.CAVAGE,
    kind: str = "application/activity+json",
    ago: timedelta = timedelta(),
    change: dict[str, str] | None = None,
) -> Any:
    """The answer to the activity, signed by `by`, delivered at `to`. `change`: headers after they were signed."""
    body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
    signer = Signer(key_id=f"{by.uri}#main-key", private=by.rsa)
    headers = http_signatures.sign("POST", f"https://{HOST}{to}", body, signer=signer, how=how, now=clock.now() - ago)
    headers |= {"Host": HOST, **(change or {})}
    return Client().post(to, body, content_type=kind, headers=headers, secure=True)


def note(by: Abroad, **more: Any) -> Document:
    return said(
        by, "Create", {"id": f"{by.uri}notes/1", "type": "Note", "content": "hello", "attributedTo": by.uri, **more}
    )


@pytest.mark.parametrize("how", list(SignsWith))
def test_what_is_proved_is_kept_and_answered_202_without_a_word(how: SignsWith, zoe: Abroad) -> None:
    answer = post(zoe, note(zoe), how=how)

    assert (answer.status_code, answer.content) == (202, b"")
    assert Inbound.objects.get().actor == zoe.actor
    assert not answer.cookies


def test_a_personal_inbox_takes_it_for_its_member(zoe: Abroad, ada: Member) -> None:
    assert post(zoe, note(zoe), to="/@ada/inbox").status_code == 202
    assert Inbound.objects.get().inbox == "ada"


def test_there_is_no_inbox_of_nobody(zoe: Abroad, mia: Abroad) -> None:
    for nobody in ("/@nobody/inbox", "/@mia/inbox", "/@mia@mastodon.example/inbox"):
        assert post(zoe, note(zoe), to=nobody).status_code == 404
    assert not Inbound.objects.exists()


def test_the_blocked_and_the_ignored_are_answered_like_everybody(zoe: Abroad, ada: Member) -> None:
    taken = post(zoe, note(zoe), to="/@ada/inbox")
    blocks.block(ada, zoe.member)
    blocked = post(zoe, note(zoe), to="/@ada/inbox")
    unknown_type = post(zoe, said(zoe, "Dance", "https://two.example/x"), to="/@ada/inbox")
    again = post(zoe, note(zoe), to="/@ada/inbox")

    answers = {
        (one.status_code, one.content, tuple(sorted(one.headers.items())))
        for one in (taken, blocked, unknown_type, again)
    }
    assert len(answers) == 1


@pytest.mark.adversarial(10)
def test_the_same_request_twice_is_one(zoe: Abroad) -> None:
    activity = note(zoe)
    assert post(zoe, activity).status_code == post(zoe, activity).status_code == 202
    assert post(zoe, {**activity, "content": "other"}).status_code == 202

    assert Inbound.objects.count() == 1


@pytest.mark.adversarial(15)
def test_a_delete_by_somebody_we_never_met_is_taken_and_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, zoe: Abroad
) -> None:
    monkeypatch.setattr(actors.Keys, "refetch", lambda *_args: pytest.fail("fetched"))
    activity = said(zoe, "Delete", zoe.uri)
    Actor.objects.all().delete()

    assert post(zoe, activity).status_code == 202
    assert not Inbound.objects.exists()


def test_while_federation_is_off_there_is_no_letter_box(settings: LazySettings, zoe: Abroad) -> None:
    settings.FEDERATION = False

    assert post(zoe, note(zoe)).status_code == 404
    assert not Inbound.objects.exists()


@pytest.mark.parametrize(
    "change", [{"Signature": ""}, {"Date": "Tue, 01 Jan 2030 00:00:00 GMT"}, {"Digest": "SHA-256=AAAA"}]
)
def test_what_is_not_proved_is_401_and_nothing_is_kept(
    change: dict[str, str], zoe: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actors.Keys, "refetch", lambda *_args: None)

    assert post(zoe, note(zoe), change=change).status_code in (400, 401)
    assert not Inbound.objects.exists()


def test_somebody_elses_key_is_401(zoe: Abroad, mallory_abroad: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actors.Keys, "refetch", lambda *_args: None)

    assert post(mallory_abroad, note(zoe)).status_code == 401
    assert not Inbound.objects.exists()


def test_who_keeps_trying_without_proof_is_told_to_wait(
    zoe: Abroad, mallory_abroad: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "UNPROVEN_A_MINUTE", 3)
    monkeypatch.setattr(actors.Keys, "refetch", lambda *_args: None)
    answers = [post(mallory_abroad, note(zoe)) for _ in range(5)]

    assert [one.status_code for one in answers] == [401, 401, 401, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.mark.adversarial(24)
def test_a_body_of_more_than_256_kib_is_413(zoe: Abroad) -> None:
    assert post(zoe, note(zoe, content="x" * 256 * 1024)).status_code == 413
    assert post(zoe, note(zoe, content="x" * 250 * 1024)).status_code == 202


@pytest.mark.parametrize("kind", ["text/html", "application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_another_kind_is_415(kind: str, zoe: Abroad) -> None:
    assert post(zoe, note(zoe), kind=kind).status_code == 415
    assert not Inbound.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"a":1,"a":2}', b"\xff"])
def test_what_cannot_be_read_is_400(body: bytes, zoe: Abroad) -> None:
    assert post(zoe, body).status_code == 400


def test_nobody_reads_an_inbox(client: Client, ada: Member) -> None:
    for inbox_ in ("/inbox", "/@ada/inbox"):
        answer = client.get(inbox_, headers={"accept": "application/activity+json"})
        assert answer.status_code == 405
        assert not answer.cookies


@pytest.mark.adversarial(30)
@pytest.mark.parametrize("host", ["two.example", "evil.example", "testserver.", "TESTSERVER@evil.example"])
def test_a_letter_to_another_house_is_none_to_us(host: str, zoe: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed for another server and carried here: the signature covers the host."""
    monkeypatch.setattr(actors.Keys, "refetch", lambda *_args: None)
    assert post(zoe, note(zoe), change={"Host": host}).status_code in (400, 401)
    assert not Inbound.objects.exists()


def test_a_closed_server_is_403_and_so_is_what_stands_under_its_name(zoe: Abroad) -> None:
    Peer.objects.filter(host="two.example").update(policy=Policy.CLOSED)
    assert post(zoe, note(zoe)).status_code == 403

    known_keys.forget()
    Peer.objects.filter(host="two.example").update(policy=Policy.OPEN, host="sub.two.example")
    Peer.objects.create(host="two.example", policy=Policy.CLOSED)
    assert post(zoe, note(zoe)).status_code == 403
    assert not Inbound.objects.exists()


def test_in_allow_list_mode_only_those_on_it_are_heard(settings: LazySettings, zoe: Abroad, mia: Abroad) -> None:
    settings.FEDERATION_ALLOW_LIST = True
    Peer.objects.filter(host="two.example").update(allowed=True)

    assert post(zoe, note(zoe)).status_code == 202
    assert post(mia, note(mia)).status_code == 403


def test_a_listened_to_server_is_heard(zoe: Abroad) -> None:
    Peer.objects.update(policy=Policy.LISTEN)

    assert post(zoe, note(zoe)).status_code == 202


@pytest.mark.adversarial(29)
def test_one_servers_flood_is_429_whatever_addresses_it_pretends_and_others_are_heard(
    settings: LazySettings, zoe: Abroad, mia: Abroad
) -> None:
    settings.INBOX_A_MINUTE_AND_SERVER = 3
    answers = [post(zoe, note(zoe), change={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(5)]

    assert [one.status_code for one in answers] == [202, 202, 202, 429, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 61
    assert post(mia, note(mia)).status_code == 202


def test_one_persons_flood_is_429_and_their_neighbours_are_heard(settings: LazySettings, zoe: Abroad) -> None:
    settings.INBOX_A_MINUTE_AND_ACTOR = 2

    assert [post(zoe, note(zoe)).status_code for _ in range(3)] == [202, 202, 429]


def test_what_cannot_be_kept_is_503_and_the_sender_keeps_it(monkeypatch: pytest.MonkeyPatch, zoe: Abroad) -> None:
    def away(*_args: Any, **_more: Any) -> bool:
        raise OperationalError

    monkeypatch.setattr(inbox, "keep_all", away)
    answer = post(zoe, note(zoe))

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0


def test_without_redis_nothing_is_taken(zoe: Abroad, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    redis_door.client.cache_clear()
    answer = post(zoe, note(zoe))
    redis_door.client.cache_clear()

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert not Inbound.objects.exists()


@pytest.mark.adversarial(32)
def test_a_key_that_its_owner_has_changed_is_found_although_the_old_one_is_remembered(
    zoe: Abroad, mallory_abroad: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zoe's server has made a new key: the other one of the two that tests have."""
    assert post(zoe, note(zoe)).status_code == 202
    new = ActorKey.objects.get(key_id=f"{mallory_abroad.uri}#main-key").public

    def refetch(self: actors.Keys, actor_uri: str, key_id: str) -> ActorKey | None:
        ActorKey.objects.filter(key_id=key_id).update(public=new)
        return self.known(actor_uri, key_id)

    monkeypatch.setattr(actors.Keys, "refetch", refetch)
    assert post(Abroad(zoe.actor, mallory_abroad.rsa, b""), note(zoe)).status_code == 202
    assert Inbound.objects.count() == 2


def test_a_remembered_key_is_forgotten_after_ten_seconds(zoe: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    assert post(zoe, note(zoe)).status_code == 202
    Peer.objects.update(policy=Policy.CLOSED)
    later = time.monotonic() + known_keys.REMEMBERED_S
    monkeypatch.setattr(known_keys, "time", SimpleNamespace(monotonic=lambda: later))

    assert post(zoe, note(zoe)).status_code == 403


def test_the_same_server_is_one_row_however_it_is_written(db: None) -> None:
    assert peers.of("Two.Example.") == peers.of("two.example")
