"""Whom one of ours has asked, and whose server knows no requests, may answer: at the door, whatever door it is."""

from datetime import timedelta

import pytest

from accounts import people, ties
from accounts.models import Entry, Member
from foundation import clock, jobs
from network.contacts import answers, blocks, follows, quiet, requests
from network.contacts.models import Request, Status
from network.federation import addresses
from tests.cast import asks
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.mastodon import writes

DAY = timedelta(days=1)


def only() -> Request:
    return Request.objects.get()


@pytest.fixture
def approach(mia: Abroad, ada: Member, at_acme: Entry) -> Request:
    """Ada has asked Mia, whose server knows no requests."""
    request = asks(ada, mia.member, at_acme, note="Do you remember the pump?")
    jobs.drain_everything(strict=True)
    return request


class TestAnswerToOurs:
    def test_what_goes_out_is_a_follow_and_a_message_with_the_context(self, mia: Abroad, approach: Request) -> None:
        sent = {activity["type"]: activity for activity in leaving_for(mia)}
        create = sent.pop("Create")

        assert list(sent) == ["Follow"]
        content = create["object"]["content"]
        assert "Do you remember the pump?" in content
        assert approach.snapshot["organisation"] in content
        assert f"{addresses.actor(approach.asker)}" in content
        assert create["object"]["tag"] == [{"type": "Mention", "href": mia.uri, "name": "@mia@mastodon.example"}]

    @pytest.mark.parametrize("door", ["A", "K"])
    def test_their_answer_knocks_at_every_door(self, door: str, mia: Abroad, ada: Member, approach: Request) -> None:
        people.set_door(ada, door)
        writes(mia, ada, "<p>@ada yes, the pump!</p>")

        (answer,) = requests.at_the_door(ada)
        assert (answer.asker, answer.note) == (mia.member, "yes, the pump!")
        assert not ties.in_contact(ada, mia.member)

    def test_accepted_it_is_a_contact_in_which_ours_has_asked(
        self, mia: Abroad, ada: Member, approach: Request
    ) -> None:
        writes(mia, ada)
        (answer,) = requests.at_the_door(ada)
        contact = answers.accept(answer, by=ada)

        assert contact.asker == ada
        approach.refresh_from_db()
        assert approach.status == Status.ACCEPTED
        assert quiet.between(ada, mia.member) is not None

    def test_somebody_we_asked_is_heard_though_they_wrote_before(
        self, mia: Abroad, ada: Member, at_acme: Entry
    ) -> None:
        writes(mia, ada, "<p>first</p>")
        answers.decline(only(), by=ada, answer="not-now")
        with clock.at(clock.now() + 70 * DAY):
            asks(ada, mia.member, at_acme, note="I am back.")
            jobs.drain_everything(strict=True)
        with clock.at(clock.now() + 71 * DAY):
            writes(mia, ada, "<p>second</p>")
            assert [row.note for row in requests.at_the_door(ada)] == ["second"]

    def test_an_answer_of_somebody_blocked_meanwhile_reaches_nobody(
        self, mia: Abroad, ada: Member, approach: Request
    ) -> None:
        blocks.block(ada, mia.member)
        writes(mia, ada)

        assert not requests.waiting_for(ada).exists()

    def test_an_accepted_follow_alone_is_no_contact(self, mia: Abroad, ada: Member, approach: Request) -> None:
        follow = next(one for one in leaving_for(mia) if one["type"] == "Follow")
        arrives(mia, said(mia, "Accept", follow["id"]))

        row = follows.between(ada, mia.member)
        assert row is not None
        assert row.accepted_at is not None
        assert not ties.in_contact(ada, mia.member)
        approach.refresh_from_db()
        assert approach.status == Status.SENT
