"""A message from somebody whose server knows no requests is a request without a context."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from accounts import people, ties
from accounts.models import Member
from foundation import clock, jobs
from foundation.models import Letter
from network.contacts import answers, blocks, quiet, requests
from network.contacts.models import Request, Status, Whereabouts
from network.contacts.requests import ContextNeeded
from network.federation import addresses, vocabulary
from network.federation.models import Peer, Policy
from network.messages import threads
from network.messages.models import Message
from tests.cast import key
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.mastodon import writes

DAY = timedelta(days=1)


def only() -> Request:
    return Request.objects.get()


class TestUnasked:
    def test_it_waits_in_the_tray_with_grade_c_and_rings_nowhere(self, mia: Abroad, ada: Member) -> None:
        mention = '<span class="h-card"><a href="https://here/@ada/" class="u-url mention">@<span>ada</span></a></span>'
        row = writes(mia, ada, f"<p>{mention} Good day from the <b>coast</b></p>")

        request = only()
        assert row.outcome == "done"
        assert (request.asker, request.recipient, request.context) == (mia.member, ada, "message")
        assert (request.grade, request.reasons, request.whereabouts) == ("C", ["message"], Whereabouts.TRAY)
        assert request.note == "Good day from the coast"
        assert not Letter.objects.exists()
        assert not ties.in_contact(ada, mia.member)
        assert not Message.objects.exists()

    def test_a_door_for_anybody_lets_it_knock(self, mia: Abroad, ada: Member) -> None:
        people.set_door(ada, "C")
        writes(mia, ada)

        assert only().whereabouts == Whereabouts.DELIVERED

    @pytest.mark.parametrize("door", ["A", "B", "K"])
    def test_no_other_door_does(self, door: str, mia: Abroad, ada: Member) -> None:
        people.set_door(ada, door)
        writes(mia, ada)

        assert only().whereabouts == Whereabouts.TRAY

    def test_from_a_limited_server_it_waits_behind_every_door(self, mia: Abroad, ada: Member) -> None:
        people.set_door(ada, "C")
        Peer.objects.filter(host="mastodon.example").update(policy=Policy.LIMITED)
        writes(mia, ada)

        assert only().whereabouts == Whereabouts.TRAY

    @pytest.mark.parametrize(
        "content",
        [
            '<p>See <a href="https://shop.de/">shop.de</a></p>',
            "<p>Call 0431 5550 1234</p>",
            "<p>mail me at mia@mastodon.example</p>",
            f"<p>{'word ' * 100} https://evil.example/x</p>",
        ],
    )
    def test_what_holds_links_or_numbers_is_not_shown(self, content: str, mia: Abroad, ada: Member) -> None:
        writes(mia, ada, content)

        assert only().note == ""
        assert only().snapshot["message"] == {"hidden": "carries"}

    def test_of_a_long_one_the_beginning_is_shown(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada, f"<p>{'word ' * 100}</p>")

        assert len(only().note) <= 200
        assert only().note.endswith("…")
        assert only().snapshot["message"] == {"hidden": "long"}

    def test_markup_and_invisible_signs_are_gone(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada, "<p>Good\u202e day<script>alert(1)</script><img src=x onerror=alert(1)></p>")

        assert only().note == "Good day"

    def test_a_second_one_adds_nothing(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada, "<p>first</p>")
        writes(mia, ada, "<p>second</p>")

        assert only().note == "first"

    def test_within_180_days_another_reaches_nobody(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada)
        with clock.at(clock.now() + 100 * DAY):
            writes(mia, ada, "<p>again</p>")

        assert [row.whereabouts for row in Request.objects.order_by("pk")] == ["tray", "nowhere"]

    def test_whoever_is_blocked_reaches_nobody_and_is_told_nothing(self, mia: Abroad, ada: Member) -> None:
        blocks.block(ada, mia.member)
        row = writes(mia, ada)

        assert (row.outcome, only().whereabouts) == ("done", Whereabouts.NOWHERE)
        assert not leaving_for(mia)

    def test_a_follow_and_a_message_spend_one_request(self, mia: Abroad, ada: Member) -> None:
        arrives(mia, said(mia, "Follow", addresses.actor(ada)))
        writes(mia, ada)

        assert Request.objects.filter(asker=mia.member).count() == 1

    def test_a_server_spends_its_quota_of_requests(
        self, mia: Abroad, ada: Member, bo: Member, settings: LazySettings
    ) -> None:
        settings.PEER_QUOTAS = {**settings.PEER_QUOTAS, "requests": 1}
        writes(mia, ada)
        row = writes(mia, bo)

        assert row.outcome == "refused:server-quota"
        assert Request.objects.count() == 1

    def test_from_a_server_that_knows_requests_it_is_none(self, zoe: Abroad, ada: Member) -> None:
        row = writes(zoe, ada)

        assert row.outcome == "ignored"
        assert not Request.objects.exists()

    @pytest.mark.parametrize(
        "more", [{"audience": vocabulary.PUBLIC}, {"cc": [vocabulary.PUBLIC]}, {"cc": ["followers"]}]
    )
    def test_what_is_meant_for_others_too_is_ignored(self, more: dict[str, Any], mia: Abroad, ada: Member) -> None:
        row = writes(mia, ada, **more)

        assert row.outcome == "ignored"
        assert not Request.objects.exists()

    @pytest.mark.parametrize("type_", ["Announce", "Like"])
    def test_boosts_and_likes_are_ignored(self, type_: str, mia: Abroad, ada: Member) -> None:
        row = arrives(mia, said(mia, type_, addresses.actor(ada), to=ada))

        assert row.outcome == "ignored"

    def test_a_message_in_anothers_name_is_ignored(self, mallory_abroad: Abroad, mia: Abroad, ada: Member) -> None:
        row = writes(mallory_abroad, ada, attributedTo=mia.uri)

        assert row.outcome == "ignored"
        assert not Request.objects.exists()

    def test_nobody_here_asks_by_a_message(self, ada: Member, bo: Member) -> None:
        with pytest.raises(ContextNeeded):
            requests.ask(ada, bo, context="message", key=key())

    def test_deleted_by_its_writer_it_is_withdrawn(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada)
        arrives(mia, said(mia, "Delete", f"{mia.uri}notes/0"))

        assert only().withdrawn_at is not None

    def test_nobody_else_deletes_it(self, mia: Abroad, mallory_abroad: Abroad, ada: Member) -> None:
        writes(mia, ada)
        row = arrives(mallory_abroad, said(mallory_abroad, "Delete", f"{mia.uri}notes/0"))

        assert row.outcome == "refused:not-theirs"
        assert only().withdrawn_at is None


class TestAccepted:
    def test_the_two_are_in_contact_and_the_stranger_keeps_quiet(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada)
        contact = answers.accept(only(), by=ada)
        jobs.drain_everything(strict=True)

        assert contact.asker == mia.member
        assert quiet.keeps_quiet(mia.member, ada)
        assert not quiet.keeps_quiet(ada, mia.member)
        assert not leaving_for(mia)

    def test_then_messages_go_both_ways(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada)
        answers.accept(only(), by=ada)
        threads.write(ada, mia.member, text="Good day to you", key=key())
        jobs.drain_everything(strict=True)
        writes(mia, ada, "<p>@ada how is the pump?</p>")

        assert leaving_for(mia)[-1]["object"]["content"] == "<p>Good day to you</p>"
        assert [message.text for message in Message.objects.order_by("pk")] == ["Good day to you", "how is the pump?"]

    def test_in_the_quiet_period_the_stranger_sends_no_links(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada)
        answers.accept(only(), by=ada)
        row = writes(mia, ada, "<p>see https://shop.example/</p>")

        assert row.outcome == "refused:quiet-period"
        assert not Message.objects.exists()

    def test_a_question_back_goes_out_as_a_message_and_its_reply_comes_home(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada)
        answers.ask_back(only(), by=ada, question="Where do we know each other from?")
        jobs.drain_everything(strict=True)
        note = leaving_for(mia)[-1]["object"]
        writes(mia, ada, "<p>@ada from Kiel</p>", inReplyTo=note["id"])

        assert note["inReplyTo"] == f"{mia.uri}notes/0"
        assert only().reply == "from Kiel"

    def test_declined_nothing_goes_out(self, mia: Abroad, ada: Member) -> None:
        writes(mia, ada)
        answers.decline(only(), by=ada, answer="unknown")
        jobs.drain_everything(strict=True)

        assert not leaving_for(mia)
        assert only().status == Status.SENT
