"""What strangers send to the doors: others' ids, wrong methods, ten megabytes, forms without a token, other hosts."""

import time
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Entry, Member
from foundation import clock
from foundation.models import Job
from network.contacts.models import Contact, Invitation, Request, VouchQuestion
from network.messages.models import Call, Message, Pitch, Promotion, Thread
from network.moderation.models import Report
from network.offers.models import Offer
from tests import cast
from tests.abuse import crawl
from tests.abuse.pages import Page, normal
from tests.abuse.town import Town
from vetting.models import Vouch

MEGABYTE = 1_048_576
FAST_S = 5.0  # wall clock of a machine that does other things too; a page takes some 20 ms
FORMS = ["/me/", "/entries/add/", "/door/", "/settings/", "/invitations/", "/welcome/", "/@zed/ask/", "/@bob/report/"]
FORMS += ["/verify/", "/@cora/vouch/"]
FORMS += ["/calls/"]
FORMS += ["/terms/", "/@bob/offer/"]
OPEN = ["/", "/about/", "/absent/", "/rules/", "/privacy/", "/impressum/", "/account/login/", "/account/signup/"]
OPEN += ["/account/password/reset/", "/@bob/", "/nothing/", "/verify/", "/ns/v1"]
MEMBERS = ["/", "/me/", "/entries/", "/requests/", "/requests/tray/", "/requests/sent/", "/questions/", "/contacts/"]
MEMBERS += ["/messages/", "/invitations/", "/notices/", "/people/", "/crossings/", "/account/email/", "/@bob/", *FORMS]
MEMBERS += ["/vouches/", "/standing/"]
MEMBERS += ["/promotions/", "/promotions/sent/", f"/year/{clock.today().year}/"]
MEMBERS += ["/offers/", "/offers/sent/"]
OURS = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
NOWHERE = ("default-src", "base-uri", "frame-ancestors", "object-src")
POLICY = {*(f"{what} 'self'" for what in OURS), *(f"{what} 'none'" for what in NOWHERE)}
TOKEN = "csrfmiddlewaretoken"
FREE = {"/language/"}  # takes no token, so that reading sets no cookie; see the test of it below
EVIL = ["//evil.example", "/\\evil.example", "https:evil.example", "http:///evil.example", "https://evil.example/"]
EVIL += ["\tjavascript:alert(1)", "javascript:alert(1)", "//evil.example/%2f..", "https://testserver@evil.example/"]
GUESSED: dict[str, type[Any]] = {
    **dict.fromkeys(["entry_change", "entry_remove"], Entry),
    **dict.fromkeys(["request_sent", "request_withdraw", "request_reply", "request"], Request),
    **dict.fromkeys(["accept", "decline", "ask_back"], Request),
    "question": VouchQuestion,
    **dict.fromkeys(["contact_end", "contact_lift"], Contact),
    **dict.fromkeys(["thread", "thread_new"], Thread),
    **dict.fromkeys(["pitch", "report_message", "label_message"], Message),
    **dict.fromkeys(["call", "call_close"], Call),
    **dict.fromkeys(["promotion_opt_out", "promotion_opt_in", "promotion_report"], Promotion),
    "pitch_appeal": Pitch,
    "invitation_call_back": Invitation,
    **dict.fromkeys(["vouch_countersign", "vouch_refuse", "vouch_show", "vouch_withdraw"], Vouch),
    **dict.fromkeys(["offer", "offer_answer", "offer_kept", "offer_sent"], Offer),
}


def test_nobody_asks_with_anothers_entry(town: Town) -> None:
    theirs, before = Entry.objects.filter(member=town.members["ada"]).latest("pk"), Request.objects.count()
    form = {"key": uuid.uuid4(), "context": f"entry:{theirs.public_id}", "note": ""}

    answer = town.client("mallory").post("/@bob/ask/", form)

    assert answer.status_code == 400
    assert Request.objects.count() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_belongs_to_others_is_as_unknown_as_what_never_was(town: Town, method: str) -> None:
    """Same status, bytes and headers for a foreign id and one made up."""
    stella, told = town.client("stranger"), []
    for name, model in GUESSED.items():
        foreign, unknown = model.objects.latest("pk").public_id, uuid.uuid4()
        with transaction.atomic():
            one = normal(getattr(stella, method)(reverse(name, args=[foreign])), foreign)
            two = normal(getattr(stella, method)(reverse(name, args=[unknown])), unknown)
            transaction.set_rollback(True)
        if one != two or one[0] not in (403, 404, 405):
            told.append((name, one[0], two[0]))
    assert told == []


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "file"])
def test_ten_megabytes_are_refused_at_once(town: Town, kind: str) -> None:
    large = b"a" * (10 * MEGABYTE)
    name = b'; filename="a.txt"' if kind == "file" else b""
    part = b'--x\r\nContent-Disposition: form-data; name="text"' + name + b"\r\n\r\n" + large + b"\r\n--x--\r\n"
    body = b"text=" + large if "urlencoded" in kind else part
    sent = kind if "/" in kind else "multipart/form-data; boundary=x"
    for role, path in [("anonymous", "/account/login/"), ("ada", "/messages/with/cleo/"), ("ada", "/me/")]:
        started = time.monotonic()
        answer = town.client(role).post(path, body, content_type=sent)
        assert answer.status_code in (400, 413), (path, answer.status_code)
        assert time.monotonic() - started < FAST_S


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT"])
def test_only_get_head_and_post_are_spoken(town: Town, method: str) -> None:
    for path in [*OPEN, *MEMBERS, "/live/", "/healthz", "/panel/"]:
        answer = town.client("ada").generic(method, path)
        assert answer.status_code == 405, path


def test_no_form_is_taken_without_its_token(town: Town) -> None:
    """Every route that takes a POST refuses one from elsewhere, with a page that says so; nothing is written.

    Inboxes take no token but a signature (tests/federation/test_letterbox.py), the API one of its own and no cookie
    (tests/frontend/api/test_doors.py)."""
    ada = town.client("ada")
    ada.handler.enforce_csrf_checks = True
    jobs, reports = Job.objects.count(), Report.objects.count()
    ids = crawl.Ids(handles=["bob"], tokens=town.tokens, panel_rows=1, strays=0)
    taken = []
    for path in crawl.one_each(ids):
        if path in FREE or path.startswith(("/panel/", "/api/")) or path.endswith("/inbox"):
            continue
        answer = ada.post(path)
        if answer.status_code not in (403, 404, 405):
            taken.append((path, answer.status_code))
    assert taken == []
    assert (Job.objects.count(), Report.objects.count()) == (jobs, reports)
    assert 'class="refused' in ada.post("/me/").content.decode()


@pytest.mark.parametrize("place", EVIL)
def test_no_way_leads_to_another_host(town: Town, place: str) -> None:
    account = town.members["ada"].account
    assert account is not None
    account.set_password("a long enough password")
    account.save()
    visitor = town.client("anonymous")
    entered = {"login": account.email, "password": "a long enough password", "next": place}
    answers = [
        visitor.post("/language/", {"language": "de", "next": place}),
        town.client("ada").post("/language/", {"language": "de", "next": place}),
        visitor.post("/account/login/", entered),
        town.client("ada").post("/account/logout/", {"next": place}),
        town.client("ada").get("/account/login/", {"next": place}),
    ]
    led = [answer.get("Location", "") for answer in answers]
    assert all(one.startswith("/") and not one.startswith(("//", "/\\")) for one in led if one), led
    shown = visitor.get("/account/login/", {"next": place}).content.decode()
    assert not any(link.startswith(("javascript:", "//")) for link in Page(shown).links)


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:x"])
def test_another_host_is_refused(client: Client, host: str, db: None) -> None:
    assert client.get("/about/", headers={"host": host}).status_code == 400
    assert "evil" not in client.get("/about/", headers={"X-Forwarded-Host": host}).content.decode()


def test_every_page_carries_the_headers(town: Town) -> None:
    asked = [("anonymous", path) for path in OPEN] + [("ada", path) for path in MEMBERS] + [("moderator", "/panel/")]
    wrong = []
    for role, path in asked:
        answer = town.client(role).get(path)
        if set(answer.get("Content-Security-Policy", "").split("; ")) != POLICY:
            wrong.append((path, "Content-Security-Policy", answer.get("Content-Security-Policy")))
        expected = {
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        wrong += [(path, name, answer.get(name)) for name, value in expected.items() if answer.get(name) != value]
        if "camera=()" not in answer.get("Permissions-Policy", ""):
            wrong.append((path, "Permissions-Policy", None))
        if role != "anonymous" and "no-store" not in answer.get("Cache-Control", ""):
            wrong.append((path, "Cache-Control", answer.get("Cache-Control")))
    assert wrong == []


def test_the_policy_is_that_of_the_settings() -> None:
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_every_form_that_posts_has_its_token(town: Town) -> None:
    bare = []
    for role, path in [*[("anonymous", path) for path in OPEN], *[("ada", path) for path in MEMBERS]]:
        forms = Page(town.client(role).get(path).content.decode()).forms
        bare += [(path, form.action) for form in forms if form.method == "post" and not form.fields.get(TOKEN)]
    bare = [one for one in bare if one[1] not in FREE]
    assert bare == []


def test_a_page_far_away_is_answered_at_once(town: Town) -> None:
    lists = ["/crossings/", "/contacts/", "/messages/", "/requests/", "/requests/sent/", "/promotions/", "/calls/"]
    for path in [*lists, "/promotions/sent/", "/offers/", "/offers/sent/", "/panel/accounts/member/"]:
        role = "moderator" if path.startswith("/panel/") else "ada"
        for page in ["1000000000", "-1", "x", "9" * 400, "1e9", "\u0661"]:
            started = time.monotonic()
            answer = town.client(role).get(path, {"page" if role == "ada" else "p": page})
            assert answer.status_code < 500, (path, page)
            assert time.monotonic() - started < FAST_S, (path, page)


@pytest.mark.parametrize("text", ["a" * 100_000, "1 " * 50_000, "a.b" * 33_000, "<b>" * 33_000, "ä@" * 25_000])
def test_a_hundred_kilobytes_in_any_field_are_no_trouble(town: Town, text: str) -> None:
    ada, slow = town.client("ada"), []
    for path in [*FORMS, "/messages/with/cleo/", "/people/"]:
        page = ada.get(path, follow=True)
        form = max(Page(page.content.decode()).forms, key=lambda one: len(one.fields))
        for name in form.fields.keys() - {TOKEN, "key"}:
            started = time.monotonic()
            data = {**form.fields, name: text, "key": uuid.uuid4().hex}
            with transaction.atomic():
                answer = ada.get(path, {name: text}) if form.method == "get" else ada.post(path, data, follow=True)
                transaction.set_rollback(True)
            taken = time.monotonic() - started
            if answer.status_code >= 500 or taken > FAST_S:
                slow.append((path, name, answer.status_code, round(taken, 1)))
    assert slow == []


def test_a_visitor_gets_no_cookie_before_a_form(db: None) -> None:
    """Nothing to consent to: neither session nor token for reading."""
    visitor = Client()
    for path in OPEN:
        if not path.startswith(("/account/", "/verify/")):
            visitor.get(path)
    assert not visitor.cookies


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_form_cannot_choose_the_language(town: Town, site: str) -> None:
    ada = town.client("ada")

    answer = ada.post("/language/", {"language": "de"}, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403
    assert Member.objects.get(handle="ada").language == "en"


def test_the_same_bytes_for_every_door(town: Town) -> None:
    """Whoever looks at a page or at the form cannot tell how the door is set, nor that they are blocked from asking."""
    stella, door = town.client("stranger"), town.members["bo"].door
    cast.was_at(town.members["stranger"], "Acme Werke", "2002-01", "2004-12")
    seen = set()
    for lowest in "ABCK":
        door.lowest = lowest
        door.save()
        answers = [normal(stella.get(path)) for path in ("/@bob/", "/@bob/ask/")]
        seen.add(str([(status, body) for status, body, _heads in answers]))
    assert len(seen) == 1
