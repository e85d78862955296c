"""A new address: confirmed where it is read, undone from where the old one is read; nobody learns which are taken."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts import addresses, signup, tokens
from accounts.models import Account, AddressChange, Member
from foundation import clock, letters, redis_door, rotation
from foundation.models import AuditEntry, Letter

PASSWORD = "a long way round the lake"
NEW = "ada@new.example"
PAGE = "/account/email/"


@pytest.fixture(autouse=True)
def everybody_has_a_password(ada: Member, bo: Member) -> None:
    redis_door.client().flushdb()  # the tries of other tests
    for member in (ada, bo):
        of(member).set_password(PASSWORD)
        of(member).save(update_fields=["password"])
        EmailAddress.objects.create(user=of(member), email=of(member).email, verified=True, primary=True)


def of(member: Member) -> Account:
    assert member.account is not None
    return member.account


def browser(member: Member, *, asked_again: bool = True, address: str = "") -> Client:
    """Signed in; and has shown the password once more just now."""
    client = Client()
    client.post("/account/login/", {"login": address or of(member).email, "password": PASSWORD})
    if asked_again:
        client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def link_in(address: str) -> str:
    """The path of the link in the newest letter to that address; "" if it has none."""
    said = next(text for _letter, text in letters.all_letters() if text.to == address)
    found = re.search(r"https?://[^/\s]+(/\S+)", said.text)
    return found[1] if found else ""


def changes(member: Member, new: str = NEW) -> str:
    """The member's address is `new`; the path that undoes it."""
    before = of(member).email
    browser(member).post(PAGE, {"action_add": "", "email": new})
    Client().post(link_in(new))
    of(member).refresh_from_db()
    assert of(member).email == new
    return link_in(before)


def test_a_new_address_takes_the_old_ones_place_once_it_is_confirmed(ada: Member) -> None:
    client = browser(ada)
    client.post(PAGE, {"action_add": "", "email": NEW})
    of(ada).refresh_from_db()
    assert of(ada).email == "ada@example.org"
    Client().get(link_in(NEW))
    of(ada).refresh_from_db()
    assert of(ada).email == "ada@example.org"  # reading the link changes nothing
    Client().post(link_in(NEW))
    of(ada).refresh_from_db()
    assert of(ada).email == NEW
    assert list(EmailAddress.objects.filter(user=of(ada)).values_list("email", "verified")) == [(NEW, True)]


def test_no_address_is_changed_without_the_password_once_more(ada: Member) -> None:
    answer = browser(ada, asked_again=False).post(PAGE, {"action_add": "", "email": NEW})
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert not EmailAddress.objects.filter(email=NEW).exists()


def test_the_old_address_takes_the_account_back_without_signing_in(ada: Member) -> None:
    undo = changes(ada)
    thief = browser(ada)
    assert thief.get("/settings/").status_code == 200
    stranger = Client()
    page = stranger.get(undo)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    of(ada).refresh_from_db()
    assert of(ada).email == NEW  # looking undoes nothing
    answer = stranger.post(undo)
    assert answer.headers["Location"].startswith("/account/password/reset/key/")
    of(ada).refresh_from_db()
    assert of(ada).email == "ada@example.org"
    assert not of(ada).has_usable_password()
    assert thief.get("/settings/").status_code == 302
    assert not UserSession.objects.filter(user=of(ada)).exists()
    assert list(EmailAddress.objects.filter(user=of(ada)).values_list("email", flat=True)) == ["ada@example.org"]


def test_after_it_a_new_password_is_chosen(ada: Member) -> None:
    undo = changes(ada)
    owner = Client()
    choose = owner.get(owner.post(undo).headers["Location"]).headers["Location"]
    owner.post(choose, {"password1": "another way round it", "password2": "another way round it"})
    of(ada).refresh_from_db()
    assert of(ada).check_password("another way round it")


def test_factors_that_came_with_the_change_go_and_older_ones_stay(ada: Member) -> None:
    old = Authenticator.objects.create(user=of(ada), type="webauthn", data={})
    Authenticator.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=30))
    undo = changes_with_factor(ada)
    Authenticator.objects.create(user=of(ada), type="webauthn", data={"name": "thief"})
    Client().post(undo)
    assert list(Authenticator.objects.filter(user=of(ada))) == [old]


def changes_with_factor(member: Member) -> str:
    """The address of somebody who signs in with a factor: past the pages, by the verbs."""
    EmailAddress.objects.filter(user=of(member)).update(email=NEW)
    Account.objects.filter(pk=of(member).pk).update(email=NEW)
    addresses.changed(of(member), "ada@example.org")
    return link_in("ada@example.org")


def test_no_token_outlives_it(ada: Member) -> None:
    _row, token = tokens.make(ada, name="a program", scopes=["me:read"], days=30)
    Client().post(changes(ada))
    with pytest.raises(tokens.TokenRefused):
        tokens.recognise(token)


@pytest.mark.parametrize("why", ["used", "old", "unknown"])
def test_a_used_an_old_and_an_unknown_link_are_one_answer(ada: Member, why: str) -> None:
    undo = changes(ada)
    if why == "used":
        Client().post(undo)
    if why == "old":
        AddressChange.objects.update(changed_at=clock.now() - timedelta(days=7))
    path = "/undo-address/nothing-like-it/" if why == "unknown" else undo
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 404
        assert "older than 7 days" in answer.content.decode()
    of(ada).refresh_from_db()
    assert of(ada).email == ("ada@example.org" if why == "used" else NEW)


def test_a_thiefs_own_letter_is_worth_nothing_after_it(ada: Member) -> None:
    first = changes(ada)
    second = changes_again(ada)
    Client().post(first)
    assert Client().post(second).status_code == 404
    of(ada).refresh_from_db()
    assert of(ada).email == "ada@example.org"


def changes_again(member: Member) -> str:
    Account.objects.filter(pk=of(member).pk).update(email="thief@evil.example")
    addresses.changed(of(member), NEW)
    return link_in(NEW)


def test_an_address_given_away_meanwhile_is_not_taken_from_its_new_owner(ada: Member) -> None:
    undo = changes(ada)
    other = Account.objects.create_user("ada@example.org")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    signup.confirm(signup.join(other, handle="ada_two", name="Ada Two"))
    assert Client().post(undo).status_code == 409
    of(ada).refresh_from_db()
    assert of(ada).email == NEW


def test_asking_for_a_taken_address_tells_the_asker_nothing(ada: Member, bo: Member) -> None:
    client = browser(ada)

    def asked(address: str) -> tuple[int, str, str]:
        answer = client.post(PAGE, {"action_add": "", "email": address})
        page = client.get(PAGE).content.decode().replace(address, "ADDRESS")
        return answer.status_code, answer.headers["Location"], re.sub(r'value="[\w-]{20,}"', "", page)

    taken = asked(of(bo).email)
    assert taken == asked("free@new.example")
    told = {text.to: text.text for _letter, text in letters.all_letters()}
    assert "nothing was changed" in told[of(bo).email]
    assert "/account/confirm-email/" not in told[of(bo).email]


def test_a_forged_confirmation_of_a_taken_address_changes_nothing(ada: Member, bo: Member) -> None:
    """A link from before the address was taken, followed after."""
    browser(ada).post(PAGE, {"action_add": "", "email": NEW})
    link = link_in(NEW)
    Account.objects.filter(pk=of(bo).pk).update(email=NEW)
    EmailAddress.objects.filter(user=of(bo)).update(email=NEW)
    assert Client().post(link).status_code < 500
    of(ada).refresh_from_db()
    assert of(ada).email == "ada@example.org"


def test_a_sign_up_that_nobody_confirmed_keeps_no_address_from_its_owner(ada: Member) -> None:
    squatter = Account.objects.create_user(NEW)
    signup.join(squatter, handle="squatter", name="Some Body")
    changes(ada)
    assert not Account.objects.filter(pk=squatter.pk).exists()


def test_the_old_address_lies_nowhere_in_clear(ada: Member) -> None:
    changes(ada)
    row = AddressChange.objects.get()
    assert "ada@example.org" not in row.before
    assert "accounts_addresschange.before" in rotation.keys_in_use()
    assert not any("example" in str(note.detail) for note in AuditEntry.objects.all())
    assert not Letter.objects.filter(sealed_to__contains="example").exists()
