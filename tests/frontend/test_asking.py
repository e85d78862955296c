"""Asking for contact through the pages; and that no page tells the asker what became of it."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import people
from accounts.models import DoorLevel, Entry, Member
from foundation import clock, jobs
from network.contacts import answers, blocks, requests
from network.contacts.models import Request, Whereabouts
from tests.cast import DAY, asks, befriend, key, new_member, was_at
from tests.frontend.pages import signed_in

pytestmark = pytest.mark.django_db


def typed(entry: Entry | None = None, **more: object) -> dict[str, object]:
    return {"key": key(), "context": f"entry:{entry.public_id}" if entry else "", "note": "", **more}


def text_of(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_asking_sends_and_leads_to_what_was_sent(ada: Member, bo: Member, at_acme: Entry) -> None:
    answer = signed_in(ada).post("/@bob/ask/", typed(at_acme, note="Third floor."))

    sent = Request.objects.get()
    assert answer["Location"] == f"/requests/sent/{sent.public_id}/"
    assert (sent.asker, sent.recipient, sent.note) == (ada, bo, "Third floor.")


def test_the_same_form_sent_twice_is_one_request(ada: Member, bo: Member, at_acme: Entry) -> None:
    form = typed(at_acme)
    first, second = (signed_in(ada).post("/@bob/ask/", form) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Request.objects.count() == 1


def test_the_form_shows_the_grade_before_sending(ada: Member, bo: Member, at_acme: Entry) -> None:
    page = text_of(signed_in(ada), "ask", "bob")

    assert 'aria-label="Grade B"' in page  # the only entry is chosen already
    assert "A contact you both know can vouch" in page
    assert not Request.objects.exists()


def test_the_grade_without_script_keeps_every_word(ada: Member, bo: Member, at_acme: Entry, cleo: Member) -> None:
    befriend(ada, cleo)
    form = typed(at_acme, note="Third floor.", vouchers=[str(cleo.public_id)])
    page = signed_in(ada).post("/@bob/ask/grade/", form).content.decode()

    assert "Third floor." in page
    assert f'value="{form["key"]}"' in page or str(form["key"]) in page.replace("-", "")
    assert re.search(rf'value="{cleo.public_id}"[^>]*checked', page)
    assert 'aria-label="Grade B"' in page
    assert not Request.objects.filter(recipient=bo).exists()


def test_the_grade_for_htmx_is_a_fragment(ada: Member, bo: Member, at_acme: Entry) -> None:
    page = signed_in(ada).post("/@bob/ask/grade/", typed(at_acme), headers={"HX-Request": "true"}).content.decode()

    assert page.startswith('<div id="grade"')
    assert "<html" not in page


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("see https://example.org", "Please leave out"),
        ("call null eins sieben sechs drei vier fünf", "Please leave out"),
        ("x" * 201, "201 characters; 200 fit"),
    ],
)
def test_a_refused_note_is_kept_in_the_form(ada: Member, bo: Member, at_acme: Entry, note: str, words: str) -> None:
    answer = signed_in(ada).post("/@bob/ask/", typed(at_acme, note=note))

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert note in answer.content.decode()
    assert not Request.objects.exists()


def test_anothers_entry_is_no_context(ada: Member, bo: Member, at_acme: Entry) -> None:
    theirs = bo.entries.get()

    assert signed_in(ada).post("/@bob/ask/", typed(theirs)).status_code == 400
    assert signed_in(ada).post("/@bob/ask/", typed(None, context="common-interests")).status_code == 400
    assert signed_in(ada).post("/@bob/ask/", typed(None, context="earlier")).status_code == 400
    assert not Request.objects.exists()


def test_without_an_entry_the_page_leads_to_entries(ada: Member, bo: Member) -> None:
    page = text_of(signed_in(ada), "ask", "bob")

    assert reverse("entry_add") in page
    assert "Send the request" not in page


def test_only_contacts_can_be_asked_to_vouch(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> None:
    answer = signed_in(ada).post("/@bob/ask/", typed(at_acme, vouchers=[str(cleo.public_id)]))

    assert answer.status_code == 400
    assert not Request.objects.exists()


def test_the_form_says_so_at_half_the_limit(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> None:
    client = signed_in(ada)
    assert "sorry to miss" not in text_of(client, "ask", "bob")
    asks(ada, cleo, at_acme)
    assert "sorry to miss" in text_of(client, "ask", "bob")


def test_beyond_the_limit_the_form_is_kept_with_429(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> None:
    asks(ada, cleo, at_acme)
    asks(ada, new_member("dora"), at_acme)
    answer = signed_in(ada).post("/@bob/ask/", typed(at_acme, note="Third floor."))

    assert answer.status_code == 429
    assert "Third floor." in answer.content.decode()


def test_asking_whose_request_waits_for_you_accepts_it(ada: Member, bo: Member, at_acme: Entry) -> None:
    asks(ada, bo, at_acme)
    page = text_of(signed_in(bo), "ask", "ada")
    answer = signed_in(bo).post("/@ada/ask/", typed(bo.entries.get()))

    assert "They have asked you for contact already." in page
    assert answer["Location"] == "/messages/with/ada/"


@pytest.mark.parametrize("path", ["/@bob/ask/grade/"])
def test_the_grade_is_asked_by_post_only(ada: Member, bo: Member, path: str) -> None:
    assert signed_in(ada).get(path).status_code == 405


def test_visitors_are_sent_to_the_sign_in(bo: Member) -> None:
    assert "/account/login/" in Client().get("/@bob/ask/")["Location"]


def test_nobody_asks_themselves_or_the_unknown(ada: Member) -> None:
    assert signed_in(ada).get("/@ada/ask/").status_code == 400
    assert signed_in(ada).get("/@nobody_here/ask/").status_code == 404


# ── what the asker can see of a request's fate: nothing ──────────────────────


def waits(request: Request) -> None:
    """Delivered, not answered."""


def trayed(request: Request) -> None:
    assert request.whereabouts == Whereabouts.TRAY


def declined(request: Request) -> None:
    answers.decline(request, by=request.recipient, answer="unknown")


def called_untrue(request: Request) -> None:
    answers.decline(request, by=request.recipient, answer="not-true")


def called_a_pitch(request: Request) -> None:
    answers.decline(request, by=request.recipient, answer="pitch")


def blocked(request: Request) -> None:
    blocks.block(request.recipient, request.asker)


FATES = [waits, trayed, declined, called_untrue, called_a_pitch, blocked]
VOLATILE = re.compile(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}|\d{2}:\d{2}(:\d{2})?')


def everything_the_asker_sees(asker: Member, recipient: Member, request: Request) -> list[tuple[str, int, str, int]]:
    """Each page in bytes (without tokens and clock), its status, its query count."""
    client, seen = signed_in(asker), []
    paths = {
        "request_sent": reverse("request_sent", args=[request.public_id]),
        "requests_sent": reverse("requests_sent"),
        "ask": reverse("ask", args=[recipient.handle]),
        "person": reverse("person", args=[recipient.handle]),
        "home": reverse("home"),
        "contacts": reverse("contacts"),
        "threads": reverse("threads"),
    }
    for path in paths.values():
        client.get(path)  # whatever a first visit makes, is made
    for name, path in paths.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        text = VOLATILE.sub("·", answer.content.decode() + str(answer.headers.get("Location", "")))
        seen.append((name, answer.status_code, text, len(queries)))
    return seen


@pytest.fixture
def open_bo(bo: Member) -> Member:
    """Everything of Bo's is visible to everyone, so that a block, which he may show, is not what differs here."""
    people.change_profile(bo, {"name_to": 3, "headline": "Optics", "headline_to": 3})
    bo.entries.update(visible_to=3)
    return bo


@pytest.mark.parametrize("fate", FATES)
def test_the_asker_sees_the_same_whatever_became_of_it(
    ada: Member, open_bo: Member, at_acme: Entry, fate: Callable[[Request], None]
) -> None:
    open_bo.entries.update(visible_to=3)
    if fate is trayed:
        people.set_door(open_bo, DoorLevel.A)
    request = asks(ada, open_bo, at_acme, note="Third floor.")
    row = Request.objects.filter(pk=request.pk)
    row.update(whereabouts=Whereabouts.DELIVERED)
    waiting = everything_the_asker_sees(ada, open_bo, request)
    row.update(whereabouts=request.whereabouts)
    fate(request)
    jobs.drain_everything()

    now = everything_the_asker_sees(ada, open_bo, request)
    if fate is blocked:  # a blocked member sees a visitor's page of the other (product.md, the contract, 3)
        now, waiting = ([page for page in pages if page[0] != "person"] for pages in (now, waiting))
    assert now == waiting


def test_a_request_nobody_has_settled_yet_reads_the_same(ada: Member, open_bo: Member, at_acme: Entry) -> None:
    sent = requests.ask(ada, open_bo, context="entry", entry=at_acme, key=key())
    before = everything_the_asker_sees(ada, open_bo, sent)
    jobs.drain_everything()
    after = everything_the_asker_sees(ada, open_bo, sent)

    assert [page[:3] for page in after] == [page[:3] for page in before]


def test_asked_again_within_180_days_reads_like_the_first(ada: Member, open_bo: Member, at_acme: Entry) -> None:
    with clock.at(clock.now() - 100 * DAY):
        first = asks(ada, open_bo, at_acme)
        answers.decline(first, by=open_bo, answer="unknown")
    jobs.drain_everything()
    sent = asks(ada, open_bo, at_acme)
    assert sent.whereabouts == Whereabouts.NOWHERE
    swallowed = everything_the_asker_sees(ada, open_bo, sent)
    Request.objects.filter(pk=sent.pk).update(whereabouts=Whereabouts.DELIVERED)

    assert everything_the_asker_sees(ada, open_bo, sent) == swallowed


def test_asking_again_is_told_the_rule_and_not_the_answer(ada: Member, bo: Member, at_acme: Entry) -> None:
    with clock.at(clock.now() - 100 * DAY):
        asks(ada, bo, at_acme)

    assert "a further one reaches nobody" in text_of(signed_in(ada), "ask", "bob")


def test_an_entry_only_the_asker_sees_can_be_named(ada: Member, bo: Member) -> None:
    mine = was_at(ada, "Secret Society", visible_to=0, matchable=False)

    assert signed_in(ada).post("/@bob/ask/", typed(mine)).status_code == 302
