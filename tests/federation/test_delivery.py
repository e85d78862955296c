"""What must go out goes out, once with effect, whatever the other side answers; no server waits for another's."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from accounts import keys
from accounts.models import Member
from foundation import clock, jobs, signing
from foundation.models import Job
from foundation.refusals import Forbidden, NotNow
from network.federation import addresses, batches, circuit, client, delivery, http_keys, outbox, posting
from network.federation.client import Answer
from network.federation.models import Actor, Delivery, Peer, Policy, SignsWith
from tests.federation.conftest import Abroad, lives_abroad

Say = Callable[[str, dict[str, Any]], Any]


@dataclass
class Sink:
    """The other servers. `says` gives what is answered to each post: a status, a status with headers, or an error."""

    says: Say = lambda _inbox, _body: 202
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hows: list[str] = field(default_factory=list)
    during: Callable[[], object] = lambda: None

    def post(self, url: str, body: bytes, *, signer: Any, how: str, **_more: Any) -> Answer:
        self.got.append((url, json.loads(body)))
        self.hows.append(how)
        self.during()
        said = self.says(url, self.got[-1][1])
        if isinstance(said, Exception):
            raise said
        status, headers = said if isinstance(said, tuple) else (said, {})
        return Answer(url, status, headers, b"")

    def ids(self) -> list[str]:
        return [body["id"] for _url, body in self.got]


@pytest.fixture
def sink(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Sink:
    settings.FEDERATION = True
    made = Sink()
    monkeypatch.setattr(client, "post", made.post)
    monkeypatch.setattr(http_keys, "signer", lambda member: None)
    return made


def says(ada: Member, to: Abroad, many: int = 1, *, proved: bool = False, word: str = "hello") -> list[str]:
    """So many activities of Ada's are on their way; their ids, oldest first."""
    made = [
        outbox.send(ada, {"type": "Note", "content": word}, to=[to.actor], key=f"{word}{n}", proved=proved)
        for n in range(many)
    ]
    return [one.uri for one in made]


def turn(to: Abroad) -> None:
    delivery.send_due(to.actor.peer_id)


def later(**ago: float) -> None:
    """So much time passes, as far as deliveries and circuits are concerned."""
    gone = timedelta(**ago)
    Delivery.objects.update(available_at=F("available_at") - gone, due_at=F("due_at") - gone)
    Peer.objects.update(rests_until=F("rests_until") - gone)


def waits_s(one: Delivery) -> float:
    now = Delivery.objects.filter(pk=one.pk).annotate(now=Now()).values_list("now", flat=True).get()
    return float((one.available_at - now).total_seconds())


def test_what_is_answered_2xx_is_done_and_never_sent_again(sink: Sink, ada: Member, zoe: Abroad) -> None:
    ids = says(ada, zoe, 3)
    jobs.drain_everything(strict=True)
    later(days=1)
    turn(zoe)

    assert sink.ids() == ids
    assert not Delivery.objects.filter(done_at=None).exists()
    assert not Job.objects.filter(kind="deliver", done_at=None).exists()
    zoe.actor.peer.refresh_from_db()
    assert zoe.actor.peer.last_reached_at is not None


def test_while_federation_is_off_nothing_leaves_and_later_it_does(
    sink: Sink, settings: LazySettings, ada: Member, zoe: Abroad
) -> None:
    settings.FEDERATION = False
    says(ada, zoe)
    jobs.drain_everything(strict=True)
    assert sink.got == []

    settings.FEDERATION = True
    delivery.ask_for_all()
    jobs.drain_everything(strict=True)
    assert len(sink.got) == 1


@pytest.mark.parametrize("policy", [Policy.CLOSED, Policy.LISTEN])
def test_a_server_we_do_not_send_to_gets_nothing_although_rows_exist(
    policy: Policy, sink: Sink, ada: Member, zoe: Abroad
) -> None:
    says(ada, zoe)
    Peer.objects.update(policy=policy)
    turn(zoe)

    assert sink.got == []
    assert Delivery.objects.get().dead_at is not None


def test_a_server_under_a_closed_domain_gets_nothing(sink: Sink, ada: Member, db: None) -> None:
    eve = lives_abroad("eve", "a.evil.example")
    says(ada, eve)
    Peer.objects.create(host="evil.example", policy=Policy.CLOSED)
    turn(eve)

    assert sink.got == []


def test_a_limited_server_is_written_to(sink: Sink, ada: Member, zoe: Abroad) -> None:
    Peer.objects.update(policy=Policy.LIMITED)
    says(ada, zoe)
    turn(zoe)

    assert len(sink.got) == 1


def test_a_410_ends_all_that_goes_to_that_inbox_and_marks_who_lived_there(sink: Sink, ada: Member, zoe: Abroad) -> None:
    sink.says = lambda _inbox, _body: 410
    says(ada, zoe, 25)
    turn(zoe)

    assert len(sink.got) <= delivery.BATCH
    assert not Delivery.objects.filter(dead_at=None, done_at=None).exists()
    assert Actor.objects.get(pk=zoe.actor.pk).gone_at is not None


@pytest.mark.parametrize("status", [301, 400, 403, 404, 405, 413, 422])
def test_what_is_refused_is_tried_three_times_and_then_dead(status: int, sink: Sink, ada: Member, zoe: Abroad) -> None:
    sink.says = lambda _inbox, _body: status
    says(ada, zoe)
    for _try in range(5):
        turn(zoe)
        later(days=1)

    assert len(sink.got) == 3
    row = Delivery.objects.get()
    assert (row.dead_at is not None, row.last_status) == (True, status)
    assert Peer.objects.get(pk=zoe.actor.peer_id).failures == 0


@pytest.mark.parametrize("answer", [500, 502, 503, 504, NotNow()])
def test_5xx_and_no_answer_are_alike_and_go_on_for_seven_days(
    answer: Any, sink: Sink, ada: Member, zoe: Abroad
) -> None:
    sink.says = lambda _inbox, _body: answer
    says(ada, zoe)
    turn(zoe)
    first = Delivery.objects.get()
    assert 40 < waits_s(first) < 80
    for _try in range(11):
        later(hours=15.1)  # longer than any pause with its jitter
        turn(zoe)
    assert Delivery.objects.get().dead_at is None
    later(hours=15.1)
    turn(zoe)

    assert Delivery.objects.get().dead_at is not None
    assert len(set(sink.ids())) == 1


def test_pauses_grow_from_a_minute_to_twelve_hours(sink: Sink, ada: Member, zoe: Abroad) -> None:
    sink.says = lambda _inbox, _body: 500
    says(ada, zoe)
    pauses = []
    for _try in range(13):
        turn(zoe)
        pauses.append(waits_s(Delivery.objects.get()))
        Delivery.objects.update(available_at=Now())
        Peer.objects.update(rests_until=None)

    assert all(
        0.75 * min(60 * 2**n, 43_200) - 1 <= pause <= 1.25 * min(60 * 2**n, 43_200) for n, pause in enumerate(pauses)
    )


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wish", ["1800", "date"])
def test_retry_after_is_honoured_by_all_that_goes_there(
    status: int, wish: str, sink: Sink, ada: Member, zoe: Abroad
) -> None:
    said = format_datetime(clock.now() + timedelta(minutes=30)) if wish == "date" else wish
    sink.says = lambda _inbox, _body: (status, {"retry-after": said})
    says(ada, zoe, 5)
    jobs.drain_everything(strict=True)
    assert len(sink.got) == 1

    later(minutes=29)
    turn(zoe)
    assert len(sink.got) == 1

    later(minutes=2)
    sink.says = lambda _inbox, _body: 202
    turn(zoe)
    assert len(set(sink.ids())) == 5


def test_a_wish_of_years_is_met_for_twelve_hours() -> None:
    assert posting.wished_s("999999999999") == posting.wished_s("Fri, 31 Dec 9999 23:59:59 GMT") == 43_200
    assert posting.wished_s("soon") == posting.wished_s("-5") == posting.wished_s("") == 0


def test_after_a_401_the_other_signature_is_tried_at_once_and_remembered(sink: Sink, ada: Member, zoe: Abroad) -> None:
    sink.says = lambda _inbox, _body: 202 if sink.hows[-1] == SignsWith.RFC9421 else 401
    says(ada, zoe, 3)
    turn(zoe)

    assert sink.hows == [SignsWith.CAVAGE, SignsWith.RFC9421, SignsWith.RFC9421, SignsWith.RFC9421]
    assert Peer.objects.get(pk=zoe.actor.peer_id).signs_with == SignsWith.RFC9421
    assert Delivery.objects.filter(done_at=None).count() == 0


def test_both_signatures_refused_is_tried_again_later_and_nothing_is_remembered(
    sink: Sink, ada: Member, zoe: Abroad
) -> None:
    sink.says = lambda _inbox, _body: 401
    says(ada, zoe)
    for _try in range(5):
        turn(zoe)
        later(days=1)

    assert Delivery.objects.get().dead_at is None
    assert Peer.objects.get(pk=zoe.actor.peer_id).signs_with == SignsWith.CAVAGE


def test_an_address_inside_our_own_network_is_dead_at_once(sink: Sink, ada: Member, zoe: Abroad) -> None:

    sink.says = lambda _inbox, _body: Forbidden()
    says(ada, zoe)
    turn(zoe)

    assert Delivery.objects.get().dead_at is not None


def test_three_failures_in_a_row_open_the_circuit_and_one_letter_tries_the_way(
    sink: Sink, ada: Member, zoe: Abroad
) -> None:
    sink.says = lambda _inbox, _body: 500
    ids = says(ada, zoe, 50)
    jobs.drain_everything(strict=True)
    assert len(sink.got) == circuit.OPEN_FROM
    jobs.drain_everything(strict=True)
    says(ada, zoe, 1, word="more")
    jobs.drain_everything(strict=True)
    assert len(sink.got) == circuit.OPEN_FROM

    later(minutes=2)
    turn(zoe)
    assert len(sink.got) == circuit.OPEN_FROM + 1

    sink.says = lambda _inbox, _body: 202
    later(hours=1)
    turn(zoe)
    assert Peer.objects.get(pk=zoe.actor.peer_id).failures == 0
    assert not Delivery.objects.filter(done_at=None).exists()
    assert set(sink.ids()) > set(ids)


def test_one_letter_that_breaks_the_other_side_keeps_no_other_waiting(sink: Sink, ada: Member, zoe: Abroad) -> None:
    poison, *rest = says(ada, zoe, 30)
    sink.says = lambda _inbox, body: 500 if body["id"] == poison else 202
    turn(zoe)

    assert set(rest) <= set(sink.ids())
    assert Delivery.objects.filter(done_at=None).count() == 1
    for _try in range(6):
        later(hours=1)
        turn(zoe)
    more = says(ada, zoe, 2, word="more")
    turn(zoe)
    assert set(more) <= set(sink.ids())


def test_a_server_with_a_long_queue_takes_turns_with_the_others(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, ada: Member, zoe: Abroad, mia: Abroad
) -> None:
    monkeypatch.setattr(delivery, "TURN_S", 1e-9)  # one batch at most, of which one letter is sent
    says(ada, zoe, 40)
    says(ada, mia, 1, word="to mia")
    jobs.drain_everything(strict=True)

    order = [url for url, _body in sink.got]
    assert mia.actor.inbox in order[:3]
    assert len(order) == 41


def test_two_workers_do_not_send_to_one_server_at_once(sink: Sink, ada: Member, zoe: Abroad) -> None:
    says(ada, zoe, 3)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [delivery._LOCK, zoe.actor.peer_id])
        turn(zoe)
        assert sink.got == []
        assert Job.objects.filter(kind="deliver", done_at=None, dedup_key=f"deliver:{zoe.actor.peer_id}").exists()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    turn(zoe)
    assert len(sink.got) == 3


def test_what_a_killed_worker_had_in_hand_comes_back_under_the_same_id(sink: Sink, ada: Member, zoe: Abroad) -> None:
    ids = says(ada, zoe, 5)
    Job.objects.all().delete()
    batches.claim(zoe.actor.peer_id, most=20)  # and the worker is gone
    turn(zoe)
    assert sink.got == []
    job = Job.objects.filter(kind="deliver", done_at=None).latest("available_at")
    assert job.available_at > clock.now() + timedelta(minutes=4)

    later(seconds=batches.LEASE_S + 1)
    turn(zoe)
    assert sink.ids() == ids
    assert not Delivery.objects.filter(done_at=None).exists()


def test_a_worker_that_was_frozen_writes_no_outcome_any_more(sink: Sink, ada: Member, zoe: Abroad) -> None:
    says(ada, zoe)
    old = batches.claim(zoe.actor.peer_id, most=20)
    later(seconds=batches.LEASE_S + 1)
    turn(zoe)
    batches.finish(old, [batches.Told(delivery=old.deliveries[0], fate=batches.Fate.DEAD, error="late")])

    row = Delivery.objects.get()
    assert (row.done_at is not None, row.dead_at) == (True, None)


def test_a_lost_job_is_asked_for_again(sink: Sink, ada: Member, zoe: Abroad) -> None:
    says(ada, zoe)
    Job.objects.all().delete()
    delivery.ask_for_all()
    jobs.drain_everything(strict=True)

    assert len(sink.got) == 1


def test_what_its_author_stands_for_carries_a_proof_made_when_it_is_sent(sink: Sink, ada: Member, zoe: Abroad) -> None:
    says(ada, zoe, proved=True)
    keys.give(ada)  # a new key since it was written
    turn(zoe)

    _url, body = sink.got[0]
    assert body["proof"]["verificationMethod"] == addresses.assertion_key(ada)
    assert signing.check(body, public=keys.public_key(ada))["content"] == "hello"


def test_a_direct_message_carries_no_proof(sink: Sink, ada: Member, zoe: Abroad) -> None:
    says(ada, zoe, proved=False)
    turn(zoe)

    assert "proof" not in sink.got[0][1]


@pytest.mark.adversarial(33)
def test_a_server_leaves_one_row_and_no_other_trace_of_its_circuit(sink: Sink, ada: Member, zoe: Abroad) -> None:
    sink.says = lambda _inbox, _body: NotNow()
    says(ada, zoe, 10)
    for _try in range(4):
        turn(zoe)
        later(hours=2)

    assert Peer.objects.filter(host="two.example").count() == 1
    assert Job.objects.filter(kind="deliver", done_at=None).count() == 1


def test_who_is_gone_gets_nothing_more(sink: Sink, ada: Member, zoe: Abroad) -> None:
    zoe.actor.gone_at = clock.now()
    zoe.actor.save()
    says(ada, zoe)

    assert not Delivery.objects.exists()
