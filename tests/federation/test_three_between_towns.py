"""The contract between two real towns, where a third has a word in it, and where both ask at once."""

import pytest

from tests.federation.towns import Town

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
SENTENCE = "We built the pump together."


def meet(harburg: Town, lund: Town, one: str, other: str) -> tuple[str, str]:
    """`one` of Harburg and `other` of Lund, who have looked each other up; how each is called in the other town."""
    here, there = f"{one}@{harburg.host}", f"{other}@{lund.host}"
    harburg.do("joins", handle=one, at="Acme Werke")
    lund.do("joins", handle=other, at="Acme Werke")
    harburg.do("looks_up", handle=one, address=there)
    lund.do("looks_up", handle=other, address=here)
    harburg.becomes(there, "looked_up", address=there)
    lund.becomes(here, "looked_up", address=here)
    return here, there


def test_both_ask_at_once_and_agree_on_one_contact_and_on_who_keeps_quiet(harburg: Town, lund: Town) -> None:
    ben, yan = meet(harburg, lund, "ben", "yan")
    harburg.do("asks", asker="ben", recipient=yan)
    lund.do("asks", asker="yan", recipient=ben)

    lund.becomes(1, "contacts_ever", one="yan", other=ben)
    harburg.becomes(1, "contacts_ever", one="ben", other=yan)
    harburg.becomes([], "jobs_left")
    lund.becomes([], "jobs_left")

    bound = harburg.do("keeps_quiet", one="ben", other=yan)
    assert len(bound) == 1
    assert lund.do("keeps_quiet", one="yan", other=ben) == bound
    lund.do("parts", one="yan", other=ben)
    harburg.becomes(False, "in_contact", one="ben", other=yan)
    assert harburg.do("contacts_ever", one="ben", other=yan) == 1


def test_a_mutual_contact_in_the_other_town_vouches(harburg: Town, lund: Town) -> None:
    """Cai asks Mia, and would have Noa's word, who is in contact with both and lives where Mia does."""
    cai, noa = meet(harburg, lund, "cai", "noa")
    lund.do("joins", handle="mia", at="Elsewhere Ltd")
    lund.do("know_each_other", one="noa", other="mia")
    mia = f"mia@{lund.host}"
    harburg.do("looks_up", handle="cai", address=mia)
    harburg.becomes(mia, "looked_up", address=mia)
    harburg.do("asks", asker="cai", recipient=noa)
    lund.becomes(1, "how_many_requests", asker=cai, recipient="noa")
    lund.becomes([], "jobs_left")
    lund.do("accepts", recipient="noa", asker=cai)
    harburg.becomes(True, "in_contact", one="cai", other=noa)

    harburg.do("asks_with", asker="cai", recipient=mia, voucher=noa)

    lund.becomes([[cai, "mia"]], "questions", voucher="noa")
    lund.do("vouches", voucher="noa", sentence=SENTENCE)
    lund.becomes({"where": "delivered", "grade": "A", "answer": ""}, "request", asker=cai, recipient="mia")
    assert lund.do("words_for", asker=cai, recipient="mia") == [["noa", SENTENCE]]
