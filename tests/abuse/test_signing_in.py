"""Joining, signing in, resetting: nothing tells who has an account; sessions die; letters lead here."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from accounts.models import Account, Member
from foundation import jobs, letters, redis_door
from foundation.models import Job, Letter
from network.contacts import invitations
from network.contacts.models import Invitation
from tests import cast
from tests.abuse.pages import Page, normal

PASSWORD = "a long enough password"
SIGN_UP, SIGN_IN, RESET = "/account/signup/", "/account/login/", "/account/password/reset/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    redis_door.client().flushdb()
    yield
    redis_door.client().flushdb()


@pytest.fixture
def known(ada: Member) -> str:
    """Ada's address, confirmed and with a password."""
    account = ada.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account.email


def joins(handle: str, email: str, name: str = "Eve Example") -> dict[str, str]:
    return {"name": name, "handle": handle, "email": email, "password1": PASSWORD}


def answered(path: str, form: dict[str, str]) -> tuple[Any, list[str], list[tuple[str, int]]]:
    """Status, body, headers; the cookies set; the kinds of jobs written."""
    before = Counter(Job.objects.values_list("kind", flat=True))
    visitor = Client()
    visitor.get(path)
    answer = visitor.post(path, form)
    made = Counter(Job.objects.values_list("kind", flat=True)) - before
    return normal(answer, *form.values()), sorted(answer.cookies), sorted(made.items())


def test_joining_tells_nobody_whether_an_address_is_known(known: str) -> None:
    assert answered(SIGN_UP, joins("eins", known)) == answered(SIGN_UP, joins("zwo", "nobody@example.org"))
    assert Letter.objects.count() == 2


def test_a_wrong_password_and_an_unknown_address_are_one_answer(known: str) -> None:
    wrong = {"login": known, "password": "not the password"}

    assert answered(SIGN_IN, wrong) == answered(SIGN_IN, {**wrong, "login": "nobody@example.org"})


def test_resetting_tells_nobody_whether_an_address_is_known(known: str) -> None:
    assert answered(RESET, {"email": known}) == answered(RESET, {"email": "nobody@example.org"})
    assert Letter.objects.count() == 2  # also the unknown address is told, by letter, that it has no account


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9999"])
def test_a_letters_link_leads_to_this_server_whatever_the_request_said(known: str, host: str) -> None:
    """Another allowed name of the host, and a forged one of a proxy (threat 46)."""
    forged = {"host": host, "X-Forwarded-Host": "evil.example", "Origin": f"http://{host}"}
    for path, form in [
        (RESET, {"email": known}),
        (SIGN_UP, joins("eve", "eve@example.net")),
        (SIGN_UP, joins("evita", known)),
    ]:
        Client().post(path, form, headers=forged)
    texts = [letters.text_of(letter).text for letter in Letter.objects.all()]
    links = [link for text in texts for link in re.findall(r"https?://\S+", text)]
    assert len(texts) == 3
    assert links
    assert all(link.startswith(settings.SITE_URL + "/") for link in links), links


def test_the_session_changes_at_sign_in_and_dies_at_sign_out(known: str) -> None:
    browser = Client()
    browser.post("/language/", {"language": "de"})
    fixed = browser.cookies["sessionid"].value
    browser.post(SIGN_IN, {"login": known, "password": PASSWORD})
    signed_in = browser.cookies["sessionid"].value
    assert browser.get("/me/").status_code == 200
    assert signed_in != fixed
    assert not _opens("/me/", fixed)

    browser.post("/account/logout/")

    assert not _opens("/me/", signed_in)


def test_a_new_password_ends_every_other_session(known: str) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.post(SIGN_IN, {"login": known, "password": PASSWORD})
    new = "quite another password"

    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert Account.objects.get(email=known).check_password(new)


def test_a_closed_account_has_no_session(known: str) -> None:
    browser = Client()
    browser.post(SIGN_IN, {"login": known, "password": PASSWORD})
    Account.objects.filter(email=known).update(is_active=False)

    assert browser.get("/me/").status_code == 302


def _opens(path: str, session: str) -> bool:
    thief = Client()
    thief.cookies["sessionid"] = session
    return thief.get(path).status_code == 200


LOOKALIKES = ["аdа", "ada\u200b", "ＡＤＡ", "adа", "ada\u0301", "ad\u2024a"]
RESERVED = ["admin", "a_d_m_i_n", "Admin", "m0derator", "moderat0r", "adrnin", "leumun_d", "r00t", "supp0rt"]


@pytest.mark.parametrize("handle", [*LOOKALIKES, "ADA", " ada ", *RESERVED])
def test_nobody_wears_anothers_handle_or_the_houses(known: str, handle: str) -> None:
    before = Member.objects.count()

    Client().post(SIGN_UP, joins(handle, "eve@example.net"))

    assert Member.objects.count() == before


SPLIT = [
    "Eve\r\nBcc: victim@example.net",
    "Eve\nSubject: pay",
    "Eve\u2028Bcc: victim@example.net",
    "Bank <b>",
    "evil.tld",
]


@pytest.mark.parametrize("text", SPLIT)
def test_no_header_comes_in_through_a_name_an_address_or_a_subject(known: str, text: str) -> None:
    Client().post(SIGN_UP, joins("eve", "eve@example.net", name=text))
    Client().post(SIGN_UP, joins("eva", f"eva@example.net{text[3:]}"))
    Client().post(RESET, {"email": f"{known}{text[3:]}"})
    letters.write(known, f"Hello {text}", "words", kind="test")
    jobs.drain_everything()
    for letter in Letter.objects.all():
        mail = letters.message(letter).message()
        assert Counter(name.lower() for name in mail)["to"] == 1
        assert not {"bcc", "cc"} & {name.lower() for name in mail}
        assert len(mail.get_all("Subject") or []) == 1
        assert "victim" not in str(mail["To"])
        if letter.kind != "test":
            assert "victim" not in mail.as_string()
            assert text not in mail.as_string()


def test_an_invitations_address_stays_secret_and_looking_spends_nothing(ada: Member, bo: Member) -> None:
    _made, token = invitations.make(ada, label="for a friend")
    path = f"/invited/{token}/"
    for agent in ("Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "curl/8"):
        for method in ("get", "head"):
            answer = getattr(Client(), method)(path, headers={"User-Agent": agent})
            assert answer.status_code == 200
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "noindex" in answer["X-Robots-Tag"]
            assert answer["Cache-Control"] == "no-store"
    assert Invitation.objects.get().spent_at is None

    page = Page(Client().get(path).content.decode())
    assert not any(token in link for link in page.links if link != path)
    assert all(link.startswith(("/", "#")) for link in page.links)

    visitor = Client()
    said_yes = visitor.post(path)
    assert token not in said_yes["Location"]
    assert token not in visitor.get(said_yes["Location"]).content.decode()
    assert token not in str(visitor.session.items())
    assert Invitation.objects.get().spent_at is None


def test_a_spent_and_an_unknown_invitation_are_one_answer(ada: Member, bo: Member) -> None:
    _made, token = invitations.make(ada)
    invitations.spend(token, by=bo)
    unknown = "x" * len(token)

    spent = normal(Client().get(f"/invited/{token}/"), token)

    assert spent == normal(Client().get(f"/invited/{unknown}/"), unknown)
    assert spent[0] == 404


def test_a_frozen_member_reads_but_does_not_write(ada: Member, bo: Member) -> None:
    cast.befriend(ada, bo)
    Member.objects.filter(pk=ada.pk).update(frozen_at=ada.joined_at)
    browser = Client()
    assert ada.account is not None
    browser.force_login(ada.account)

    assert browser.get("/messages/with/bob/").status_code == 200
    answer = browser.post("/messages/with/bob/", {"key": cast.key(), "text": "hello"})
    assert answer.status_code == 403


def _signs_in(known: str, password: str, *, address: str, forged: str = "") -> int:
    headers = {"x-forwarded-for": forged} if forged else {}
    form = {"login": known, "password": password}
    return Client(REMOTE_ADDR=address).post(SIGN_IN, form, headers=headers).status_code


def test_guesses_are_counted_and_a_forged_header_does_not_help(known: str) -> None:
    guesses = [_signs_in(known, f"guess {n}", address="192.0.2.1", forged=f"198.51.100.{n}") for n in range(11)]

    assert guesses == [200] * 10 + [429]
    assert _signs_in(known, PASSWORD, address="192.0.2.1") == 429


def test_guessing_locks_nobody_out_of_their_own_account(known: str) -> None:
    for n in range(12):
        _signs_in(known, f"guess {n}", address="192.0.2.1")

    assert _signs_in(known, PASSWORD, address="203.0.113.7") == 302


def test_one_address_that_tries_many_accounts_is_slowed_down(known: str) -> None:
    answers = [_signs_in(f"person{n}@example.org", "guess", address="192.0.2.1") for n in range(21)]

    assert answers[:20] == [200] * 20
    assert b"Too many" in Client(REMOTE_ADDR="192.0.2.1").post(SIGN_IN, {"login": known, "password": PASSWORD}).content


def test_without_redis_nobody_signs_in(known: str, settings: Any) -> None:
    """A limit that guards security fails closed (security.md, decision 6)."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_door.client.cache_clear()
    try:
        assert _signs_in(known, PASSWORD, address="192.0.2.1") == 503
    finally:
        redis_door.client.cache_clear()
