"""Words that claim an earlier contact, and words that only sound like it. Both languages."""

import time

import pytest

from accounts import ties
from accounts.models import Entry, Member
from network.contacts import answers
from network.messages import claims, keeping, threads, truth
from tests.cast import asks, key
from tests.frontend.pages import read

CLAIMS = [
    "As discussed, here is the deck.",
    "as already agreed on the phone",
    "As we agreed last week, I send you the paper.",
    "As\ndiscussed: see below",
    "As promised, the slides.",
    "As mentioned on the phone, we have room.",
    "Following up on our conversation, …",
    "Further to our call",
    "Per our recent discussion I attach the plan",
    "I am following up on my last message",
    "just following up on your email",
    "in our last call you said",
    "We’ve been in touch before",
    "We have already spoken about this",
    "We spoke last week about your team",
    "We were in contact in spring",
    "Since we last spoke much has happened",
    "It was great talking to you!",
    "Thanks for your interest in our platform",
    "Thank you for the nice call",
    "Re: our offer",
    "AW: Ihr Interesse",
    "Reaching out again",
    "Let us pick up where we left off",
    "Wie besprochen anbei die Unterlagen",
    "wie bereits telefonisch besprochen",
    "wie letzte Woche vereinbart",
    "wie am Telefon besprochen",
    "Wie wir das besprochen haben",
    "wie gewünscht die Unterlagen",
    "Bezug nehmend auf unser Telefonat",
    "im Anschluss an unser nettes Gespräch",
    "im Nachgang zu unserem Termin",
    "nach unserem letzten Gespräch",
    "Wir hatten Kontakt",
    "wir hatten ja schon einmal Kontakt",
    "wir standen bereits in Kontakt",
    "wir haben neulich telefoniert",
    "Danke für das nette Gespräch",
    "vielen Dank für Ihre Rückmeldung",
    "Danke für dein Interesse an unserem Produkt",
    "Ich komme noch mal auf dich zu",
    "meine letzte Nachricht hast du sicher gesehen",
]
FALSE_FRIENDS = [
    "Let us discuss this one day.",
    "As discussed in your 2009 paper, timestamps lie.",
    "I discussed as much as I could",
    "I was in touch with Bo's sister",
    "We were in contact with the same supplier",
    "We met at the Linux user group in 2003.",
    "We have met the same people at Acme",
    "It would be good to talk to you",
    "I would like to follow up on the talk you gave",
    "After our meeting at the fair in 2003 I never lost your card",
    "bei unserem Treffen 1999 in Hamburg regnete es",
    "Our call centre was above your floor",
    "Do you remember our meeting room without windows?",
    "Thanks for your talk that year",
    "I care: regards",
    "There: re-read it",
    "Wir besprechen das gern einmal",
    "Wie oft sie verabredet waren, weiß ich nicht",
    "wie viel wurde damals vereinbart?",
    "Wir waren in Kontakt mit demselben Lieferanten",
    "Wir haben damals bei Acme jeden Tag gesprochen",
    "Unser Gesprächskreis tagte montags",
    "Danke für deinen Vortrag von damals",
    "Wir waren beide bei Hansewerk",
    "Ich hätte gern Kontakt",
    "Die Unterlagen sind besprochen worden",
    "Im Bezug auf unsere Datenbank",
]


@pytest.mark.parametrize("text", CLAIMS)
def test_a_claim_is_found(text: str) -> None:
    assert claims.made_in(text)
    assert claims.made_in(f"Dear Ada,\n\n{text.upper()} Regards")


@pytest.mark.parametrize("text", FALSE_FRIENDS)
def test_a_false_friend_is_none(text: str) -> None:
    assert not claims.made_in(text)


@pytest.mark.parametrize(
    "piece", ["as already ", "wie ", "wie schon ", "wir haben ja ", "for your ", "\n", "re", "per our "]
)
def test_long_texts_are_read_in_one_pass(piece: str) -> None:
    """Whole seconds would show a pattern that goes back over and over; this is no benchmark."""
    before = time.process_time()
    claims.made_in(piece * 20_000)
    assert time.process_time() - before < 5


def test_who_was_asked_may_thank_for_the_request(ada: Member, bo: Member, at_acme: Entry) -> None:
    answers.accept(asks(ada, bo, at_acme), by=bo)
    first = threads.write(bo, ada, text="Danke für deine Nachricht", key=key())
    assert not first.claims_contact


def test_question_and_reply_are_on_record_even_after_a_decline(ada: Member, bo: Member, at_acme: Entry) -> None:
    request = asks(ada, bo, at_acme)
    assert ties.last_met(ada, bo) is None  # nobody makes a record by asking
    answers.ask_back(request, by=bo)
    assert ties.last_met(ada, bo) is None
    answers.reply(request, by=ada, text="As discussed, from the pump room.")
    answers.decline(request, by=bo, answer="not-now")
    met = ties.last_met(ada, bo)
    assert met is not None
    assert truth.line(met.at, met.how).text.endswith("by question and reply.")


def test_a_reply_that_claims_is_bold_too(ada: Member, bo: Member, at_acme: Entry) -> None:
    request = asks(ada, bo, at_acme)
    answers.ask_back(request, by=bo)
    answers.reply(request, by=ada, text="As discussed, from the pump room.")
    assert "truth-bold" in read(bo, f"/requests/{request.public_id}/")


def test_a_request_with_an_innocent_note_is_not_bold(ada: Member, bo: Member, at_acme: Entry) -> None:
    request = asks(ada, bo, at_acme, note="We shared the pump room.")
    assert "truth-bold" not in read(bo, f"/requests/{request.public_id}/")


def test_the_first_message_stays_bold_for_both_and_a_later_one_makes_nothing_bold(
    ada: Member, bo: Member, at_acme: Entry
) -> None:
    answers.accept(asks(ada, bo, at_acme), by=bo)
    first = threads.write(ada, bo, text="As discussed, hello.", key=key())
    path = f"/messages/{first.thread.public_id}/"
    assert "truth-bold" in read(ada, path)
    assert "truth-bold" in read(bo, path)
    keeping.put_away(first, by=bo)
    threads.write(bo, ada, text="As discussed, no.", key=key())
    assert "truth-bold" not in read(bo, path)
