"""People elsewhere follow people here: asked, let, put away, ended; and nobody speaks of what is not theirs."""

import pytest
from django.conf import LazySettings

from accounts import ties
from accounts.models import Member
from foundation import jobs
from foundation.models import AuditEntry
from network.contacts import blocks, follows
from network.contacts.models import Follow
from network.federation import addresses, documents
from network.federation.models import Peer, Policy
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.following import asks, lets_everybody, sent


class TestFollowed:
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
