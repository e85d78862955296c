"""The contract, 4, between servers: mutual contacts vouch, and no server learns who knows whom."""

import pytest

from accounts.models import Member
from foundation.models import Letter
from network.contacts import vouching
from network.contacts.models import VouchQuestion, Whereabouts
from network.federation import addresses, asking, references
from network.federation.models import Outbound
from tests.cast import asks, befriend, was_at
from tests.federation.conftest import Abroad, arrives, lives_abroad
from tests.federation.story import (
    AT_ACME,
    SENTENCE,
    invite,
    know_each_other,
    last_to,
    ours_to,
    types_to,
    word,
)
from vetting.models import Evidence


@pytest.fixture
def yan(db: None) -> Abroad:
    """Lives on a third server."""
    return lives_abroad("yan", "three.example")


# --- our asker


def test_a_contact_elsewhere_is_asked_by_way_of_their_server(ada: Member, zoe: Abroad, yan: Abroad) -> None:
    know_each_other(ada, yan.member, confirmed=False)
    _request, name = ours_to(ada, zoe, vouchers=[yan.member], note="Do you remember?")

    sent = last_to(yan, "Invite")

    assert (sent["to"], sent["object"]) == ([yan.uri], yan.uri)
    assert sent["target"] == {
        "id": name,
        "type": "Offer",
        "actor": addresses.actor(ada),
        "object": asking.relationship(addresses.actor(ada), zoe.uri),
        "context": AT_ACME,
    }


def test_for_a_recipient_here_only_those_who_know_them_are_asked(
    ada: Member, bo: Member, zoe: Abroad, yan: Abroad
) -> None:
    know_each_other(ada, zoe.member)
    know_each_other(ada, yan.member)
    know_each_other(bo, yan.member)
    asks(ada, bo, was_at(ada, "Acme Werke"), vouchers=[zoe.member, yan.member])
    assert types_to(yan) == ["Invite"]
    assert types_to(zoe) == []


def test_a_vouch_from_elsewhere_lifts_a_request_between_two_here(ada: Member, bo: Member, yan: Abroad) -> None:
    know_each_other(ada, yan.member)
    know_each_other(bo, yan.member)
    request = asks(ada, bo, was_at(ada, "Acme Werke"), vouchers=[yan.member])
    name = last_to(yan, "Invite")["target"]["id"]

    assert arrives(yan, word(yan, addresses.actor(ada), bo, name=name)).outcome == "done"

    request.refresh_from_db()
    assert (request.grade, request.whereabouts) == ("A", Whereabouts.DELIVERED)
    assert vouching.vouches(request).get().sentence == SENTENCE
    assert Evidence.objects.filter(kind="request-vouch", about=ada.ledger_id, by=yan.member.ledger_id).count() == 1


def test_nobody_vouches_unasked_for_a_member_of_this_server(ada: Member, bo: Member, yan: Abroad) -> None:
    know_each_other(ada, yan.member)
    know_each_other(bo, yan.member)
    request = asks(ada, bo, was_at(ada, "Acme Werke"))
    references.remember("https://testserver/things/request/1", "request", request)
    activity = word(yan, addresses.actor(ada), bo, name="https://testserver/things/request/1")
    assert arrives(yan, activity).outcome == "refused:not-yours-to-vouch"
    request.refresh_from_db()
    assert request.grade == "C"


# --- our voucher, the recipient elsewhere


def test_the_word_of_a_member_here_goes_to_the_recipients_server_alone(ada: Member, cleo: Member, zoe: Abroad) -> None:
    befriend(ada, cleo)
    know_each_other(cleo, zoe.member)
    request, name = ours_to(ada, zoe, vouchers=[cleo])
    question = VouchQuestion.objects.get(request=request)
    assert question.passed_at

    vouching.answer(question, by=cleo, answer="vouch", sentence=SENTENCE)

    sent = last_to(zoe, "Accept")
    assert (sent["actor"], sent["to"], sent["content"]) == (addresses.actor(cleo), [zoe.uri], f"<p>{SENTENCE}</p>")
    assert sent["object"]["target"]["id"] == name
    assert not Outbound.objects.get(uri=sent["id"]).proved
    request.refresh_from_db()
    assert request.grade == ""


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_the_other_answers_leave_nothing(answer: str, ada: Member, cleo: Member, zoe: Abroad) -> None:
    befriend(ada, cleo)
    know_each_other(cleo, zoe.member)
    request, _name = ours_to(ada, zoe, vouchers=[cleo])
    before = types_to(zoe)
    vouching.answer(VouchQuestion.objects.get(request=request), by=cleo, answer=answer)
    assert types_to(zoe) == before


def test_a_question_from_elsewhere_reaches_only_who_knows_the_recipient(
    ada: Member, cleo: Member, zoe: Abroad, yan: Abroad
) -> None:
    """Zoe asks Yan and would have the word of Ada and of Cleo; only Cleo knows Yan."""
    know_each_other(ada, zoe.member)
    know_each_other(cleo, zoe.member)
    know_each_other(cleo, yan.member)
    name = f"{zoe.uri}activities/offer"

    for voucher in (ada, cleo):
        assert arrives(zoe, invite(zoe, voucher, yan.uri, name=name)).outcome == "done"

    assert not vouching.waiting_for(ada).exists()
    question = vouching.waiting_for(cleo).get()
    assert (question.request.asker, question.request.recipient) == (zoe.member, yan.member)
    assert Letter.objects.filter(kind="vouch-asked").count() == 1
    assert not Outbound.objects.exists()

    vouching.answer(question, by=cleo, answer="vouch", sentence=SENTENCE)

    sent = last_to(yan, "Accept")
    assert (sent["object"]["actor"], sent["object"]["target"]["id"]) == (zoe.uri, name)
    assert types_to(zoe) == []


@pytest.mark.parametrize("missing", ["contact with the asker", "confirmation with the recipient", "recipient known"])
def test_what_the_voucher_lacks_is_told_to_nobody(missing: str, cleo: Member, zoe: Abroad, yan: Abroad) -> None:
    if missing != "contact with the asker":
        know_each_other(cleo, zoe.member)
    know_each_other(cleo, yan.member, confirmed=missing != "confirmation with the recipient")
    about = "https://four.example/@nobody/" if missing == "recipient known" else yan.uri

    arrives(zoe, invite(zoe, cleo, about, name=f"{zoe.uri}activities/offer"))

    assert not vouching.waiting_for(cleo).exists()
    assert not Outbound.objects.exists()


def test_nobody_asks_for_a_vouch_in_anothers_name(
    cleo: Member, zoe: Abroad, yan: Abroad, mallory_abroad: Abroad
) -> None:
    know_each_other(cleo, zoe.member)
    know_each_other(cleo, yan.member)
    activity = invite(zoe, cleo, yan.uri, name=f"{zoe.uri}activities/offer")
    assert arrives(mallory_abroad, {**activity, "actor": mallory_abroad.uri}).outcome == "ignored"
    assert not VouchQuestion.objects.exists()


def test_at_most_three_are_asked_for_one_request(
    ada: Member, bo: Member, cleo: Member, mo: Member, zoe: Abroad, yan: Abroad
) -> None:
    name = f"{zoe.uri}activities/offer"
    for member in (ada, bo, cleo, mo):
        know_each_other(member, zoe.member)
        know_each_other(member, yan.member)
    outcomes = [arrives(zoe, invite(zoe, one, yan.uri, name=name)).outcome for one in (ada, bo, cleo, mo)]
    assert outcomes == ["done", "done", "done", "refused:not-a-contact-of-yours"]
