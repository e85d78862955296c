"""Members move away, or have moved here: their other home has to say the same, and each contact is asked."""

from typing import Any

import pytest

from accounts import homes, ties
from accounts.models import Home, Member
from foundation import jobs
from network.contacts import follows, moves
from network.contacts.models import Contact
from network.federation import addresses, client, documents, vocabulary
from tests.cast import befriend
from tests.federation.conftest import Abroad, arrives, leaving_for, lives_abroad, said
from tests.federation.documents_abroad import Servers, answering, may_be_asked_again
from tests.federation.vouching_abroad import colleagues


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Servers:
    """Other servers answer, and ours has an address as servers have it: names of another scheme are not read."""
    settings.SITE_URL, settings.SITE_HOST = "https://home.example", "home.example"
    return answering(monkeypatch)


@pytest.fixture
def zora(db: None) -> Abroad:
    """Zoe's new home."""
    return lives_abroad("zora", "three.example")


def move(old: Abroad, target: str) -> Any:
    return said(old, "Move", old.uri, target=target)


# ── we move ─────────────────────────────────────────────────────────────────


def moves_to(member: Member, new: Abroad) -> Home:
    homes.move(member, new.member)
    jobs.drain_everything(strict=True)
    return Home.objects.get(member=member)


def test_a_member_moves_once_the_other_home_says_so(
    ada: Member, zoe: Abroad, mia: Abroad, zora: Abroad, servers: Servers
) -> None:
    colleagues(ada, zoe)
    follows.accept(follows.follow(mia.member, ada))
    servers.describe(zora, alsoKnownAs=[addresses.actor(ada)])
    may_be_asked_again(zora)
    home = moves_to(ada, zora)

    assert home.moved_to == zora.uri
    assert documents.actor(ada)["movedTo"] == zora.uri
    for someone in (zoe, mia):
        sent = {activity["type"]: activity for activity in leaving_for(someone)}
        assert sent["Move"]["object"] == addresses.actor(ada)
        assert sent["Move"]["target"] == zora.uri
        assert sent["Update"]["object"]["movedTo"] == zora.uri
    assert leaving_for(zora) == []


def test_contacts_here_are_asked_too(ada: Member, bo: Member, zora: Abroad, servers: Servers) -> None:
    befriend(ada, bo)
    servers.describe(zora, alsoKnownAs=[addresses.actor(ada)])
    may_be_asked_again(zora)
    moves_to(ada, zora)

    [question] = moves.waiting_for(bo)
    assert (question.other, question.before) == (zora.member, ada)


@pytest.mark.parametrize("names", [[], ["https://example.org/@ada/"]])
def test_nobody_moves_to_a_home_that_does_not_name_them(
    names: list[str], ada: Member, zoe: Abroad, zora: Abroad, servers: Servers
) -> None:
    colleagues(ada, zoe)
    servers.describe(zora, alsoKnownAs=names)
    may_be_asked_again(zora)
    home = moves_to(ada, zora)

    assert (home.moved_to, home.why_not) == ("", "unlinked")
    assert leaving_for(zoe) == []
    assert "movedTo" not in documents.actor(ada)


def test_a_server_that_does_not_answer_moves_nobody(ada: Member, zora: Abroad, servers: Servers) -> None:
    servers.documents[zora.uri] = client.Unreachable("asleep")
    may_be_asked_again(zora)
    assert moves_to(ada, zora).why_not == "unreachable"


def test_a_member_moves_once_in_thirty_days_and_may_come_back(
    ada: Member, zoe: Abroad, zora: Abroad, servers: Servers
) -> None:
    for someone in (zoe, zora):
        servers.describe(someone, alsoKnownAs=[addresses.actor(ada)])
    may_be_asked_again(zoe, zora)
    moves_to(ada, zora)
    with pytest.raises(homes.MovedLately):
        homes.move(ada, zoe.member)
    homes.come_back(ada)
    assert homes.moved_to(ada) == ""
    with pytest.raises(homes.NotMoved):
        homes.come_back(ada)
    with pytest.raises(homes.MovedLately):
        homes.move(ada, zoe.member)


def test_other_homes_are_elsewhere_and_few(ada: Member, bo: Member) -> None:
    with pytest.raises(homes.NotAnotherHome):
        homes.add_alias(ada, bo)
    with pytest.raises(homes.NotAnotherHome):
        homes.move(ada, bo)
    for number in range(homes.MOST_ALIASES):
        homes.add_alias(ada, lives_abroad(f"ada{number}", "two.example").member)
    assert len(documents.actor(ada)["alsoKnownAs"]) == homes.MOST_ALIASES
    with pytest.raises(homes.EnoughHomes):
        homes.add_alias(ada, lives_abroad("ada9", "two.example").member)
    homes.remove_alias(ada, "https://two.example/@ada0/")
    assert "https://two.example/@ada0/" not in homes.aliases_of(ada)


# ── somebody has moved here ─────────────────────────────────────────────────


def keeps(someone: Abroad, before: Abroad, member: Member) -> Any:
    """Someone elsewhere, a contact of `before`, keeps the member here whom that one is now."""
    inner = {"type": "Move", "actor": before.uri, "object": before.uri, "target": addresses.actor(member)}
    return said(someone, "Accept", inner, to=member)


def moved_here(ada: Member, before: Abroad, servers: Servers) -> None:
    homes.add_alias(ada, before.member)
    servers.describe(before, movedTo=addresses.actor(ada))
    may_be_asked_again(before)
    arrives(before, move(before, addresses.actor(ada)))


def test_who_moved_here_is_asked_about_each_contact_that_keeps_them(
    ada: Member, zoe: Abroad, zora: Abroad, servers: Servers
) -> None:
    moved_here(ada, zora, servers)
    assert arrives(zoe, keeps(zoe, zora, ada)).outcome == "done"
    question = moves.waiting_for(ada).get()
    assert (question.other, question.before, question.mine) == (zoe.member, zora.member, True)
    assert not ties.in_contact(ada, zoe.member)

    moves.keep(question, by=ada)
    jobs.drain_everything(strict=True)
    assert ties.in_contact(ada, zoe.member)
    [accepted] = leaving_for(zoe)
    assert (accepted["type"], accepted["object"]["target"]) == ("Accept", addresses.actor(ada))
    assert vocabulary.uri_of(accepted["actor"]) == addresses.actor(ada)


def test_they_may_end_it_by_their_own_name_for_it(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    moved_here(ada, zora, servers)
    accepted = keeps(zoe, zora, ada)
    arrives(zoe, accepted)
    moves.keep(moves.waiting_for(ada).get(), by=ada)
    jobs.drain_everything(strict=True)
    arrives(zoe, said(zoe, "Undo", {"type": "Accept", "id": accepted["id"]}, to=ada))
    assert not ties.in_contact(ada, zoe.member)


def test_ended_before_it_was_answered_nobody_is_asked(
    ada: Member, zoe: Abroad, zora: Abroad, mallory_abroad: Abroad, servers: Servers
) -> None:
    moved_here(ada, zora, servers)
    accepted = keeps(zoe, zora, ada)
    arrives(zoe, accepted)
    undo = {"type": "Accept", "id": accepted["id"]}
    assert arrives(mallory_abroad, said(mallory_abroad, "Undo", undo, to=ada)).outcome == "refused:not-theirs"
    assert arrives(zoe, said(zoe, "Undo", undo, to=ada)).outcome == "done"
    assert not moves.waiting_for(ada).exists()


def test_nobody_becomes_a_contact_by_saying_they_were_one(
    ada: Member, zoe: Abroad, zora: Abroad, mallory_abroad: Abroad, servers: Servers
) -> None:
    assert arrives(mallory_abroad, keeps(mallory_abroad, zora, ada)).outcome == "ignored"
    moved_here(ada, zora, servers)
    arrives(mallory_abroad, keeps(mallory_abroad, mallory_abroad, ada))
    assert not moves.waiting_for(ada).exists()
    arrives(mallory_abroad, keeps(mallory_abroad, zora, ada))
    assert not Contact.objects.exists()
    moves.let_go(moves.waiting_for(ada).get(), by=ada)
    jobs.drain_everything(strict=True)
    assert not Contact.objects.exists()
    assert leaving_for(mallory_abroad) == []


def test_who_hears_first_of_a_contact_that_goes_on_asks_the_old_home(
    ada: Member, zoe: Abroad, zora: Abroad, servers: Servers
) -> None:
    """The Move itself may come late, or never: the old home says so, too."""
    homes.add_alias(ada, zora.member)
    servers.describe(zora, movedTo=addresses.actor(ada))
    may_be_asked_again(zora)

    assert arrives(zoe, keeps(zoe, zora, ada)).outcome == "done"
    assert moves.waiting_for(ada).get().other == zoe.member


def test_a_kept_contact_that_comes_before_the_move_waits_for_it(
    ada: Member, zoe: Abroad, zora: Abroad, servers: Servers
) -> None:
    homes.add_alias(ada, zora.member)
    servers.describe(zora)
    may_be_asked_again(zora)
    assert arrives(zoe, keeps(zoe, zora, ada)).outcome == "parked"
    assert not moves.waiting_for(ada).exists()
