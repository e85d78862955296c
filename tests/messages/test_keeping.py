"""What one side does with a thread for themselves: the other notices nothing."""

import json

import pytest

from accounts.models import Member
from network.messages import keeping, threads
from network.messages.models import Message
from tests.cast import befriend, key
from tests.frontend.pages import read, signed_in


@pytest.fixture
def talk(ada: Member, bo: Member) -> list[Message]:
    befriend(ada, bo)
    said = ["Die Häuser am Kanal waren teuer.", "I remember the running costs.", "Und die Rechnung liegt bei."]
    sides = [(ada, bo), (bo, ada), (ada, bo)]
    return [threads.write(one, other, text=text, key=key()) for (one, other), text in zip(sides, said, strict=True)]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("Haus", [0]),
        ("teures Haus", []),
        ("run cost", [1]),
        ('"liegt bei"', [2]),
        ("Rechnungen", [2]),
        ("kanal -teuer", []),
    ],
)
def test_words_are_found_in_any_form(words: str, places: list[int], talk: list[Message], ada: Member) -> None:
    assert set(keeping.found(ada, words)) == {talk[place] for place in places}


def test_nobody_finds_words_of_others(talk: list[Message], cleo: Member) -> None:
    assert not keeping.found(cleo, "Haus").exists()


@pytest.mark.parametrize("words", ["", "  ", "'", '"', ":* & | !", "\x00", "(" * 200, "-", "a" * 100_000])
def test_odd_words_find_nothing_and_break_nothing(words: str, talk: list[Message], ada: Member) -> None:
    assert not keeping.found(ada, words).exists()


def test_what_is_put_away_is_gone_for_one_side_alone(talk: list[Message], ada: Member, bo: Member) -> None:
    path = f"/messages/{talk[0].thread.public_id}/"
    signed_in(ada).post(f"/messages/put-away/{talk[0].public_id}/")
    assert "Häuser" not in read(ada, path)
    assert not keeping.found(ada, "Haus").exists()
    assert "Häuser" in read(bo, path)
    assert keeping.found(bo, "Haus").exists()
    assert "Häuser" not in json.dumps(keeping.taken_along(talk[0].thread, by=ada), ensure_ascii=False)


def test_the_last_line_of_the_list_is_one_that_is_seen(talk: list[Message], bo: Member) -> None:
    keeping.put_away(talk[2], by=bo)
    assert vars(threads.of(bo).get())["last_text"] == talk[1].text


def test_a_muted_thread_counts_nothing_and_looks_alike_to_the_other(
    talk: list[Message], ada: Member, bo: Member
) -> None:
    path = f"/messages/{talk[0].thread.public_id}/"
    before = read(ada, path).count("\n")
    assert threads.unread(bo) == 2
    signed_in(bo).post(f"{path}mute/", {"muted": "yes"})
    assert threads.unread(bo) == 0
    assert read(ada, path).count("\n") == before
    signed_in(bo).post(f"{path}mute/", {"muted": "no"})
    assert threads.unread(bo) == 2


def test_a_thread_is_taken_along_as_it_reads(talk: list[Message], bo: Member) -> None:
    answer = signed_in(bo).get(f"/messages/{talk[0].thread.public_id}/take-along/")
    assert answer["Content-Disposition"].startswith("attachment")
    kept = json.loads(answer.content)
    assert kept["with"].startswith("ada@")
    assert [one["text"] for one in kept["messages"]] == [message.text for message in talk]
    assert set(kept["messages"][0]) == {"id", "from", "sent", "purpose", "text"}


@pytest.mark.parametrize("what", ["mute/", "take-along/"])
def test_a_stranger_is_told_of_no_thread(what: str, talk: list[Message], cleo: Member) -> None:
    client, path = signed_in(cleo), f"/messages/{talk[0].thread.public_id}/{what}"
    answer = client.get(path) if what == "take-along/" else client.post(path, {"muted": "yes"})
    assert answer.status_code == 404
    assert client.post(f"/messages/put-away/{talk[0].public_id}/").status_code == 404


def test_nobody_puts_away_or_mutes_for_others(talk: list[Message], cleo: Member) -> None:
    for verb in (
        lambda: keeping.put_away(talk[0], by=cleo),
        lambda: keeping.mute(talk[0].thread, by=cleo, muted=True),
        lambda: keeping.taken_along(talk[0].thread, by=cleo),
    ):
        with pytest.raises(threads.NoSuchThread):
            verb()


def test_a_page_of_what_was_found_leads_to_the_message(talk: list[Message], ada: Member) -> None:
    page = read(ada, "/messages/?q=cost")
    assert "running costs" in page
    assert f"?at={talk[1].public_id}#m-{talk[1].public_id}" in page
    there = read(ada, f"/messages/{talk[0].thread.public_id}/?at={talk[1].public_id}")
    assert "running costs" in there
    assert "Rechnung" not in there
    assert "Nothing found" in read(ada, "/messages/?q=zebra")
