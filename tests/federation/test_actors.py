"""People elsewhere become known as their own servers describe them, and by nobody else's word."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import Door, Elsewhere, Member, Visibility
from foundation import clock, jobs
from foundation.refusals import Refusal
from network.federation import actors, fetching, media, peers
from network.federation.described import NoActor
from network.federation.models import Actor, Peer, Policy, Purpose
from tests.federation.people import lives_at, one_like_ours, person
from tests.federation.tls import Server
from tests.federation.world import World, leads_to, says
from vetting.models import Standing

LATER = timedelta(seconds=301)


# ── learnt ──────────────────────────────────────────────────────────────────


def test_whoever_is_learnt_is_a_member_of_elsewhere(two: Server) -> None:
    uri = lives_at(two, one_like_ours(two.url("/@zoe/"), "Zoe"))
    actor = actors.learn(uri)

    member = actor.member
    assert member is not None
    assert (member.handle, member.host, member.name) == ("zoe", "two.example", "Zoe")
    assert (member.headline, member.about) == ("Builds turbines", "Turbines, mostly.")
    assert {member.name_to, member.headline_to, member.about_to} == {Visibility.EVERYONE}
    assert member.confirmed_at is not None
    assert member.may_be_indexed
    assert member.account is None
    assert Door.objects.filter(member=member).exists()
    assert member.elsewhere.uri == uri
    assert member.elsewhere.speaks
    assert member.elsewhere.fields == [{"name": "Web", "value": "zoe.example"}]


def test_the_actor_is_kept_with_its_server_and_keys(two: Server) -> None:
    uri = lives_at(two, one_like_ours(two.url("/@zoe/")))
    actor = actors.learn(uri)

    assert (actor.name, actor.inbox, actor.shared_inbox) == ("zoe", f"{uri}inbox", two.url("/inbox"))
    assert actor.peer.host == "two.example"
    kept = {key.key_id: key.purpose for key in actor.keys.all()}
    assert kept == {f"{uri}#main-key": Purpose.HTTP, f"{uri}#ed25519-key": Purpose.ASSERTION}
    assert actors.of(Member.objects.get(handle="zoe")) == actor


def test_a_second_time_nobody_is_asked(two: Server) -> None:
    uri = lives_at(two, person(two.url("/@zoe/")))
    first = actors.learn(uri)
    asked = len(two.asked)
    assert actors.learn(uri) == first
    assert len(two.asked) == asked


def test_a_newcomer_from_elsewhere_has_a_standing_like_any_other(two: Server) -> None:
    member = actors.learn(lives_at(two, person(two.url("/@zoe/")))).member
    jobs.drain_everything(strict=True)
    assert Standing.objects.filter(member=member).exists()


@pytest.mark.parametrize("kind", ["Application", "Service", "Group", "Organization"])
def test_servers_programs_and_groups_are_nobody_to_pages(two: Server, kind: str) -> None:
    actor = actors.learn(lives_at(two, person(two.url("/@zoe/"), type=kind)))
    assert actor.member is None
    assert not Member.objects.filter(handle="zoe").exists()


def test_one_who_lives_here_is_not_fetched(world: World, ada: Member, settings: Settings) -> None:
    with pytest.raises(NoActor):
        actors.learn(f"{settings.SITE_URL}/@ada/")


def test_nothing_a_document_names_is_fetched(two: Server, evil: Server) -> None:
    """No chain of documents leads anywhere (federation.md, 26)."""
    more = {"featured": evil.url("/1"), "movedTo": evil.url("/2"), "icon": evil.url("/3"), "outbox": evil.url("/4")}
    uri = lives_at(two, person(two.url("/@zoe/"), alsoKnownAs=[evil.url("/5")], **more))
    actors.learn(uri)
    assert evil.asked == []
    assert [target.partition("?")[0] for target in two.targets] == ["/@zoe/", "/.well-known/webfinger"]


# ── who is refused ──────────────────────────────────────────────────────────


@pytest.mark.adversarial(3)
@pytest.mark.parametrize("named", ["", None, 7, "https://three.example/@zoe/", "not an address"])
def test_a_document_that_lives_elsewhere_is_not_believed(two: Server, named: Any) -> None:
    uri = lives_at(two, person(two.url("/@zoe/")) | {"id": named})
    with pytest.raises(Refusal):
        actors.learn(uri)
    assert not Actor.objects.exists()
    assert not Peer.objects.exists()


@pytest.mark.adversarial(3)
def test_another_servers_actor_is_not_taken_from_here(two: Server, evil: Server) -> None:
    lives_at(two, person(two.url("/@zoe/")))
    forged = lives_at(evil, person(two.url("/@zoe/")), target="/@zoe/")
    with pytest.raises(fetching.Elsewhere):
        actors.learn(forged)
    assert two.asked == []
    assert not Actor.objects.exists()


@pytest.mark.adversarial(3)
def test_a_document_found_by_a_redirect_to_another_server_is_not_believed(two: Server, evil: Server) -> None:
    evil.paths["/@zoe/"] = says(person(two.url("/@zoe/")))
    two.paths["/@zoe/"] = leads_to(evil.url("/@zoe/"))
    with pytest.raises(fetching.Elsewhere):
        actors.learn(two.url("/@zoe/"))
    assert not Actor.objects.exists()


def test_another_address_of_the_same_server_leads_to_the_right_one_once(two: Server) -> None:
    uri = lives_at(two, person(two.url("/users/zoe")), target="/users/zoe")
    two.paths["/@zoe"] = says(person(two.url("/users/zoe")))
    assert actors.learn(two.url("/@zoe")).uri == uri


def test_a_document_that_names_a_third_address_when_asked_again_is_refused(two: Server) -> None:
    two.paths |= {f"/{n}": says(person(two.url(f"/{n + 1}"))) for n in range(5)}
    with pytest.raises(fetching.Elsewhere):
        actors.learn(two.url("/0"))
    assert two.targets == ["/0", "/1"]


WRONG: dict[str, dict[str, Any]] = {
    "no inbox": {"inbox": None},
    "an inbox at another server": {"inbox": "https://victim.example/inbox"},
    "an inbox inside": {"inbox": "https://169.254.169.254/inbox"},
    "no name": {"preferredUsername": None},
    "a name with a slash": {"preferredUsername": "zoe/../ada"},
    "a name with an at": {"preferredUsername": "zoe@two.example"},
    "a name in look-alike letters": {"preferredUsername": "zоe"},
    "a name without end": {"preferredUsername": "z" * 65},
    "several types": {"type": ["Person", "Service"]},
    "a note": {"type": "Note"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_actor_is_not_kept(two: Server, wrong: str) -> None:
    uri = lives_at(two, person(two.url("/@zoe/")) | {"preferredUsername": "zoe"})
    two.paths["/@zoe/"] = says(person(uri) | WRONG[wrong])
    with pytest.raises(NoActor):
        actors.learn(uri)
    assert not Actor.objects.exists()


@pytest.mark.adversarial(2)
def test_an_uploaded_file_is_no_actor(two: Server) -> None:
    lives_at(two, person(two.url("/@zoe/")))
    two.paths["/@zoe/"] = says(person(two.url("/@zoe/")), kind="image/png")
    with pytest.raises(media.WrongKind):
        actors.learn(two.url("/@zoe/"))
    assert not Actor.objects.exists()


def test_a_closed_server_is_not_asked(two: Server) -> None:
    Peer.objects.create(host="two.example", policy=Policy.CLOSED)
    with pytest.raises(peers.Closed):
        actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    assert two.asked == []


# ── looked at again ─────────────────────────────────────────────────────────


def test_they_are_as_their_server_describes_them_now(two: Server) -> None:
    zoe = actors.learn(lives_at(two, one_like_ours(two.url("/@zoe/"))))
    two.paths["/@zoe/"] = says(person(zoe.uri) | {"name": "Zoe Zeta", "movedTo": "https://three.example/@zoe/"})
    assert actors.refresh(zoe).member == zoe.member
    with clock.at(clock.now() + LATER):
        actors.refresh(zoe)
    member = Member.objects.get(actor=zoe)
    assert (member.name, member.headline) == ("Zoe Zeta", "")
    assert member.elsewhere.moved_to == "https://three.example/@zoe/"
    assert not member.elsewhere.speaks


def test_one_who_takes_a_name_that_is_taken_keeps_their_own(two: Server) -> None:
    zoe = actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    eve = actors.learn(lives_at(two, person(two.url("/@eve/"), "eve"), target="/@eve/"))
    two.paths["/@eve/"] = says(person(eve.uri, "zoe") | {"name": "Eve Zoe"})
    with clock.at(clock.now() + LATER):
        actors.refresh(eve)
    assert Member.objects.get(actor=zoe).handle == "zoe"
    kept = Member.objects.get(actor=eve)
    assert (kept.handle, kept.name) == ("eve", "Eve Zoe")


def test_who_is_gone_is_marked_gone(two: Server) -> None:
    zoe = actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    two.paths["/@zoe/"] = says({}, status=410)
    with clock.at(clock.now() + LATER), pytest.raises(fetching.Gone):
        actors.refresh(zoe)
    zoe.refresh_from_db()
    assert zoe.gone_at is not None
    assert Elsewhere.objects.get(member=zoe.member_id).gone_at is not None


def test_a_missing_actor_is_not_gone(two: Server) -> None:
    zoe = actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    two.paths["/@zoe/"] = says({}, status=404)
    with clock.at(clock.now() + LATER), pytest.raises(fetching.Nobody):
        actors.refresh(zoe)
    zoe.refresh_from_db()
    assert zoe.gone_at is None
