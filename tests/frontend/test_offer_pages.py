"""Offers through the pages: written, refused with every word kept, read, answered with one click."""

import re

import pytest
from django.conf import settings
from django.test import Client

from accounts import people
from accounts.models import Entry, Member, Visibility
from network.contacts import blocks
from network.messages.models import Message
from network.offers import answers, records, settling, terms
from network.offers.matching import Floors
from network.offers.models import Offer
from tests.cast import key, new_member, settled_monday, was_at
from tests.frontend.pages import read, signed_in, steady
from tests.offers import stage
from tests.offers.conftest import hunter, listening  # noqa: F401  (fixtures)
from tests.offers.stage import FORM

pytestmark = pytest.mark.django_db


def typed(fits: Entry, /, **more: object) -> dict[str, object]:
    names = [
        "employer",
        "role",
        "level",
        "kind",
        "pay_low",
        "pay_high",
        "currency",
        "period",
        "place",
        "mandate",
        "why",
    ]
    said = {name: getattr(FORM, name) for name in names}
    return {**said, "remote_percent": 40, "entry": str(fits.public_id), "key": key(), **more}


@pytest.fixture
def offered(bo: Member, hunter: Member, listening: Entry) -> Offer:  # noqa: F811
    return stage.sends(hunter, bo)


# ── the sender's form ────────────────────────────────────────────────────────
def test_the_form_says_what_it_costs_and_shows_visible_entries_alone(
    bo: Member,
    hunter: Member,  # noqa: F811
    listening: Entry,  # noqa: F811
) -> None:
    hidden = was_at(bo, "Secret Society", visible_to=Visibility.CONTACTS)
    page = read(hunter, "/@bob/offer/")

    assert f"You can make {settings.OFFERS_A_MONTH} offers now" in page
    assert str(listening.public_id) in page
    assert str(hidden.public_id) not in page
    assert "Secret Society" not in page
    assert "30 percent" in page


def test_sending_leads_to_what_was_sent(bo: Member, hunter: Member, listening: Entry) -> None:  # noqa: F811
    answer = signed_in(hunter).post("/@bob/offer/", typed(listening))
    offer = Offer.objects.get()
    page = read(hunter, answer["Location"])

    assert answer["Location"] == f"/offers/sent/{offer.public_id}/"
    assert "It is on its way." in page
    assert "80,000 – 96,000 EUR a year" in page
    assert "Acme Werke" in page
    assert "Optical engineer" in read(hunter, "/offers/sent/")


def test_the_same_form_sent_twice_is_one_offer(bo: Member, hunter: Member, listening: Entry) -> None:  # noqa: F811
    form = typed(listening)
    first, second = (signed_in(hunter).post("/@bob/offer/", form) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Offer.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"pay_high": 200_000}, 400, "at most 30 % above"),
        ({"place": "Hamburg"}, 400, "region code"),
        ({"why": ""}, 400, "required"),
        ({"mandate": "See https://example.org"}, 400, "Please leave out"),
        ({"entry": "00000000-0000-4000-8000-000000000000"}, 400, "valid choice"),
        ({"remote_percent": 400}, 400, "less than or equal to 100"),
        ({"pay_low": "9" * 30, "pay_high": "9" * 30}, 400, "pay"),
    ],
)
def test_a_refused_offer_is_kept_in_the_form(
    bo: Member,
    hunter: Member,  # noqa: F811
    listening: Entry,  # noqa: F811
    wrong: dict[str, object],
    status: int,
    words: str,
) -> None:
    answer = signed_in(hunter).post("/@bob/offer/", typed(listening, **wrong))
    page = answer.content.decode()

    assert answer.status_code == status
    assert words in page
    assert "Nordlicht Optik" in page
    assert not Offer.objects.exists()


def test_without_standing_the_form_is_kept_with_429(bo: Member, ada: Member, listening: Entry) -> None:  # noqa: F811
    assert "Your standing allows no offer just now." in read(ada, "/@bob/offer/")
    answer = signed_in(ada).post("/@bob/offer/", typed(listening))

    assert answer.status_code == 429
    assert "Nordlicht Optik" in answer.content.decode()


def test_a_question_is_asked_on_the_form(bo: Member, hunter: Member, listening: Entry) -> None:  # noqa: F811
    assert 'name="answer"' not in read(hunter, "/@bob/offer/")
    terms.change(bo, stage.OPEN, question="What did I build?")
    assert "What did I build?" in read(hunter, "/@bob/offer/")

    assert signed_in(hunter).post("/@bob/offer/", typed(listening)).status_code == 400
    assert signed_in(hunter).post("/@bob/offer/", typed(listening, answer="A mill.")).status_code == 302


def test_whom_one_offered_something_lately_the_form_leads_to_it(offered: Offer, hunter: Member) -> None:  # noqa: F811
    page = read(hunter, "/@bob/offer/")

    assert f"/offers/sent/{offered.public_id}/" in page
    assert 'name="mandate"' not in page


def test_somebody_who_shows_no_entry_cannot_be_offered_a_role(bo: Member, hunter: Member) -> None:  # noqa: F811
    assert "Nothing here for a role to fit" in read(hunter, "/@bob/offer/")


def test_nobody_offers_themselves_or_the_unknown_and_visitors_sign_in(hunter: Member) -> None:  # noqa: F811
    assert signed_in(hunter).get("/@hunter/offer/").status_code == 400
    assert signed_in(hunter).get("/@nobody_here/offer/").status_code == 404
    for path in ("/@hunter/offer/", "/offers/", "/terms/"):
        assert "/account/login/" in Client().get(path)["Location"]


VOLATILE = re.compile(r'name="key" value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}')


@pytest.mark.parametrize("fate", ["arrives", "below the floor", "no offers at all", "blocked"])
def test_the_senders_pages_are_the_same_whatever_became_of_it(
    bo: Member,
    hunter: Member,  # noqa: F811
    listening: Entry,  # noqa: F811
    fate: str,
) -> None:
    """Bytes of every page, against those of an offer that nobody has looked at yet."""
    bo.entries.update(visible_to=Visibility.EVERYONE)
    floors = {"below the floor": Floors(wanted=True, level="executive"), "no offers at all": Floors()}
    terms.change(bo, floors.get(fate, stage.OPEN))
    if fate == "blocked":
        blocks.block(bo, hunter)
    client = signed_in(hunter)
    sent = client.post("/@bob/offer/", typed(listening))["Location"]
    paths = [sent, "/offers/sent/", "/@bob/offer/", "/", "/messages/", "/contacts/", "/notices/"]
    before = [VOLATILE.sub("·", steady(read(hunter, path))) for path in paths]
    offer = Offer.objects.get()
    settling.settle(offer.pk)
    offer.refresh_from_db()

    assert (offer.arrived_at is not None) == (fate == "arrives")
    assert [VOLATILE.sub("·", steady(read(hunter, path))) for path in paths] == before


# ── the recipient's pages ────────────────────────────────────────────────────
def test_the_page_says_what_why_and_offers_every_answer(offered: Offer, bo: Member) -> None:
    page = read(bo, f"/offers/{offered.public_id}/")

    for words in ("Optical engineer", "Nordlicht Optik GmbH", "80,000 – 96,000 EUR a year", "DE-HH", "40 %"):
        assert words in page
    assert "Hunter Test" in page  # disclosed by offering
    assert "Acme Werke" in page
    assert "You led the pump hall" in page
    assert "It meets your terms" in page
    assert "told from five cases on" in page
    for answer in ("interested", "not-now", "not-for-me", "unread"):
        assert f'name="answer" value="{answer}"' in page


def test_what_arrived_is_listed_and_waits_on_the_desk(offered: Offer, bo: Member) -> None:
    people.change_profile(bo, {"headline": "Optics"})
    for path in ("/", "/offers/"):
        assert f"/offers/{offered.public_id}/" in read(bo, path)
    signed_in(bo).post(f"/offers/{offered.public_id}/answer/", {"answer": "not-now"})

    assert f"/offers/{offered.public_id}/" not in read(bo, "/")
    assert "not now" in read(bo, "/offers/")  # the history keeps it


def test_one_click_opens_the_thread(offered: Offer, bo: Member, hunter: Member) -> None:  # noqa: F811
    answer = signed_in(bo).post(f"/offers/{offered.public_id}/answer/", {"answer": "interested"}, follow=True)

    assert "Optical engineer" in answer.content.decode()
    assert Message.objects.get().writer == hunter
    assert "/messages/with/bob/" in read(hunter, f"/offers/sent/{offered.public_id}/")


@pytest.mark.parametrize("silent", ["not-now", "not-for-me", "unread"])
def test_one_click_and_the_sender_reads_the_same(
    offered: Offer,
    bo: Member,
    hunter: Member,  # noqa: F811
    silent: str,
) -> None:
    before = read(hunter, f"/offers/sent/{offered.public_id}/")
    answer = signed_in(bo).post(f"/offers/{offered.public_id}/answer/", {"answer": silent})

    assert answer["Location"] == "/offers/"
    assert steady(read(hunter, f"/offers/sent/{offered.public_id}/")) == steady(before)


@pytest.mark.parametrize("nonsense", ["", "maybe"])
def test_no_other_answer_is_taken(offered: Offer, bo: Member, nonsense: str) -> None:
    assert signed_in(bo).post(f"/offers/{offered.public_id}/answer/", {"answer": nonsense}).status_code == 409


def test_others_offers_and_unknown_ones_are_alike(offered: Offer, ada: Member, hunter: Member, bo: Member) -> None:  # noqa: F811
    for stranger in (ada, hunter):
        assert signed_in(stranger).get(f"/offers/{offered.public_id}/").status_code == 404
    assert signed_in(bo).get(f"/offers/sent/{offered.public_id}/").status_code == 404
    terms.change(bo, Floors())
    away = stage.sends(stage.head_hunter("harry"), bo, employer="Elsewhere")
    assert signed_in(bo).get(f"/offers/{away.public_id}/").status_code == 404


def test_after_the_talk_the_recipient_says_whether_the_range_was_kept(offered: Offer, bo: Member) -> None:
    path = f"/offers/{offered.public_id}/"
    assert signed_in(bo).post(f"{path}kept/", {"kept": "yes"}).status_code == 403
    answers.answer(offered, by=bo, answer="interested")
    assert "Was the pay range kept?" in read(bo, path)
    assert signed_in(bo).post(f"{path}kept/", {"kept": "perhaps"}).status_code == 404

    assert signed_in(bo).post(f"{path}kept/", {"kept": "no"}).status_code == 302
    assert "You said: it was not kept." in read(bo, path)


def test_how_earlier_ranges_were_kept_stands_beside_the_next_offer(offered: Offer, bo: Member, hunter: Member) -> None:  # noqa: F811
    for number in range(5):
        other = new_member(f"person{number}")
        stage.listens(other)
        one = stage.sends(hunter, other)
        answers.answer(one, by=other, answer="interested")
        records.report_range(one, by=other, kept=number > 1)
    Offer.objects.filter(kept__isnull=False).update(kept_at=settled_monday(-1))
    page = read(bo, f"/offers/{offered.public_id}/")

    assert page.count("range kept 3 of 5") == 2  # of the sender, and of the employer


def test_menu_settings_and_the_persons_page_lead_there(bo: Member, hunter: Member) -> None:  # noqa: F811
    assert 'href="/offers/"' in read(hunter, "/settings/")
    assert 'href="/terms/"' in read(hunter, "/settings/")
    assert 'href="/@bob/offer/"' in read(hunter, "/@bob/")
    assert 'href="/@bob/offer/"' not in read(bo, "/@bob/")
    assert 'href="/@bob/offer/"' not in Client().get("/@bob/").content.decode()
