"""A draft is its writer's own: sealed, restored, gone when it is sent, and unknown to the other side."""

import pytest
from django.db import connection

from accounts.models import Member
from foundation import rotation, sealing
from network.contacts import blocks
from network.messages import drafts, threads
from network.messages.drafts import DraftTooLong, NobodyToDraftFor
from network.messages.models import Draft, Message, Thread
from tests.cast import befriend, key
from tests.frontend.pages import read, signed_in, steady

WORDS = "Half a thought about canaries"
PATH = "/messages/draft/bob/"


@pytest.fixture
def friends(ada: Member, bo: Member) -> None:
    befriend(ada, bo)


def test_a_draft_comes_back_in_the_form_and_goes_when_it_is_sent(ada: Member, bo: Member, friends: None) -> None:
    assert signed_in(ada).post(PATH, {"text": f"{WORDS}\n"}).status_code == 302
    assert WORDS in read(ada, "/messages/with/bob/")
    threads.write(ada, bo, text=f"{WORDS}, whole.", key=key())
    assert drafts.of(ada, bo) == ""


def test_the_page_keeps_it_while_it_is_written(ada: Member, friends: None) -> None:
    assert f'hx-post="{PATH}"' in read(ada, "/messages/with/bob/")
    answer = signed_in(ada).post(PATH, {"text": WORDS}, headers={"HX-Request": "true"})
    assert answer.content.decode() == "Kept as a draft, for you alone."


def test_the_other_side_notices_nothing(ada: Member, bo: Member, friends: None) -> None:
    threads.write(bo, ada, text="Hello", key=key())
    path = f"/messages/{Thread.objects.get().public_id}/"
    read(bo, path)
    before = [steady(read(bo, page)) for page in ("/messages/", "/@ada/")]
    drafts.keep(ada, bo, text=WORDS)
    assert [steady(read(bo, page)) for page in ("/messages/", "/@ada/")] == before
    assert WORDS not in read(bo, path)


def test_it_is_sealed_and_bound_to_its_place(ada: Member, bo: Member, cleo: Member, friends: None) -> None:
    befriend(ada, cleo)
    drafts.keep(ada, bo, text=WORDS)
    drafts.keep(ada, cleo, text="Something else")
    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM threads_draft d")
        assert "canaries" not in str(cursor.fetchall())
    assert "threads_draft.sealed" in rotation.keys_in_use()
    Draft.objects.filter(other=cleo).update(sealed=Draft.objects.get(other=bo).sealed)
    with pytest.raises(sealing.Broken):
        drafts.of(ada, cleo)


def test_an_emptied_draft_is_gone(ada: Member, bo: Member, friends: None) -> None:
    drafts.keep(ada, bo, text=WORDS)
    assert drafts.keep(ada, bo, text=" \n") is False
    assert not Draft.objects.exists()


def test_what_comes_after_the_sending_brings_nothing_back(ada: Member, bo: Member, friends: None) -> None:
    form = key()
    threads.write(ada, bo, text=WORDS, key=form)
    signed_in(ada).post(PATH, {"text": WORDS, "key": form})
    assert not Draft.objects.exists()


@pytest.mark.parametrize("who", ["bob", "cleo"])
def test_drafts_are_for_contacts_alone(who: str, ada: Member, bo: Member, cleo: Member, friends: None) -> None:
    blocks.block(bo, ada)
    assert signed_in(ada).post(f"/messages/draft/{who}/", {"text": WORDS}).status_code == 403
    assert signed_in(ada).post("/messages/draft/nobody/", {"text": WORDS}).status_code == 404
    with pytest.raises(NobodyToDraftFor):
        drafts.keep(ada, ada, text=WORDS)
    assert not Draft.objects.exists()


def test_a_draft_too_long_is_refused_and_the_kept_one_stays(ada: Member, bo: Member, friends: None) -> None:
    drafts.keep(ada, bo, text=WORDS)
    with pytest.raises(DraftTooLong):
        drafts.keep(ada, bo, text="x" * 10_001)
    assert drafts.of(ada, bo) == WORDS


def test_a_draft_sends_nothing(ada: Member, bo: Member, friends: None) -> None:
    drafts.keep(ada, bo, text=WORDS)
    assert not Message.objects.exists()
    assert threads.unread(bo) == 0
