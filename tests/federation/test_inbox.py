"""Whatever comes, in whatever order and however often, has its effect once; what came too early waits, a while."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation import clock, jobs
from foundation.models import Job
from network.federation import client, dispatch, inbox, parking, references, tombstones
from network.federation.dispatch import Arrival, Parked, understands
from network.federation.models import Inbound, Reference, Tombstone
from tests.federation.conftest import Abroad, arrives, said

NOTE = "https://two.example/notes/1"


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three rooms that know notes: made, changed (the latest version counts), deleted. What they did, in order."""
    monkeypatch.setattr(dispatch, "_ROOMS", {})
    did: list[str] = []

    @understands("Create", of="Note")
    @understands("Create", of="note")
    def make(arrival: Arrival) -> bool:
        did.append(arrival.id)
        if not references.find(arrival.object_uri):
            Reference.objects.create(uri=arrival.object_uri, kind="note", row=0, owner=arrival.actor)
            parking.look_again(arrival.object_uri)
        return True

    @understands("Update")
    def change(arrival: Arrival) -> bool:
        did.append(arrival.id)
        if not references.find(arrival.object_uri):
            raise Parked(arrival.object_uri)
        version = arrival.object["version"]
        Reference.objects.filter(uri=arrival.object_uri, row__lt=version).update(row=version)
        return True

    @understands("Delete")
    def delete(arrival: Arrival) -> bool:
        did.append(arrival.id)
        tombstones.bury(arrival.object_uri, by=arrival.actor)
        Reference.objects.filter(uri=arrival.object_uri).delete()
        return True

    return did


def note(version: int = 0) -> dict[str, Any]:
    return {"id": NOTE, "type": "Note", "version": version}


def outcome(activity: dict[str, Any]) -> str:
    return Inbound.objects.get(activity_id=activity["id"]).outcome


@pytest.mark.adversarial(10)
def test_what_comes_twice_has_its_effect_once(rooms: list[str], zoe: Abroad) -> None:
    activity = said(zoe, "Create", note())
    assert inbox.keep(activity, actor=zoe.actor) is True
    jobs.drain_everything(strict=True)
    assert inbox.keep(activity, actor=zoe.actor) is False
    assert inbox.keep({**activity, "content": "another body"}, actor=zoe.actor) is False
    jobs.drain_everything(strict=True)

    assert rooms == [activity["id"]]
    assert Inbound.objects.count() == 1


def test_two_inboxes_may_get_the_same_activity(rooms: list[str], zoe: Abroad) -> None:
    activity = said(zoe, "Create", note())
    assert inbox.keep(activity, actor=zoe.actor, inbox="ada")
    assert inbox.keep(activity, actor=zoe.actor, inbox="bob")
    jobs.drain_everything(strict=True)

    assert Inbound.objects.filter(outcome="done").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("poison", ["\0", "\ud800", "x" * 600])
def test_what_no_database_can_hold_is_refused_and_nothing_is_kept(poison: str, zoe: Abroad) -> None:
    activity = said(zoe, "Create", note())
    activity |= {"id": activity["id"] + poison} if len(poison) > 1 else {"content": poison}
    with pytest.raises(inbox.Unkept):
        inbox.keep(activity, actor=zoe.actor)

    assert not Inbound.objects.exists()
    assert not Job.objects.filter(kind="arrival").exists()


def test_what_is_kept_and_its_job_are_one(zoe: Abroad) -> None:
    inbox.keep(said(zoe, "Create", note()), actor=zoe.actor)

    assert Job.objects.get(kind="arrival").payload == {"inbound": Inbound.objects.get().pk}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)), again=st.lists(st.integers(0, 4), max_size=5), at_once=st.booleans())
def test_every_order_and_every_repetition_of_a_history_ends_alike(
    rooms: list[str], zoe: Abroad, order: list[int], again: list[int], at_once: bool
) -> None:
    Inbound.objects.all().delete()
    Reference.objects.all().delete()
    Tombstone.objects.all().delete()
    history = [
        said(zoe, "Create", note()),
        said(zoe, "Update", note(1)),
        said(zoe, "Update", note(2)),
        said(zoe, "Create", {**note(), "id": NOTE + "2"}),
        said(zoe, "Delete", NOTE + "2"),
    ]
    for number in [*order, *again]:
        inbox.keep(history[number], actor=zoe.actor)
        if not at_once:
            jobs.drain_everything(strict=True)
    jobs.drain_everything(strict=True)

    assert list(Reference.objects.values_list("uri", "row")) == [(NOTE, 2)]
    assert list(Tombstone.objects.values_list("uri", flat=True)) == [NOTE + "2"]
    assert not Inbound.objects.filter(handled_at=None).exists()


@pytest.mark.adversarial(16)
def test_nothing_rises_again_after_its_end(rooms: list[str], zoe: Abroad) -> None:
    arrives(zoe, said(zoe, "Delete", NOTE))
    late = arrives(zoe, said(zoe, "Create", note()))

    assert late.outcome == "ignored:deleted"
    assert not Reference.objects.filter(uri=NOTE).exists()


@pytest.mark.adversarial(16)
def test_an_activity_undone_before_it_came_has_no_effect(rooms: list[str], zoe: Abroad) -> None:
    activity = said(zoe, "Create", note())
    tombstones.bury(activity["id"], by=zoe.actor)

    assert arrives(zoe, activity).outcome == "ignored:deleted"
    assert rooms == []


@pytest.mark.adversarial(14)
def test_nobody_ends_what_lives_on_another_server(rooms: list[str], zoe: Abroad, mallory_abroad: Abroad) -> None:
    assert tombstones.bury(NOTE, by=mallory_abroad.actor) is False
    assert arrives(zoe, said(zoe, "Create", note())).outcome == "done"


@pytest.mark.adversarial(15)
def test_a_delete_of_what_we_never_knew_costs_nothing_and_fetches_nothing(
    monkeypatch: pytest.MonkeyPatch, zoe: Abroad
) -> None:
    monkeypatch.setattr(client, "get", lambda *_args, **_more: pytest.fail("fetched"))
    inbound = arrives(zoe, said(zoe, "Delete", "https://two.example/notes/never-seen"))

    assert inbound.handled_at is not None


@pytest.mark.adversarial(38)
def test_what_nobody_here_understands_is_noted_and_forgotten(zoe: Abroad) -> None:
    assert arrives(zoe, said(zoe, "__internal", note())).outcome == "ignored"
    assert arrives(zoe, said(zoe, "Dance", note())).outcome == "ignored"


@pytest.mark.adversarial(31)
def test_a_name_is_taken_once_and_stays_its_first_owners(rooms: list[str], zoe: Abroad, mallory_abroad: Abroad) -> None:
    arrives(zoe, said(zoe, "Create", note()))
    references.remember(NOTE, "note", zoe.member, owner=mallory_abroad.actor)

    assert references.find(NOTE).owner == zoe.actor  # type: ignore[union-attr]


def test_what_came_too_early_is_looked_at_when_its_reference_is_remembered(rooms: list[str], zoe: Abroad) -> None:
    early = said(zoe, "Update", note(3))
    assert arrives(zoe, early).outcome == "parked"
    references.remember(NOTE, "note", zoe.member, owner=zoe.actor)
    jobs.drain_everything(strict=True)

    assert outcome(early) == "done"
    assert Inbound.objects.get().waits_for == ""


def test_what_came_while_it_was_being_put_aside_is_found_a_little_later(rooms: list[str], zoe: Abroad) -> None:
    early = said(zoe, "Update", note(3))
    arrives(zoe, early)
    Reference.objects.create(uri=NOTE, kind="note", row=0, owner=zoe.actor)  # seen by nobody
    jobs.drain_everything(strict=True)
    assert outcome(early) == "parked"

    parking.look_at_ripe(clock.now())
    jobs.drain_everything(strict=True)
    assert outcome(early) == "done"


def test_after_seven_days_nothing_is_waited_for(rooms: list[str], zoe: Abroad) -> None:
    early = said(zoe, "Update", note(3))
    arrives(zoe, early)
    with clock.at(clock.now() + timedelta(days=6)):
        parking.look_at_ripe(clock.now())
        jobs.drain_everything(strict=True)
        assert outcome(early) == "parked"
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        parking.look_at_ripe(clock.now())
        jobs.drain_everything(strict=True)

    assert outcome(early) == "expired"
    assert len(rooms) == 2


def test_a_refusal_undoes_what_the_room_wrote_and_is_noted(monkeypatch: pytest.MonkeyPatch, zoe: Abroad) -> None:
    monkeypatch.setattr(dispatch, "_ROOMS", {})

    @understands("Create")
    def refuse(arrival: Arrival) -> bool:
        Reference.objects.create(uri=NOTE, kind="note", row=0)
        raise inbox.Unkept

    assert arrives(zoe, said(zoe, "Create", note())).outcome == "refused:unkept"
    assert not Reference.objects.exists()


def test_a_room_that_breaks_is_tried_again(monkeypatch: pytest.MonkeyPatch, zoe: Abroad) -> None:
    monkeypatch.setattr(dispatch, "_ROOMS", {})

    @understands("Create")
    def broken(arrival: Arrival) -> bool:
        raise ZeroDivisionError

    inbox.keep(said(zoe, "Create", note()), actor=zoe.actor)
    jobs.drain("arrivals")

    assert Inbound.objects.get().outcome == ""
    assert Job.objects.get(kind="arrival").done_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_make_sense_of_one_actor_at_once(zoe: Abroad) -> None:
    inbox.keep(said(zoe, "Create", note()), actor=zoe.actor)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [inbox._LOCK, zoe.actor.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        jobs.drain("arrivals")
        assert Inbound.objects.get().handled_at is None
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_bodies_go_after_thirty_days_and_what_came_still_cannot_come_again(rooms: list[str], zoe: Abroad) -> None:
    activity = said(zoe, "Create", note())
    arrives(zoe, activity)
    inbox.forget(clock.now() + timedelta(days=29))
    assert Inbound.objects.get().body == activity

    inbox.forget(clock.now() + timedelta(days=31))
    assert Inbound.objects.get().body == {}
    assert inbox.keep(activity, actor=zoe.actor) is False


def test_what_still_waits_keeps_its_body(rooms: list[str], zoe: Abroad) -> None:
    arrives(zoe, said(zoe, "Update", note(1)))
    inbox.forget(clock.now() + timedelta(days=31))

    assert Inbound.objects.get().body != {}
