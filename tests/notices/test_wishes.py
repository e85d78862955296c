"""The switches: quiet from the start, chosen on one page, and nothing else gets through it."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Member
from foundation import clock, jobs
from network.contacts import requests
from network.messages import threads
from network.notices import telling, wishes
from network.notices.models import Kind, Notice, Outcome, Rhythm, Way, Wish
from network.notices.tasks import erase_member
from network.notices.wishes import NoSuchWish
from tests.cast import asks, befriend, key
from tests.frontend.pages import read, signed_in
from tests.notices.post import box, wants

PATH = "/settings/letters/"


def form(**other: Any) -> dict[str, Any]:
    return {**{str(kind): str(way) for kind, way in wishes.DEFAULTS.items()}, "hour": 8, "days": [0, 1], **other}


def test_every_kind_has_a_default_and_only_what_waits_for_somebody_comes_at_once() -> None:
    assert set(wishes.DEFAULTS) == set(Kind)
    assert {kind for kind, way in wishes.DEFAULTS.items() if way == Way.AT_ONCE} == {
        Kind.REQUEST, Kind.VOUCH, Kind.OFFER, Kind.DECISION, Kind.TRAY,
    }  # fmt: skip


def test_what_is_chosen_on_the_page_is_kept(ada: Member) -> None:
    answer = signed_in(ada).post(PATH, form(message="never", request="digest", hour=21, days=[5, 6]))
    assert answer.status_code == 302
    now = wishes.of(ada)
    assert (now.ways["message"], now.ways["request"], now.hour, now.days) == ("never", "digest", 21, "56")
    page = read(ada, PATH)
    assert 'value="21" selected' in page
    assert page.count("checked") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": 24},
        {"hour": "x"},
        {"days": []},
        {"days": [7]},
        {"message": "daily"},
        {"tray": "digest"},
        {"message": ""},
    ],
)
def test_what_is_not_offered_is_refused_and_changes_nothing(wrong: dict[str, Any], ada: Member) -> None:
    before = wishes.of(ada)
    answer = signed_in(ada).post(PATH, form(**wrong))
    assert answer.status_code == 200
    assert "field-wrong" in answer.content.decode()
    assert wishes.of(ada) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"hour": 24},
        {"hour": -1},
        {"days": []},
        {"days": [7]},
        {"ways": {"message": "daily"}},
        {"ways": {"tray": "digest"}},
        {"ways": {"promotion": "at-once"}},
    ],
)
def test_the_verb_refuses_the_same(wrong: dict[str, Any], ada: Member) -> None:
    with pytest.raises(NoSuchWish):
        wishes.choose(ada, **{"ways": {}, "hour": 8, "days": [0], **wrong})


def test_nobody_sets_the_switches_without_signing_in() -> None:
    assert Client().post(PATH, form())["Location"].startswith("/account/login/")


@pytest.mark.parametrize("path", ["/requests/", "/requests/{id}/"])
def test_what_its_member_has_seen_here_is_not_written(path: str, ada: Member, bo: Member, at_acme: object) -> None:
    wants(bo, "digest", "request")
    request = asks(ada, bo)
    read(bo, path.format(id=request.public_id))
    assert Notice.objects.get(what="request").outcome == Outcome.SEEN
    assert box(bo) == []


def test_looking_at_others_things_settles_nothing(ada: Member, bo: Member, cleo: Member, at_acme: object) -> None:
    wants(bo, "digest", "request")
    request = asks(ada, bo)
    assert signed_in(cleo).get(f"/requests/{request.public_id}/").status_code == 404
    assert signed_in(ada).get(f"/requests/{request.public_id}/").status_code == 404
    assert Notice.objects.get(what="request").settled_at is None


def test_letters_speak_the_language_of_their_reader(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    Member.objects.filter(pk=bo.pk).update(language="de")
    wants(bo, "at-once", "message")
    message = threads.write(ada, bo, text="Hello", key=key())
    jobs.drain_everything()
    telling.write_one(Notice.objects.get(member=bo, what="message").pk)
    [letter] = box(bo, "message")
    assert letter.subject == "Du hast eine ungelesene Nachricht"
    assert str(message.thread.public_id) in letter.text


def test_the_asker_sees_the_same_whatever_the_reader_wants(ada: Member, bo: Member, at_acme: object) -> None:
    wants(bo, "never", "request")
    assert asks(ada, bo).status == requests.sent_by(ada).get().status == "sent"


@pytest.mark.parametrize("left", [True, False])
def test_who_has_left_wanted_nothing(left: bool, ada: Member, bo: Member, at_acme: object) -> None:
    wants(bo, "digest", "request")
    asks(ada, bo)
    if left:
        Member.objects.filter(pk=bo.pk).update(left_at=clock.now())
    erase_member(bo.pk)
    assert Notice.objects.exists() is Wish.objects.exists() is Rhythm.objects.exists() is (not left)
