"""Asking somebody whose server knows no requests: a follow and a message, which cost a request."""

import pytest

from accounts.models import Member
from foundation import clock, jobs
from network.contacts import follows, places, requests
from network.contacts.models import Follow
from tests.cast import DAY
from tests.federation.conftest import Abroad, arrives
from tests.federation.story import know_each_other, last_to, note, ours_to, types_to


def test_asking_where_requests_are_unknown_is_a_follow_and_a_message_that_cost_a_request(
    ada: Member, mia: Abroad
) -> None:
    request, name = ours_to(ada, mia, note="Do you remember the pump?")

    assert name == ""
    assert (places.left(ada).open, request.status) == (1, "sent")
    assert Follow.objects.get().followed == mia.member
    body = last_to(mia, "Create")["object"]
    assert body["to"] == [mia.uri]
    assert "Do you remember the pump?" in body["content"]
    assert "Acme Werke" in body["content"]
    assert "Offer" not in types_to(mia)


def test_without_a_note_there_is_no_message(ada: Member, mia: Abroad) -> None:
    ours_to(ada, mia)
    assert "Create" not in types_to(mia)


def test_nobody_is_asked_to_vouch_where_requests_are_unknown(ada: Member, zoe: Abroad, mia: Abroad) -> None:
    know_each_other(ada, zoe.member)
    ours_to(ada, mia, vouchers=[zoe.member])
    assert types_to(zoe) == []
    assert "Offer" not in types_to(mia)


def test_their_answer_by_message_is_not_kept_waiting(ada: Member, mia: Abroad) -> None:
    ours_to(ada, mia, note="Do you remember the pump?")
    assert arrives(mia, note(mia, ada, "Yes!")).outcome != "parked"


@pytest.mark.parametrize("before", [True, False])
def test_withdrawn_it_is_no_follow_any_more_unless_it_was_one_before(before: bool, ada: Member, mia: Abroad) -> None:
    if before:
        with clock.at(clock.now() - DAY):
            follows.follow(ada, mia.member)
    request, _name = ours_to(ada, mia)
    requests.withdraw(request, by=ada)
    jobs.drain_everything(strict=True)
    assert (Follow.objects.get().ended_at is None) == before
