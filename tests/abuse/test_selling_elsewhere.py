"""Where else one might sell: in a note, a vouch, a headline, an organisation's name, a calendar entry. Where words are
few and go to strangers, no way out of the house passes; where they are free, nothing leads out, and all can be
reported."""

import pytest

from accounts import people
from accounts.models import Entry, Member
from network.contacts import answers, notes, vouching
from network.contacts.models import VouchQuestion
from network.messages import hints, threads
from network.moderation import reports
from tests.cast import asks, befriend, key, was_at
from tests.frontend.pages import read

WAYS_OUT = [
    "Our new pumps: https://pumps.example.com",
    "Our new pumps: pumps dot example dot com",
    "Our new pumps: sales@pumps.example.com",
    "Our new pumps: +49 221 123456",
    "Our new pumps: zwei zwei eins eins zwei drei",
]
INVITATION = "BEGIN:VCALENDAR\nSUMMARY:See our new pumps\nEND:VCALENDAR"


@pytest.mark.parametrize("words", WAYS_OUT)
def test_a_note_carries_no_promotion_out(words: str, at_acme: Entry, ada: Member, bo: Member) -> None:
    with pytest.raises(notes.NoteCarries):
        asks(ada, bo, at_acme, note=words)


def test_a_note_that_sells_in_words_is_reported_and_declined_as_a_pitch(
    at_acme: Entry, ada: Member, bo: Member
) -> None:
    request = asks(ada, bo, at_acme, note="We have wonderful new pumps, cheap.")
    made = reports.report(bo, ada, words="She sells.", key=key(), request=request)

    assert made.evidence["text"] == "We have wonderful new pumps, cheap."
    answers.decline(request, by=bo, answer="pitch")


@pytest.mark.parametrize("words", WAYS_OUT)
def test_a_vouch_carries_no_promotion_out(words: str, at_acme: Entry, ada: Member, bo: Member, cleo: Member) -> None:
    befriend(cleo, ada)
    befriend(cleo, bo)
    request = asks(ada, bo, at_acme, vouchers=[cleo])
    with pytest.raises(notes.NoteCarries):
        vouching.answer(VouchQuestion.objects.get(request=request), by=cleo, answer="vouch", sentence=words)


@pytest.mark.parametrize("words", WAYS_OUT)
def test_a_headline_leads_nowhere_and_can_be_reported(words: str, ada: Member, bo: Member) -> None:
    people.change_profile(ada, {"headline": words, "headline_to": 3})
    was_at(ada, words, visible_to=3)
    page = read(bo, "/@ada/").split("<main")[1]

    assert 'href="http' not in page
    assert "mailto:" not in page
    assert "tel:" not in page
    assert 'href="/@ada/report/"' in page
    kept = reports.report(bo, ada, words="A shop window.", key=key()).evidence
    assert kept["fields"]["headline"] == words
    assert kept["entries"][0]["organisation"] == words


def test_a_calendar_entry_does_not_pass_the_quiet_period(at_acme: Entry, ada: Member, bo: Member) -> None:
    answers.accept(asks(ada, bo, at_acme), by=bo)
    with pytest.raises(threads.StillQuiet):
        threads.write(ada, bo, text=INVITATION, key=key())


def test_later_it_is_a_sign() -> None:
    found = hints.hint(f"{INVITATION}\nhttps://pumps.example.com")

    assert found
    assert "booking" in found.signs
