"""What must go out goes out, once with effect, whatever the other side answers."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now

from accounts.models import Member
from foundation import clock, jobs
from foundation.models import Job
from foundation.refusals import Forbidden, NotNow
from network.federation import delivery, posting
from network.federation.models import Actor, Delivery, Peer, Policy, SignsWith
from tests.federation.conftest import Abroad, lives_abroad
from tests.federation.sinks import Sink, later, says, turn, waits_s


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
