"""Follows between servers: asked, accepted, refused, ended; and nobody speaks of what is not theirs."""

import pytest
from django.conf import LazySettings

from accounts import people, ties
from accounts.models import Member
from foundation import clock, jobs, quotas
from foundation.models import AuditEntry
from network.contacts import blocks, follows
from network.contacts.follows import EnoughFollows, FollowingOneself, NothingToFollow
from network.contacts.models import Follow
from network.federation import addresses, documents
from network.federation.models import Peer, Policy
from tests.federation.conftest import Abroad, arrives, leaving_for, said


def asks(by: Abroad, whom: Member) -> str:
    """A Follow comes in; its name."""
    activity = said(by, "Follow", addresses.actor(whom))
    arrives(by, activity, inbox_of=whom.handle)
    return str(activity["id"])


def lets_everybody(member: Member) -> None:
    people.set_followers(member, "at-once")
    jobs.drain_everything(strict=True)


def followed(by: Member, whom: Abroad) -> str:
    """Our member asks to follow somebody elsewhere; the name of the Follow that left."""
    follows.follow(by, whom.member)
    jobs.drain_everything(strict=True)
    return str(leaving_for(whom)[-1]["id"])


def sent(to: Abroad, type_: str) -> list[dict[str, object]]:
    return [activity for activity in leaving_for(to) if activity["type"] == type_]


class TestFollowedFromElsewhere:
    def test_by_default_nobody_follows_before_the_member_agrees(self, mia: Abroad, ada: Member) -> None:
        uri = asks(mia, ada)

        assert documents.actor(ada)["manuallyApprovesFollowers"] is True
        assert [row.follower for row in follows.asking(ada)] == [mia.member]
        assert not follows.followers_of(ada).exists()
        assert not leaving_for(mia)

        follows.accept(follows.from_whom(ada, mia.member))
        jobs.drain_everything(strict=True)

        (answer,) = sent(mia, "Accept")
        follow = {"id": uri, "type": "Follow", "actor": mia.uri, "object": addresses.actor(ada)}
        assert (answer["actor"], answer["to"], answer["object"]) == (addresses.actor(ada), [mia.uri], follow)
        assert follows.followers_of(ada).exists()

    def test_whoever_lets_everybody_is_followed_at_once_and_says_so(self, mia: Abroad, ada: Member) -> None:
        lets_everybody(ada)

        asks(mia, ada)

        assert documents.actor(ada)["manuallyApprovesFollowers"] is False
        assert follows.followers_of(ada).exists()
        assert len(sent(mia, "Accept")) == 1

    def test_a_follow_is_no_contact_and_opens_nothing(self, mia: Abroad, ada: Member) -> None:
        lets_everybody(ada)
        asks(mia, ada)

        assert not ties.in_contact(ada, mia.member)

    def test_asked_again_under_another_name_it_is_one_follow_and_both_are_answered(
        self, mia: Abroad, ada: Member
    ) -> None:
        lets_everybody(ada)
        names = [asks(mia, ada), asks(mia, ada)]

        assert Follow.objects.count() == 1
        assert [answer["object"]["id"] for answer in sent(mia, "Accept")] == names  # type: ignore[index]

    def test_put_away_is_told_to_nobody_and_stays_put_away_when_asked_again(self, mia: Abroad, ada: Member) -> None:
        uri = asks(mia, ada)
        follows.put_away(follows.from_whom(ada, mia.member))
        arrives(mia, said(mia, "Undo", {"id": uri, "type": "Follow", "actor": mia.uri}))
        asks(mia, ada)

        assert not follows.asking(ada).exists()
        assert not leaving_for(mia)
        assert follows.from_whom(ada, mia.member).accepted_at is None

    @pytest.mark.parametrize("at_once", [True, False])
    def test_a_blocked_person_gets_the_same_answer_as_anybody(
        self, at_once: bool, mia: Abroad, zoe: Abroad, ada: Member
    ) -> None:
        if at_once:
            lets_everybody(ada)
        blocks.block(ada, mia.member)

        for someone in (mia, zoe):
            asks(someone, ada)

        answers = [[(one["type"], one["actor"], one["to"] == [who.uri]) for one in leaving_for(who)]
                   for who in (mia, zoe)]  # fmt: skip
        assert answers[0] == answers[1]
        rows = follows.followers_of(ada) if at_once else follows.asking(ada)
        assert [row.follower for row in rows] == [zoe.member]

    def test_blocking_a_follower_tells_nobody_and_ends_what_is_sent_to_them(self, mia: Abroad, ada: Member) -> None:
        lets_everybody(ada)
        asks(mia, ada)
        before = leaving_for(mia)

        blocks.block(ada, mia.member)
        jobs.drain_everything(strict=True)

        assert leaving_for(mia) == before
        assert not follows.followers_of(ada).exists()
        assert follows.between(mia.member, ada) is not None

    def test_a_limited_server_never_follows_at_once(self, mia: Abroad, ada: Member) -> None:
        lets_everybody(ada)
        Peer.objects.filter(host="mastodon.example").update(policy=Policy.LIMITED)

        asks(mia, ada)

        assert follows.asking(ada).exists()
        assert not leaving_for(mia)

    def test_a_server_follows_no_more_than_its_quota(
        self, mia: Abroad, ada: Member, bo: Member, settings: LazySettings
    ) -> None:
        settings.PEER_QUOTAS = {**settings.PEER_QUOTAS, "follows": 1}
        asks(mia, ada)
        row = arrives(mia, said(mia, "Follow", addresses.actor(bo)))

        assert row.outcome == "refused:server-quota"
        assert not follows.asking(bo).exists()

    def test_removed_by_the_member_the_follower_is_told(self, mia: Abroad, ada: Member) -> None:
        lets_everybody(ada)
        uri = asks(mia, ada)

        follows.end(mia.member, ada, by=ada)
        jobs.drain_everything(strict=True)

        (answer,) = sent(mia, "Reject")
        assert answer["object"]["id"] == uri  # type: ignore[index]

    def test_undone_it_has_ended_and_nothing_goes_back(self, mia: Abroad, ada: Member) -> None:
        uri = asks(mia, ada)
        row = arrives(mia, said(mia, "Undo", {"id": uri, "type": "Follow", "actor": mia.uri}))

        assert row.outcome == "done"
        assert follows.between(mia.member, ada) is None
        assert not leaving_for(mia)

    def test_undone_before_it_came_it_never_begins(self, mia: Abroad, ada: Member) -> None:
        follow = said(mia, "Follow", addresses.actor(ada))
        arrives(mia, said(mia, "Undo", follow))
        row = arrives(mia, follow)

        assert row.outcome == "ignored:deleted"
        assert not Follow.objects.exists()

    def test_the_end_of_an_earlier_follow_does_not_end_a_later_one(self, mia: Abroad, ada: Member) -> None:
        first, _second = asks(mia, ada), asks(mia, ada)
        arrives(mia, said(mia, "Undo", {"id": first, "type": "Follow", "actor": mia.uri}))

        assert follows.between(mia.member, ada) is not None

    def test_nobody_else_undoes_it(self, mia: Abroad, mallory_abroad: Abroad, ada: Member) -> None:
        uri = asks(mia, ada)
        row = arrives(mallory_abroad, said(mallory_abroad, "Undo", {"id": uri, "type": "Follow", "actor": mia.uri}))

        assert row.outcome == "refused:not-theirs"
        assert follows.between(mia.member, ada) is not None
        assert AuditEntry.objects.filter(actor=mallory_abroad.uri).exists()

    @pytest.mark.parametrize("whom", ["https://evil.example/@ada/", "", None, 7, {"id": "nobody"}, ["a", "b"]])
    def test_a_follow_of_nobody_here_is_ignored(self, whom: object, mia: Abroad, ada: Member) -> None:
        row = arrives(mia, said(mia, "Follow", whom))

        assert row.outcome == "ignored"
        assert not Follow.objects.exists()


class TestFollowingElsewhere:
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
