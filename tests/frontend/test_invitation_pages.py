"""Invitation links: looked at without being spent, spent once, remembered through joining."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import people, ties
from accounts.models import Member
from network.contacts import invitations
from network.contacts.models import Invitation
from tests.cast import new_member
from tests.frontend.conftest import SignedIn


@pytest.fixture
def token(ada: Member) -> str:
    return invitations.make(ada, label="for Bo")[1]


def test_looking_never_spends(token: str, ada: Member, bo: Member, client: Client, signed_in: SignedIn) -> None:
    address = reverse("invited", args=[token])

    for browser in (client, signed_in(bo), signed_in(ada)):
        for _time in range(3):
            assert browser.get(address, headers={"User-Agent": "Slackbot-LinkExpanding"}).status_code == 200
            assert browser.head(address).status_code == 200

    assert Invitation.objects.get().spent_at is None
    assert not ties.in_contact(ada, bo)


def test_the_page_says_who_invites_and_nothing_else(token: str, ada: Member, client: Client) -> None:
    people.change_profile(ada, {"place": "canary-place", "about": "canary-about"})
    page = client.get(reverse("invited", args=[token])).content.decode()

    assert "Ada Adler invites you" in page
    assert "canary" not in page
    assert "for Bo" not in page


def test_its_address_is_kept_from_everybody(token: str, client: Client) -> None:
    address = reverse("invited", args=[token])

    for answer in (client.get(address), client.post(address)):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Cache-Control"] == "no-store"


def test_a_member_accepts_with_one_click_and_once(
    token: str, ada: Member, bo: Member, cleo: Member, signed_in: SignedIn
) -> None:
    address = reverse("invited", args=[token])

    assert signed_in(bo).post(address)["Location"] == "/@ada/"
    assert ties.in_contact(ada, bo)
    assert signed_in(cleo).post(address).status_code == 404
    assert signed_in(cleo).get(address).status_code == 404


def test_the_inviter_cannot_accept(token: str, ada: Member, signed_in: SignedIn) -> None:
    assert signed_in(ada).post(reverse("invited", args=[token])).status_code == 404


def test_a_visitor_joins_first_and_the_token_waits_sealed(token: str, ada: Member, client: Client) -> None:
    answer = client.post(reverse("invited", args=[token]))
    assert answer["Location"] == reverse("account_signup")
    assert token not in str(dict(client.session))

    new = new_member("newcomer")
    assert new.account is not None
    client.force_login(new.account)
    page = client.get(reverse("welcome")).content.decode()

    assert "Ada Adler" in page
    assert Invitation.objects.get().spent_at is None
    client.post(reverse("invited", args=[token]))
    assert ties.in_contact(ada, new)
    assert "Ada Adler has invited you" not in client.get(reverse("home")).content.decode()


def test_a_remembered_invitation_that_was_called_back_is_forgotten(
    token: str, ada: Member, bo: Member, client: Client
) -> None:
    client.post(reverse("invited", args=[token]))
    invitations.call_back(Invitation.objects.get(), by=ada)
    assert bo.account is not None
    client.force_login(bo.account)

    assert client.get(reverse("welcome")).status_code == 200
    assert "invitation" not in client.session


def test_the_link_is_shown_once_and_kept_nowhere(ada: Member, signed_in: SignedIn) -> None:
    browser, address = signed_in(ada), reverse("invitations")

    first = browser.post(address, {"label": "Bo", "key": "one"}).content.decode()
    again = browser.post(address, {"label": "Bo", "key": "one"})

    assert "/invited/" in first
    assert again.status_code == 302
    assert "/invited/" not in browser.get(address).content.decode()
    assert Invitation.objects.count() == 1


def test_only_the_inviter_calls_back(token: str, ada: Member, mallory: Member, signed_in: SignedIn) -> None:
    address = reverse("invitation_call_back", args=[Invitation.objects.get().public_id])

    assert signed_in(mallory).post(address).status_code == 404
    assert invitations.find(token).spent_at is None
    assert signed_in(ada).get(address).status_code == 405
    signed_in(ada).post(address)
    with pytest.raises(invitations.InvitationGone):
        invitations.find(token)
