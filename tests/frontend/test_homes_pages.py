"""The pages around moving: other homes of one's own, and contacts that have moved. And vouches from elsewhere."""

import pytest

from accounts import homes, remotes, ties
from accounts.models import Home, Lookup, Member, Visibility
from foundation import jobs
from network.contacts import moves, quiet
from tests.federation.conftest import Abroad, arrives, leaving_for, lives_abroad
from tests.federation.vouching_abroad import SENTENCE, colleagues, create, issued, offer_from
from tests.frontend.pages import read, signed_in
from vetting.models import Vouch


@pytest.fixture
def zoe(db: None) -> Abroad:
    return lives_abroad("zoe", "two.example")


@pytest.fixture
def zora(db: None) -> Abroad:
    return lives_abroad("zora", "three.example")


def answered(address: str, member: Member | None, why_not: str = "") -> None:
    remotes.answer(Lookup.objects.get(address=address), member=member, why_not=why_not)


def test_a_home_is_looked_for_found_and_named(ada: Member, zoe: Abroad) -> None:
    browser = signed_in(ada)
    answer = browser.post("/homes/", {"address": "@zoe@two.example"})
    assert answer.status_code == 302
    assert "Look again" in read(ada, answer.headers["Location"])
    answered("zoe@two.example", zoe.member)
    assert "This is me, too" in read(ada, answer.headers["Location"])

    assert browser.post(f"/homes/{zoe.member.public_id}/also/").status_code == 302
    assert homes.aliases_of(ada) == [zoe.uri]
    assert "zoe@two.example" in read(ada, "/homes/")
    browser.post("/homes/forget/", {"uri": zoe.uri})
    assert homes.aliases_of(ada) == []


def test_a_home_that_is_none_is_said_to_be_none(ada: Member) -> None:
    browser = signed_in(ada)
    assert browser.post("/homes/", {"address": "nobody"}).status_code == 400
    browser.post("/homes/", {"address": "ghost@two.example"})
    answered("ghost@two.example", None, "nobody")
    assert "knows nobody of this address" in read(ada, "/homes/?address=ghost%40two.example")
    assert 'id="found"' not in read(ada, "/homes/?address=somebody%40else.example")


def test_moving_waits_for_the_other_home_and_says_what_came_of_it(ada: Member, zoe: Abroad) -> None:
    browser = signed_in(ada)
    assert browser.post(f"/homes/{zoe.member.public_id}/move/").status_code == 302
    assert "Asking the server of zoe@two.example" in read(ada, "/homes/")
    homes.answer(ada, zoe.uri, why_not="unlinked")
    assert "Enter this address there first" in read(ada, "/homes/")

    browser.post(f"/homes/{zoe.member.public_id}/move/")
    homes.answer(ada, zoe.uri)
    assert "You live at zoe@two.example now" in read(ada, "/homes/")
    assert browser.post("/homes/back/").status_code == 302
    assert Home.objects.get().moved_to == ""


def test_only_people_elsewhere_are_homes(ada: Member, bo: Member, zoe: Abroad) -> None:
    browser = signed_in(ada)
    zoe.member.confirmed_at = None
    zoe.member.save()
    for member in (bo, zoe.member):
        for act in ("also", "move"):
            assert browser.post(f"/homes/{member.public_id}/{act}/").status_code == 404
    assert homes.aliases_of(ada) == []


@pytest.mark.parametrize("path", ["forget/", "back/"])
def test_nothing_is_done_by_looking(path: str, ada: Member) -> None:
    assert signed_in(ada).get(f"/homes/{path}").status_code == 405


def asked(ada: Member, zoe: Abroad, zora: Abroad) -> str:
    colleagues(ada, zoe)
    moves.relocate(zoe.member, zora.member)
    return f"/contacts/{moves.waiting_for(ada).get().public_id}"


def test_a_contact_that_has_moved_is_kept_by_a_click(ada: Member, zoe: Abroad, zora: Abroad) -> None:
    question, browser = asked(ada, zoe, zora), signed_in(ada)
    page = read(ada, "/contacts/")
    assert "lived at zoe@two.example and says to live at zora@three.example now" in page

    assert browser.post(f"{question}/keep/").status_code == 302
    assert ties.in_contact(ada, zora.member)
    assert "says to live at" not in read(ada, "/contacts/")
    assert browser.post(f"{question}/keep/").status_code == 409


def test_a_contact_that_has_moved_is_let_go_by_a_click(ada: Member, bo: Member, zoe: Abroad, zora: Abroad) -> None:
    question = asked(ada, zoe, zora)
    for act in ("keep", "let-go"):
        assert signed_in(bo).post(f"{question}/{act}/").status_code == 404
    assert signed_in(ada).post(f"{question}/let-go/").status_code == 302
    assert not ties.in_contact(ada, zora.member)
    assert quiet.between(ada, zoe.member)


def test_a_vouch_from_elsewhere_is_countersigned_and_waits_for_the_other_server(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    arrives(zoe, offer_from(zoe, ada))
    vouch, browser = Vouch.objects.get(), signed_in(ada)
    assert SENTENCE in read(ada, "/vouches/")
    everyone = {"visible_to": Visibility.EVERYONE}
    assert browser.post(f"/vouches/{vouch.public_id}/countersign/", everyone).status_code == 302
    assert "as soon as two.example has signed it" in read(ada, "/vouches/")

    jobs.drain_everything(strict=True)
    vouch.refresh_from_db()
    arrives(zoe, create(zoe, ada, issued(zoe, vouch)))
    vouch.refresh_from_db()
    page = browser.get("/vouches/").content.decode()
    assert "https://two.example/credentials/unguessable/" in page
    copy = browser.get(f"/credentials/{vouch.token}/", headers={"accept": "text/html"})
    assert "a copy of what another server has issued" in copy.content.decode()
    assert browser.get(f"/credentials/{vouch.token}/identity/").status_code == 404
    assert browser.get(f"/credentials/{vouch.token}/", headers={"accept": "application/vc+json"}).status_code == 200


def test_a_report_can_be_told_to_their_server_and_only_to_another(ada: Member, bo: Member, zoe: Abroad) -> None:
    browser = signed_in(ada)
    assert "tell_their_server" not in browser.get(f"/@{bo.handle}/report/").content.decode()
    page = browser.get("/@zoe@two.example/report/").content.decode()
    assert "Also tell the moderators of two.example" in page
    key = page.split('name="key" value="')[1].split('"')[0]
    said = {"words": "Sells oil", "key": key, "tell_their_server": "on"}
    assert browser.post("/@zoe@two.example/report/", said).status_code == 302
    jobs.drain_everything(strict=True)
    assert [activity["type"] for activity in leaving_for(zoe)] == ["Flag"]
