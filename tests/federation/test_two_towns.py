"""The contract between two servers of ours, each real and over TLS: the whole story, and what goes wrong on the way."""

from itertools import permutations

import pytest

from tests.federation.towns import Town

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
HARBURG, LUND = "harburg.localhost", "lund.localhost"


def meet(harburg: Town, lund: Town, asker: str, recipient: str) -> tuple[str, str]:
    """Both were at Acme; the asker, in Harburg, has found the recipient, in Lund. How each is called abroad."""
    harburg.do("joins", handle=asker, at="Acme Werke")
    lund.do("joins", handle=recipient, at="Acme Werke", starts="2002-01", ends="2005-12")
    harburg.do("looks_up", handle=asker, address=f"{recipient}@{LUND}")
    harburg.becomes(f"{recipient}@{LUND}", "looked_up", address=f"{recipient}@{LUND}")
    return f"{asker}@{HARBURG}", f"{recipient}@{LUND}"


def know(harburg: Town, lund: Town, asker: str, recipient: str) -> tuple[str, str]:
    """They have met, and the recipient has accepted."""
    abroad, away = meet(harburg, lund, asker, recipient)
    harburg.do("asks", asker=asker, recipient=away)
    lund.becomes({"where": "delivered", "grade": "C", "answer": ""}, "request", asker=abroad, recipient=recipient)
    lund.do("accepts", recipient=recipient, asker=abroad)
    harburg.becomes({"contact": True, "confirmed": True, "quiet": True}, "stand_together", one=asker, other=away)
    return abroad, away


def test_from_a_look_up_to_the_end_of_a_contact(harburg: Town, lund: Town) -> None:
    ada, zoe = meet(harburg, lund, "ada", "zoe")
    assert harburg.do("known", called=zoe)["speaks"] is True

    harburg.do("asks", asker="ada", recipient=zoe, note="The pump of 2003, do you remember?")
    lund.becomes({"where": "delivered", "grade": "C", "answer": ""}, "request", asker=ada, recipient="zoe")
    assert lund.do("messages", one="zoe", other=ada) == []

    lund.do("asks_back", recipient="zoe", asker=ada, question="Which pump was that?")
    harburg.becomes(["Which pump was that?"], "said_about", asker="ada", recipient=zoe)
    harburg.do("replies", asker="ada", recipient=zoe, text="The one that never stopped.")
    both = ["Which pump was that?", "The one that never stopped."]
    lund.becomes(both, "said_about", asker=ada, recipient="zoe")

    lund.do("accepts", recipient="zoe", asker=ada)
    harburg.becomes({"contact": True, "confirmed": True, "quiet": True}, "stand_together", one="ada", other=zoe)
    assert lund.do("stand_together", one=ada, other="zoe") == {"contact": True, "confirmed": True, "quiet": True}

    lund.do("writes", writer="zoe", reader=ada, text="Good to hear from you. See https://pumps.example")
    harburg.becomes(["Good to hear from you. See https://pumps.example"], "messages", one="ada", other=zoe)
    link = harburg.do("writes", writer="ada", reader=zoe, text="Buy mine at https://pitch.example")
    assert link == "refused: quiet-period"
    harburg.do("writes", writer="ada", reader=zoe, text="Still running, after all those years.")
    thread = ["Good to hear from you. See https://pumps.example", "Still running, after all those years."]
    lund.becomes(thread, "messages", one="zoe", other=ada)

    harburg.do("parts", one="ada", other=zoe)
    lund.becomes(False, "in_contact", one=ada, other="zoe")
    assert lund.do("writes", writer="zoe", reader=ada, text="One more thing") == "refused: not-in-contact"
    assert harburg.do("undelivered", host=LUND) == lund.do("undelivered", host=HARBURG) == 0


def test_a_server_that_lets_its_member_sell_in_the_quiet_period_is_not_listened_to(harburg: Town, lund: Town) -> None:
    ida, per = know(harburg, lund, "ida", "per")

    sold = harburg.do("says", handle="ida", to=per, text="Buy mine at https://pitch.example")

    lund.becomes(True, "has_heard", activity=sold)
    assert lund.do("became_of", activity=sold) == "refused:quiet-period"
    assert lund.do("messages", one="per", other=ida) == []


def test_what_was_on_its_way_when_the_other_server_died_arrives_once(harburg: Town, lund: Town) -> None:
    abroad, away = meet(harburg, lund, "uma", "liv")
    lund.kill()

    harburg.do("asks", asker="uma", recipient=away, note="Are you there?")
    harburg.becomes(True, "tried_in_vain", host=LUND)
    lund.revive()
    harburg.do("hurries", host=LUND)

    lund.becomes({"where": "delivered", "grade": "C", "answer": ""}, "request", asker=abroad, recipient="liv")
    harburg.do("sends_again", host=LUND)
    harburg.becomes(0, "undelivered", host=LUND)
    assert lund.do("how_many_requests", asker=abroad, recipient="liv") == 1


def test_a_request_taken_back_stays_so_in_whatever_order_and_however_often_it_is_told(
    harburg: Town, lund: Town
) -> None:
    told = []
    pairs = {order: meet(harburg, lund, f"asker{n}", f"asked{n}") for n, order in enumerate(permutations([0, 1]))}
    lund.closes()
    for order, (abroad, away) in pairs.items():
        asker, before = abroad.partition("@")[0], len(harburg.do("letters", host=LUND))
        harburg.do("asks", asker=asker, recipient=away)
        harburg.becomes(["Offer"], "types_since", host=LUND, after=before)
        harburg.do("withdraws", asker=asker, recipient=away)
        harburg.becomes(["Offer", "Undo"], "types_since", host=LUND, after=before)
        letters = harburg.do("letters", host=LUND)[before:]
        told += [letters[number] for number in order for _twice in range(2)]
    lund.opens()

    assert [lund.receives(letter) for letter in told] == [202] * 8
    harburg.do("sends_again", host=LUND)
    harburg.becomes(0, "undelivered", host=LUND)
    lund.becomes([], "unhandled")

    for abroad, away in pairs.values():
        assert lund.do("is_withdrawn", asker=abroad, recipient=away.partition("@")[0])


def test_words_that_overtake_the_acceptance_wait_for_it(harburg: Town, lund: Town) -> None:
    abroad, away = meet(harburg, lund, "eva", "jon")
    harburg.do("asks", asker="eva", recipient=away)
    lund.becomes({"where": "delivered", "grade": "C", "answer": ""}, "request", asker=abroad, recipient="jon")
    harburg.closes()
    before = len(lund.do("letters", host=HARBURG))
    lund.do("accepts", recipient="jon", asker=abroad)
    lund.do("writes", writer="jon", reader=abroad, text="Of course I remember you.")
    lund.becomes(["Accept", "Create"], "types_since", host=HARBURG, after=before)
    accept, words = lund.do("letters", host=HARBURG)[before:]
    harburg.opens()

    assert [harburg.receives(words), harburg.receives(words)] == [202, 202]
    harburg.becomes("parked", "became_of", activity=words["id"])
    assert harburg.do("messages", one="eva", other=away) == []
    assert [harburg.receives(accept), harburg.receives(accept)] == [202, 202]

    harburg.becomes(["Of course I remember you."], "messages", one="eva", other=away)
    lund.do("sends_again", host=HARBURG)
    lund.becomes(0, "undelivered", host=HARBURG)
    assert harburg.do("messages", one="eva", other=away) == ["Of course I remember you."]
    assert harburg.do("stand_together", one="eva", other=away)["confirmed"] is True


def test_a_captured_letter_is_believed_at_its_own_door_alone(harburg: Town, lund: Town) -> None:
    abroad, away = meet(harburg, lund, "max", "kai")
    harburg.do("asks", asker="max", recipient=away)
    lund.becomes({"where": "delivered", "grade": "C", "answer": ""}, "request", asker=abroad, recipient="kai")
    letter = harburg.do("letters", host=LUND)[-1]

    assert lund.receives({**letter, "target": "/inbox"}) == 401
    assert lund.receives({**letter, "body": letter["body"].replace("colleagueOf", "childOf")}) == 401
    assert harburg.receives(letter) in (400, 401, 404)  # nobody of that name lives there
