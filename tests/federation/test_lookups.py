"""Somebody here asks who lives at an address elsewhere; the row is answered, whatever that server does."""

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts import remotes
from accounts.models import Lookup, Member
from foundation import clock, jobs
from network.federation import actors
from network.federation.models import Actor, Peer, Policy
from tests.federation.people import fingered, lives_at, person
from tests.federation.tls import Server
from tests.federation.world import World, says


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.FEDERATION = True


def answer_to(address: str, *, by: Member) -> Lookup:
    row = remotes.look_up(address, by=by)
    jobs.drain_everything(strict=True)
    row.refresh_from_db()
    assert row.answered_at is not None
    return row


def address_at(server: Server, name: str = "zoe") -> str:
    return f"{name}@{server.name}"


def test_who_lives_there_is_found(ada: Member, two: Server) -> None:
    lives_at(two, person(two.url("/@zoe/")))
    row = answer_to(address_at(two), by=ada)
    assert row.member is not None
    assert (row.member.name, row.why_not) == ("Zoe", "")


def test_asking_writes_a_row_and_calls_nobody(ada: Member, two: Server) -> None:
    """A page is never kept waiting by another server."""
    lives_at(two, person(two.url("/@zoe/")))
    row = remotes.look_up(address_at(two), by=ada)
    assert row.answered_at is None
    assert two.asked == []


def test_who_was_known_is_looked_at_again(ada: Member, two: Server) -> None:
    lives_at(two, person(two.url("/@zoe/")))
    answer_to(address_at(two), by=ada)
    two.paths["/@zoe/"] = says(person(two.url("/@zoe/")) | {"name": "Zoe Zeta"})
    with clock.at(clock.now() + remotes.AGAIN_AFTER * 2):
        row = answer_to(address_at(two), by=ada)
    assert row.member is not None
    assert row.member.name == "Zoe Zeta"


def test_who_was_met_in_a_hurry_gets_the_address_by_which_they_go(ada: Member, two: Server, world: World) -> None:
    """The gate has three seconds; WebFinger may need more."""
    apex = world.server("apex.example", "127.0.0.5")
    two.paths["/@zoe/"] = says(person(two.url("/@zoe/")))
    hurried = actors.learn(two.url("/@zoe/")).member
    assert hurried is not None
    assert hurried.address == "zoe@two.example"

    for server in (two, apex):
        fingered(server, "acct:zoe@apex.example", two.url("/@zoe/"))
    row = answer_to("zoe@apex.example", by=ada)
    assert row.member == hurried
    assert row.member.address == "zoe@apex.example"


def test_an_address_that_only_its_own_server_claims_changes_nobody(ada: Member, two: Server, evil: Server) -> None:
    lives_at(two, person(two.url("/@zoe/")))
    fingered(evil, "acct:ceo@evil.example", two.url("/@zoe/"))
    row = answer_to("ceo@evil.example", by=ada)
    assert row.member is not None
    assert row.member.address == "zoe@two.example"


def test_nobody_of_that_name_lives_there(ada: Member, two: Server) -> None:
    assert answer_to(address_at(two, "nobody"), by=ada).why_not == "nobody"


def test_a_group_is_nobody_to_write_to(ada: Member, two: Server) -> None:
    lives_at(two, person(two.url("/@zoe/"), type="Group"))
    row = answer_to(address_at(two), by=ada)
    assert (row.member, row.why_not) == (None, "nobody")


def test_a_server_that_does_not_answer_is_said_not_to(ada: Member, world: World) -> None:
    assert answer_to("zoe@silent.example", by=ada).why_not == "unreachable"


def test_a_server_in_trouble_is_said_not_to_answer(ada: Member, two: Server) -> None:
    two.paths["/.well-known/webfinger"] = says({}, status=503)
    assert answer_to(address_at(two), by=ada).why_not == "unreachable"


def test_a_closed_server_is_not_asked(ada: Member, two: Server) -> None:
    Peer.objects.create(host="two.example", policy=Policy.CLOSED)
    lives_at(two, person(two.url("/@zoe/")))
    assert answer_to(address_at(two), by=ada).why_not == "closed"
    assert two.asked == []


def test_an_actor_on_a_closed_server_is_not_found_by_another_one(ada: Member, two: Server, world: World) -> None:
    closed = world.server("closed.example", "127.0.0.7")
    Peer.objects.create(host="closed.example", policy=Policy.CLOSED)
    fingered(two, f"acct:{address_at(two)}", closed.url("/@zoe/"))
    assert answer_to(address_at(two), by=ada).why_not == "closed"
    assert closed.asked == []


def test_while_federation_is_off_no_server_is_asked(ada: Member, two: Server, settings: Settings) -> None:
    settings.FEDERATION = False
    lives_at(two, person(two.url("/@zoe/")))
    assert answer_to(address_at(two), by=ada).why_not == "closed"
    assert two.asked == []


@pytest.mark.adversarial(19)
@pytest.mark.parametrize(
    "inside", ["https://169.254.169.254/x", "https://10.0.0.1/x", "http://two.example/x", "file:///x"]
)
def test_a_webfinger_that_names_an_actor_inside_leads_nowhere(ada: Member, two: Server, inside: str) -> None:
    fingered(two, f"acct:{address_at(two)}", inside)
    assert answer_to(address_at(two), by=ada).why_not == "nobody"
    assert not Actor.objects.exists()


def test_it_is_answered_once_and_asked_again_only_later(ada: Member, two: Server) -> None:
    answer_to(address_at(two, "nobody"), by=ada)
    asked = len(two.asked)
    answer_to(address_at(two, "nobody"), by=ada)
    assert len(two.asked) == asked
    cache.clear()
    with clock.at(clock.now() + remotes.AGAIN_AFTER * 2):
        answer_to(address_at(two, "nobody"), by=ada)
    assert len(two.asked) == asked + 1


def test_the_people_of_a_server_are_not_collected_through_us(ada: Member, two: Server, settings: Settings) -> None:
    settings.PEER_QUOTAS = {**settings.PEER_QUOTAS, "lookups": 1}
    lives_at(two, person(two.url("/@zoe/")))
    assert answer_to(address_at(two), by=ada).why_not == ""
    lives_at(two, person(two.url("/@yve/"), "yve"), target="/@yve/")
    row = answer_to(address_at(two, "yve"), by=ada)
    assert (row.member, row.why_not) == (None, "unreachable")
