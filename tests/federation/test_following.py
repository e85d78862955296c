"""People here follow people elsewhere: only whom it concerns answers, and a mutual follow is no contact."""

import pytest
from django.conf import LazySettings

from accounts import people, ties
from accounts.models import Member
from foundation import clock, jobs, quotas
from network.contacts import blocks, follows
from network.contacts.follows import EnoughFollows, FollowingOneself, NothingToFollow
from network.contacts.models import Follow
from network.federation import addresses
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.following import asks, followed, lets_everybody


class TestFollowing:
    def test_the_follow_waits_for_their_word_and_has_one_name(self, mia: Abroad, ada: Member) -> None:
        uri = followed(ada, mia)
        follows.follow(ada, mia.member)
        jobs.drain_everything(strict=True)

        (activity,) = leaving_for(mia)
        assert (activity["type"], activity["object"], activity["to"]) == ("Follow", mia.uri, [mia.uri])
        row = follows.between(ada, mia.member)
        assert row is not None
        assert row.accepted_at is None

        arrives(mia, said(mia, "Accept", uri))

        row.refresh_from_db()
        assert row.accepted_at is not None

    def test_an_accept_that_names_who_follows_whom_counts_for_that_follow(self, mia: Abroad, ada: Member) -> None:
        followed(ada, mia)
        arrives(mia, said(mia, "Accept", {"type": "Follow", "actor": addresses.actor(ada), "object": mia.uri}))

        row = follows.between(ada, mia.member)
        assert row is not None
        assert row.accepted_at is not None

    @pytest.mark.parametrize("word", ["Accept", "Reject"])
    def test_nobody_answers_a_follow_that_was_not_sent_to_them(
        self, word: str, mia: Abroad, mallory_abroad: Abroad, ada: Member
    ) -> None:
        uri = followed(ada, mia)
        row = arrives(mallory_abroad, said(mallory_abroad, word, uri))

        assert row.outcome == "refused:not-theirs"
        follow = follows.between(ada, mia.member)
        assert follow is not None
        assert follow.accepted_at is None

    @pytest.mark.parametrize("word", ["Accept", "Reject"])
    def test_nobody_answers_a_follow_that_was_never_sent(self, word: str, mallory_abroad: Abroad, ada: Member) -> None:
        never = {"type": "Follow", "actor": addresses.actor(ada), "object": mallory_abroad.uri}
        row = arrives(mallory_abroad, said(mallory_abroad, word, never))

        assert row.outcome == "refused:not-theirs"
        assert not Follow.objects.exists()

    @pytest.mark.parametrize("word", ["Accept", "Reject"])
    def test_nobody_answers_their_own_follow(self, word: str, mia: Abroad, ada: Member) -> None:
        uri = asks(mia, ada)
        row = arrives(mia, said(mia, word, uri))

        assert row.outcome == "refused:not-theirs"
        assert follows.asking(ada).exists()

    def test_rejected_it_has_ended_and_no_undo_goes_out(self, mia: Abroad, ada: Member) -> None:
        uri = followed(ada, mia)
        arrives(mia, said(mia, "Reject", {"id": uri, "type": "Follow"}))

        assert follows.between(ada, mia.member) is None
        assert [activity["type"] for activity in leaving_for(mia)] == ["Follow"]

    def test_ended_and_begun_again_it_has_a_new_name(self, mia: Abroad, ada: Member) -> None:
        first = followed(ada, mia)
        follows.end(ada, mia.member)
        jobs.drain_everything(strict=True)
        second = followed(ada, mia)

        assert [one["type"] for one in leaving_for(mia)] == ["Follow", "Undo", "Follow"]
        assert leaving_for(mia)[1]["object"]["id"] == first != second

    def test_blocking_somebody_ends_that_one_follows_them(self, mia: Abroad, ada: Member) -> None:
        followed(ada, mia)
        blocks.block(ada, mia.member)
        jobs.drain_everything(strict=True)

        assert follows.between(ada, mia.member) is None
        assert leaving_for(mia)[-1]["type"] == "Undo"

    def test_a_mutual_follow_is_no_contact(self, mia: Abroad, ada: Member) -> None:
        lets_everybody(ada)
        asks(mia, ada)
        uri = followed(ada, mia)
        assert not follows.are_mutual(ada, mia.member)
        arrives(mia, said(mia, "Accept", uri))

        assert follows.are_mutual(ada, mia.member)
        assert not ties.in_contact(ada, mia.member)

    def test_a_member_asks_to_follow_no_more_than_a_number_a_day(
        self, mia: Abroad, zoe: Abroad, ada: Member, settings: LazySettings
    ) -> None:
        settings.FOLLOWS_A_DAY = 1
        follows.ask_from_here(ada, mia.member)
        follows.ask_from_here(ada, mia.member)
        with pytest.raises(EnoughFollows):
            follows.ask_from_here(ada, zoe.member)

        assert follows.between(ada, zoe.member) is None
        assert quotas.used("follows", str(ada.pk)) == 1

    def test_nobody_follows_themselves(self, ada: Member) -> None:
        with pytest.raises(FollowingOneself):
            follows.follow(ada, ada)

    def test_nobody_of_here_is_followed_from_here(self, ada: Member, bo: Member) -> None:
        with pytest.raises(NothingToFollow):
            follows.ask_from_here(ada, bo)

    def test_the_frozen_let_nobody_follow(self, mia: Abroad, ada: Member) -> None:
        asks(mia, ada)
        Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
        ada.refresh_from_db()
        with pytest.raises(people.Frozen):
            follows.from_whom(ada, mia.member)

    def test_the_frozen_follow_nobody(self, mia: Abroad, ada: Member) -> None:
        Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
        ada.refresh_from_db()
        with pytest.raises(people.Frozen):
            follows.ask_from_here(ada, mia.member)
