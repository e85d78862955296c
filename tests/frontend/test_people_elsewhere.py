"""People of other servers on our pages: found, looked up, shown with their server, followed."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts import people, visibility
from accounts.models import Entry, Member
from foundation import clock, jobs
from network.contacts import blocks, follows, requests
from network.contacts.models import Request, Whereabouts
from network.contacts.requests import Afar
from tests.abuse.pages import Page
from tests.cast import asks, befriend, key
from tests.frontend.abroad import lives_elsewhere
from tests.frontend.pages import read, signed_in


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoë Marchetti", "Zoë Marchetti (two.example)"),
        ("", "@zoe@two.example"),
        ("Аda Test", "Аda Test (@zoe@two.example)"),
    ],
)
def test_nobody_from_elsewhere_is_named_without_their_server(name: str, shown: str, ada: Member) -> None:
    zoe = lives_elsewhere("zoe", name=name)

    assert visibility.show(zoe, ada).shown_name == shown


def test_a_name_that_imitates_one_of_here_is_told_apart(ada: Member, bo: Member) -> None:
    imitator = lives_elsewhere("ada", name=ada.name)

    names = visibility.names_for(bo, [ada, imitator])

    assert names[ada.pk].shown_name != names[imitator.pk].shown_name
    assert names[imitator.pk].called == "ada@two.example"


class TestTheirPage:
    def test_it_says_where_they_live_and_leads_out_with_care(self, ada: Member) -> None:
        lives_elsewhere("zoe", name="Zoë", fields=[{"name": "Work", "value": "<b>Optics</b>"}])

        page = read(ada, "/@zoe@two.example/")

        assert "Lives on two.example" in page
        assert "&lt;b&gt;Optics&lt;/b&gt;" in page
        out = '<a href="https://two.example/@zoe/" rel="external noopener noreferrer nofollow">'
        assert out in page
        assert "(leads away from here)" in page
        assert not Page(page).dangers
        assert 'action="/@zoe@two.example/follow/"' in page
        assert 'href="/@zoe@two.example/ask/"' in page
        assert "/@zoe@two.example/offer/" not in page

    def test_search_engines_never_list_it(self, ada: Member) -> None:
        lives_elsewhere("zoe")
        Member.objects.filter(handle="zoe").update(may_be_indexed=True)

        answer = signed_in(ada).get("/@zoe@two.example/")

        assert answer["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in answer.content.decode()

    @pytest.mark.parametrize("handle", ["zoe", "nobody"])
    def test_visitors_are_not_told_whom_this_server_knows(self, handle: str, client: Client, db: None) -> None:
        lives_elsewhere("zoe")
        answer = client.get(f"/@{handle}@two.example/")

        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/login/")

    @pytest.mark.parametrize("lives", [{"gone_at": clock.now()}, {"moved_to": "https://three.example/@zoe/"}])
    def test_whoever_is_gone_or_has_moved_is_not_asked(self, lives: dict[str, Any], ada: Member) -> None:
        lives_elsewhere("zoe", **lives)

        page = read(ada, "/@zoe@two.example/")

        assert "/@zoe@two.example/ask/" not in page
        assert "/@zoe@two.example/follow/" not in page
        assert ("no longer there" in page) or ("moved to another server" in page)

    def test_whoever_has_moved_to_somebody_known_leads_there(self, ada: Member) -> None:
        lives_elsewhere("zoe", moved_to="https://three.example/@zoe/")
        lives_elsewhere("zoe", "three.example")

        assert 'href="/@zoe@three.example/"' in read(ada, "/@zoe@two.example/")

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "http://two.example/", "data:text/html,x"])
    def test_no_link_leads_anywhere_but_to_https(self, address: str, ada: Member) -> None:
        lives_elsewhere("zoe", page=address, moved_to=address)

        assert address not in read(ada, "/@zoe@two.example/")

    def test_a_page_full_of_their_words_runs_and_loads_nothing(self, ada: Member) -> None:
        bad = '<script>alert(1)</script><img src="https://evil.example/x.png">'
        lives_elsewhere("zoe", fields=[{"name": bad, "value": bad}])
        Member.objects.filter(handle="zoe").update(about=bad, headline=bad, headline_to=3)

        page = Page(read(ada, "/@zoe@two.example/"))

        assert not page.dangers
        assert {link for link in page.links if "://" in link} == {"https://two.example/@zoe/"}


class TestFollowing:
    def test_one_click_asks_and_another_takes_it_back(self, ada: Member) -> None:
        zoe = lives_elsewhere("zoe")
        browser = signed_in(ada)
        browser.post("/@zoe@two.example/follow/")
        assert "they have not agreed yet" in read(ada, "/@zoe@two.example/")

        browser.post("/@zoe@two.example/unfollow/")
        assert follows.between(ada, zoe) is None

    def test_a_wish_to_follow_is_answered_in_the_list(self, ada: Member) -> None:
        zoe, mia = lives_elsewhere("zoe", name="Zoë"), lives_elsewhere("mia", name="Mia")
        for one in (zoe, mia):
            follows.follow(one, ada)
        browser = signed_in(ada)
        assert "Zoë (two.example)" in read(ada, "/follows/")

        browser.post("/@zoe@two.example/follower/accept/", {"from": "list"})
        answer = browser.post("/@mia@two.example/follower/put-away/", {"from": "list"})

        assert answer["Location"] == "/follows/"
        assert [row.follower for row in follows.followers_of(ada)] == [zoe]
        assert "Mia (two.example)" not in read(ada, "/follows/")

    def test_a_mutual_follow_is_called_that_and_is_no_contact(self, ada: Member) -> None:
        zoe = lives_elsewhere("zoe")
        for one, other in ((zoe, ada), (ada, zoe)):
            follows.accept(follows.follow(one, other))

        assert "mutual follow (no stated context)" in read(ada, "/follows/")
        page = read(ada, "/@zoe@two.example/")
        assert "A mutual follow (no stated context). It is no contact." in page
        assert "/messages/with/" not in page

    def test_a_follower_is_removed(self, ada: Member) -> None:
        zoe = lives_elsewhere("zoe")
        follows.accept(follows.follow(zoe, ada))
        signed_in(ada).post("/@zoe@two.example/follower/remove/")

        assert follows.between(zoe, ada) is None

    @pytest.mark.parametrize("act", ["accept", "put-away", "remove"])
    def test_nobody_answers_for_another(self, act: str, ada: Member, bo: Member) -> None:
        zoe = lives_elsewhere("zoe")
        row = follows.follow(zoe, ada)
        answer = signed_in(bo).post(f"/@zoe@two.example/follower/{act}/")

        assert answer.status_code == 404
        row.refresh_from_db()
        assert (row.accepted_at, row.put_away_at, row.ended_at) == (None, None, None)

    def test_whoever_is_blocked_stands_in_no_list(self, ada: Member) -> None:
        zoe = lives_elsewhere("zoe", name="Zoë")
        follows.follow(zoe, ada)
        blocks.block(ada, zoe)

        assert "Zoë" not in read(ada, "/follows/")
        assert "/follower/accept/" not in read(ada, "/@zoe@two.example/")

    def test_the_member_says_who_may_follow(self, ada: Member) -> None:
        assert people.asks_first(ada)
        signed_in(ada).post("/follows/who/", {"followers": "at-once"})
        assert not people.asks_first(ada)

    def test_nothing_else_can_be_set(self, ada: Member) -> None:
        assert signed_in(ada).post("/follows/who/", {"followers": "everybody"}).status_code == 400
        assert people.asks_first(ada)

    def test_too_many_a_day_are_refused_in_words(self, ada: Member, settings: LazySettings) -> None:
        settings.FOLLOWS_A_DAY = 0
        lives_elsewhere("zoe")
        answer = signed_in(ada).post("/@zoe@two.example/follow/")

        assert answer.status_code == 429
        assert "asked to follow 0 people today" in answer.content.decode()


class TestAsking:
    def test_to_a_server_without_requests_the_form_says_what_leaves(self, ada: Member, at_acme: Entry) -> None:
        lives_elsewhere("mia", "mastodon.example", name="Mia", speaks=False)

        page = read(ada, "/@mia@mastodon.example/ask/")

        assert "Follow, and send the message" in page
        assert "Their server knows no requests." in page
        assert "Send the request" not in page

    def test_to_a_server_like_ours_it_is_a_request(self, ada: Member, at_acme: Entry) -> None:
        lives_elsewhere("zoe", name="Zoë")

        page = read(ada, "/@zoe@two.example/ask/")

        assert "Send the request" in page

    def test_a_message_that_waits_is_read_like_a_request(self, ada: Member) -> None:
        mia = lives_elsewhere("mia", "mastodon.example", name="Mia", speaks=False)
        requests.ask(
            mia, ada, context="message", key=key(), afar=Afar(kept={"message": {"hidden": "carries"}})
        )  # fmt: skip
        jobs.drain_everything(strict=True)
        (row,) = requests.in_the_tray(ada)

        page = read(ada, f"/requests/{row.public_id}/")

        assert "It is not shown, because it holds links, addresses or numbers." in page
        assert "Mia (mastodon.example)" in page
        assert 'value="not-true"' not in page
        assert "It is not shown" in read(ada, "/requests/tray/")

    def test_whom_one_asked_and_who_wrote_back_is_shown_on_what_was_sent(self, ada: Member, at_acme: Entry) -> None:
        mia = lives_elsewhere("mia", "mastodon.example", name="Mia", speaks=False)
        sent = asks(ada, mia, at_acme)
        Request.objects.filter(pk=sent.pk).update(whereabouts=Whereabouts.AWAY)
        asks(mia, ada, context="message", note="Yes, the pump!")

        page = read(ada, f"/requests/sent/{sent.public_id}/")

        assert "They have written to you. You decide whether you are in contact." in page


@pytest.mark.parametrize("what", ["ask/", "report/", "", "block/", "unblock/"])
def test_every_page_of_a_person_works_for_people_elsewhere(what: str, ada: Member, at_acme: Entry) -> None:
    lives_elsewhere("zoe", name="Zoë")
    browser = signed_in(ada)
    path = f"/@zoe@two.example/{what}"
    answer = browser.post(path) if "block" in what else browser.get(path)

    assert answer.status_code in (200, 302)
    assert '"/@zoe/' not in answer.content.decode()


def test_contacts_and_messages_with_people_elsewhere_lead_to_their_own_pages(ada: Member) -> None:
    zoe = lives_elsewhere("zoe", name="Zoë")
    befriend(zoe, ada)

    assert 'href="/messages/with/zoe@two.example/"' in read(ada, "/contacts/")
    page = signed_in(ada).get("/messages/with/zoe@two.example/", follow=True).content.decode()
    assert '"/@zoe/' not in page
    assert "Zoë (two.example)" in page
