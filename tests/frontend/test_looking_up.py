"""Somebody on another server is looked up by their address; the page waits, with script and without."""

import pytest
from django.test import Client

from accounts import remotes
from accounts.models import Lookup, Member
from foundation import clock
from tests.abuse.pages import Page
from tests.frontend.abroad import lives_elsewhere
from tests.frontend.pages import read, signed_in


class TestLookingUp:
    def test_somebody_known_is_shown_at_once(self, ada: Member) -> None:
        lives_elsewhere("zoe", name="Zoë")

        page = read(ada, "/people/?q=@Zoe@two.example")

        assert "<bdi>Zoë</bdi></a>" in page
        assert '<span class="person-handle">@zoe@two.example</span>' in page
        assert "/people/look-up/" not in page

    def test_somebody_unknown_is_asked_for_and_the_page_waits(self, ada: Member) -> None:
        assert "Nobody here has met yan@two.example yet." in read(ada, "/people/?q=yan@two.example")
        assert not Lookup.objects.exists()

        answer = signed_in(ada).post("/people/look-up/", {"address": "yan@two.example"})

        assert answer["Location"] == "/people/?q=yan%40two.example"
        page = read(ada, answer["Location"])
        assert "We are asking two.example" in page
        assert 'hx-trigger="every 2s"' in page
        assert '<a href="/people/?q=yan%40two.example">Look again</a>' in page

    @pytest.mark.parametrize(("why", "words"), sorted(remotes.REASONS.items()))
    def test_nobody_unreachable_and_closed_are_told_apart(self, why: str, words: str, ada: Member) -> None:
        row = remotes.look_up("yan@two.example", by=ada)
        remotes.answer(row, member=None, why_not=why)

        page = read(ada, "/people/?q=yan@two.example")

        assert str(words) in page
        assert "You can ask again in ten minutes." in page
        assert "hx-trigger" not in page.partition('id="elsewhere"')[2]

    def test_after_ten_minutes_it_can_be_asked_again(self, ada: Member) -> None:
        remotes.answer(remotes.look_up("yan@two.example", by=ada), member=None, why_not="nobody")
        with clock.at(clock.now() + remotes.AGAIN_AFTER * 2):
            assert "/people/look-up/" in read(ada, "/people/?q=yan@two.example")

    def test_who_is_found_is_shown(self, ada: Member) -> None:
        row = remotes.look_up("alias@two.example", by=ada)
        remotes.answer(row, member=lives_elsewhere("zoe", name="Zoë"))

        assert '<span class="person-handle">@zoe@two.example</span>' in read(ada, "/people/?q=alias@two.example")

    def test_what_is_no_address_is_refused(self, ada: Member) -> None:
        assert signed_in(ada).post("/people/look-up/", {"address": "<b>"}).status_code == 400
        assert not Lookup.objects.exists()

    def test_a_visitor_asks_for_nobody(self, client: Client, db: None) -> None:
        client.post("/people/look-up/", {"address": "yan@two.example"})

        assert not Lookup.objects.exists()

    def test_a_hostile_address_is_only_shown_as_text(self, ada: Member) -> None:
        page = read(ada, '/people/?q="><script>@two.example')

        assert not Page(page).dangers
        assert "<script>@" not in page
