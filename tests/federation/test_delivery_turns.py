"""No server waits for another's, and no worker that dies takes a letter along."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts import keys
from accounts.models import Member
from foundation import clock, jobs, signing
from foundation.models import Job
from foundation.refusals import NotNow
from network.federation import addresses, batches, circuit, delivery
from network.federation.models import Delivery, Peer
from tests.federation.conftest import Abroad
from tests.federation.sinks import Sink, later, says, turn


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
