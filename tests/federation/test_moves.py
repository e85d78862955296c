"""People move between servers: both homes say so, follows go along, contacts are asked, vouches stay."""

from typing import Any

import pytest

from accounts import ties
from accounts.models import Member
from foundation import clock, jobs
from network.contacts import blocks, follows, moves, quiet
from network.contacts.models import Follow, KeepQuestion
from network.federation import client, references
from tests.cast import DAY
from tests.federation.conftest import Abroad, arrives, leaving_for, lives_abroad, said
from tests.federation.documents_abroad import Servers, answering, may_be_asked_again
from tests.federation.vouching_abroad import colleagues, given
from tests.vetting import town
from vetting import contexts, vouches


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Servers:
    """Other servers answer, and ours has an address as servers have it: names of another scheme are not read."""
    settings.SITE_URL, settings.SITE_HOST = "https://home.example", "home.example"
    return answering(monkeypatch)


@pytest.fixture
def zora(db: None) -> Abroad:
    """Zoe's new home."""
    return lives_abroad("zora", "three.example")


def both_say_so(servers: Servers, old: Abroad, new: Abroad) -> None:
    servers.describe(old, movedTo=new.uri)
    servers.describe(new, alsoKnownAs=[old.uri])
    may_be_asked_again(old, new)


def move(old: Abroad, target: str) -> Any:
    return said(old, "Move", old.uri, target=target)


# ── they move ───────────────────────────────────────────────────────────────


def test_contacts_are_asked_and_nothing_else_happens_to_them(
    ada: Member, zoe: Abroad, zora: Abroad, servers: Servers
) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)

    assert arrives(zoe, move(zoe, zora.uri)).outcome == "done"
    [question] = moves.waiting_for(ada)
    assert (question.other, question.before) == (zora.member, zoe.member)
    assert ties.in_contact(ada, zoe.member)
    assert not ties.in_contact(ada, zora.member)
    assert leaving_for(zora) == []


def test_who_keeps_them_is_in_contact_with_the_new_home(
    ada: Member, zoe: Abroad, zora: Abroad, servers: Servers
) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    [question] = moves.waiting_for(ada)
    moves.keep(question, by=ada)
    jobs.drain_everything(strict=True)

    assert ties.in_contact(ada, zora.member)
    assert not ties.in_contact(ada, zoe.member)
    assert contexts.confirmed(ada, zora.member)
    [accepted] = leaving_for(zora)
    assert accepted["type"] == "Accept"
    assert accepted["object"] == {"type": "Move", "actor": zoe.uri, "object": zoe.uri, "target": zora.uri}
    assert not moves.waiting_for(ada).exists()
    with pytest.raises(moves.QuestionAnswered):
        moves.keep(question, by=ada)


def test_the_quiet_period_moves_with_whom_it_binds(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    contact = quiet.begin(asker=zoe.member, recipient=ada)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    kept = moves.keep(moves.waiting_for(ada).get(), by=ada)

    assert (kept.asker, kept.quiet_until) == (zora.member, contact.quiet_until)
    assert quiet.keeps_quiet(zora.member, ada)


def test_who_lets_them_go_tells_nobody(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    moves.let_go(moves.waiting_for(ada).get(), by=ada)
    jobs.drain_everything(strict=True)

    assert not ties.in_contact(ada, zora.member)
    assert leaving_for(zora) == leaving_for(zoe) == []


def test_only_who_is_asked_answers(ada: Member, bo: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    question = moves.waiting_for(ada).get()
    for verb in (moves.keep, moves.let_go):
        with pytest.raises(moves.NotYourQuestion):
            verb(question, by=bo)
    with pytest.raises(moves.NotYourQuestion):
        moves.by_public_id(question.public_id, bo)


def test_follows_go_along(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    follows.accept(follows.follow(ada, zoe.member))
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    assert [row.followed for row in Follow.objects.filter(follower=ada, ended_at=None)] == [zora.member]


def test_vouches_stay_with_who_they_were(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    vouch = given(zoe, ada)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    moves.keep(moves.waiting_for(ada).get(), by=ada)
    jobs.drain_everything(strict=True)

    vouch.refresh_from_db()
    assert (vouch.voucher, vouch.is_live(clock.now())) == (zoe.member, True)
    assert list(vouches.about(ada)) == [vouch]
    assert not town.lends_by_vouch(zora.member, ada)


def test_who_is_blocked_stays_blocked_at_the_new_home(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    blocks.block(ada, zoe.member)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))

    assert ties.has_blocked(ada, zora.member)
    assert not moves.waiting_for(ada).exists()


def only_the_old_home(servers: Servers, zoe: Abroad, zora: Abroad) -> None:
    servers.describe(zoe, movedTo=zora.uri)
    servers.describe(zora)


def only_the_new_home(servers: Servers, zoe: Abroad, zora: Abroad) -> None:
    servers.describe(zoe)
    servers.describe(zora, alsoKnownAs=[zoe.uri])


def another_home(servers: Servers, zoe: Abroad, zora: Abroad) -> None:
    servers.describe(zoe, movedTo="https://four.example/@zoe/")
    servers.describe(zora, alsoKnownAs=[zoe.uri])


def nobody_there(servers: Servers, zoe: Abroad, zora: Abroad) -> None:
    servers.describe(zoe, movedTo=zora.uri)


def nobody_answers(servers: Servers, zoe: Abroad, zora: Abroad) -> None:
    servers.describe(zoe, movedTo=zora.uri)
    servers.documents[zora.uri] = client.Unreachable("asleep")


@pytest.mark.parametrize("how", [only_the_old_home, only_the_new_home, another_home, nobody_there, nobody_answers])
def test_the_word_of_one_home_moves_nothing(how: Any, ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    follows.accept(follows.follow(ada, zoe.member))
    how(servers, zoe, zora)
    may_be_asked_again(zoe, zora)
    inbound_of = move(zoe, zora.uri)
    if how is nobody_answers:
        with pytest.raises(client.Unreachable):
            arrives(zoe, inbound_of)
    else:
        arrives(zoe, inbound_of)

    assert not KeepQuestion.objects.exists()
    assert [row.followed for row in Follow.objects.filter(follower=ada, ended_at=None)] == [zoe.member]


@pytest.mark.adversarial(14)
def test_nobody_moves_somebody_else(
    ada: Member, zoe: Abroad, zora: Abroad, mallory_abroad: Abroad, servers: Servers
) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)
    activity = said(mallory_abroad, "Move", zoe.uri, target=mallory_abroad.uri)
    assert arrives(mallory_abroad, activity).outcome == "refused:not-theirs"
    assert servers.asked == []


def test_one_moves_once_in_thirty_days(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    third = lives_abroad("zoltan", "four.example")
    both_say_so(servers, zoe, third)
    arrives(zoe, move(zoe, third.uri))
    assert [question.other for question in moves.waiting_for(ada)] == [zora.member]

    with clock.at(clock.now() + 31 * DAY):
        may_be_asked_again(zoe, third)
        arrives(zoe, move(zoe, third.uri))
        assert {question.other for question in moves.waiting_for(ada)} == {zora.member, third.member}


def test_a_move_that_comes_twice_asks_once(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    for _ in range(2):
        both_say_so(servers, zoe, zora)
        arrives(zoe, move(zoe, zora.uri))
    assert moves.waiting_for(ada).count() == 1


def test_a_home_that_knows_no_contacts_gets_the_follows_alone(
    ada: Member, zoe: Abroad, mia: Abroad, servers: Servers
) -> None:
    colleagues(ada, zoe)
    follows.accept(follows.follow(ada, zoe.member))
    both_say_so(servers, zoe, mia)
    arrives(zoe, move(zoe, mia.uri))
    assert not KeepQuestion.objects.exists()
    assert [row.followed for row in Follow.objects.filter(follower=ada, ended_at=None)] == [mia.member]


def test_either_side_ends_what_was_kept(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    moves.keep(moves.waiting_for(ada).get(), by=ada)
    jobs.drain_everything(strict=True)
    [accepted] = leaving_for(zora)
    theirs = said(zora, "Accept", accepted["object"], to=ada)
    assert arrives(zora, theirs).outcome == "done"

    undo = said(zora, "Undo", {"type": "Accept", "id": theirs["id"]}, to=ada)
    assert arrives(zora, undo).outcome == "done"
    assert not ties.in_contact(ada, zora.member)


def test_ending_what_was_kept_is_told(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    contact = moves.keep(moves.waiting_for(ada).get(), by=ada)
    jobs.drain_everything(strict=True)
    quiet.end(contact, by=ada)
    jobs.drain_everything(strict=True)

    accepted, undone = leaving_for(zora)
    assert (undone["type"], undone["object"]["id"]) == ("Undo", accepted["id"])


def test_a_name_is_remembered_for_what_was_kept(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    both_say_so(servers, zoe, zora)
    arrives(zoe, move(zoe, zora.uri))
    contact = moves.keep(moves.waiting_for(ada).get(), by=ada)
    jobs.drain_everything(strict=True)
    assert references.ours("contact", contact) == leaving_for(zora)[0]["id"]
