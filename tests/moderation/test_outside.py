"""Reports of people without an account: what they must say, and the receipt, the answer and the appeal they get."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from foundation import clock, jobs, letters, ratelimit, retention
from foundation.models import AuditEntry, Letter
from network.moderation import decisions, moderators, outside, reports, review, rulings, wordings
from network.moderation.models import Appeal, Case, Notifier, Report, State
from tests.cast import DAY, key, new_member
from tests.moderation.desk import MAIL, NAME, REASONS, about, at, browser, given
from vetting import ledger, standing


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    """Each test has its own count of tries."""
    settings.SECRET_KEY = f"{settings.SECRET_KEY}-{key()}"


def mail_to(address: str) -> list[str]:
    said = [letters.text_of(letter) for letter in Letter.objects.order_by("made_at")]
    return [one.text for one in said if address in one.to]


FORM = {"words": "Not her employer.", "name": NAME, "email": MAIL, "good_faith": "on"}


# ── giving one ──────────────────────────────────────────────────────────────
def test_a_visitor_reports_a_page_and_has_a_receipt(ada: Member) -> None:
    visitor = Client()
    page = visitor.get(reverse("notice") + f"?about={about(ada)}").content.decode()
    assert f'value="{about(ada)}"' in page

    answer = visitor.post(reverse("notice"), {**FORM, "url": about(ada)}, follow=True)
    jobs.drain_everything()

    assert "Your report has arrived" in answer.content.decode()
    report = Report.objects.get()
    assert (report.case.about, report.reporter, report.notifier and report.notifier.name) == (ada, None, NAME)
    (receipt,) = mail_to(MAIL)
    assert about(ada) in receipt
    assert FORM["words"] not in receipt  # nobody sends others' words through our letter box
    assert report.case.state == State.OPEN


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"good_faith": False}, outside.NotSaidInGoodFaith),
        ({"name": " \u200b"}, outside.NameAndMailNeeded),
        ({"email": ""}, outside.NameAndMailNeeded),
        ({"email": "nobody"}, outside.NameAndMailNeeded),
        ({"email": "a@b.example\nBcc: c@d.example"}, outside.NameAndMailNeeded),
        ({"email": "nonsense", "unnamed": True}, outside.NameAndMailNeeded),
        ({"words": " "}, reports.ReportWordsNeeded),
        ({"words": "x" * 2001}, reports.ReportWordsNeeded),
        ({"url": ""}, outside.NothingAtThatAddress),
        ({"url": "@ada"}, outside.NothingAtThatAddress),
        ({"url": "https://elsewhere.example/@ada/"}, outside.NothingAtThatAddress),
        ({"url": "javascript:alert(1)//@ada/"}, outside.NothingAtThatAddress),
        ({"url": "http://[::1/@ada/"}, outside.NothingAtThatAddress),
        ({"url": f"{settings.SITE_URL}/@nobody_here/"}, outside.NothingAtThatAddress),
        ({"url": f"{settings.SITE_URL}/@zoe@two.example/"}, outside.NothingAtThatAddress),
        ({"url": f"{settings.SITE_URL}/about/"}, outside.NothingAtThatAddress),
        ({"url": f"{settings.SITE_URL}/credentials/{'x' * 43}/"}, outside.NothingAtThatAddress),
    ],
    ids=str,
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    changed: dict[str, Any], refusal: type[Exception], ada: Member
) -> None:
    with pytest.raises(refusal):
        given(ada, **changed)
    jobs.drain_everything()

    assert not Report.objects.exists()
    assert not Case.objects.exists()
    assert not Letter.objects.filter(kind="receipt").exists()


def test_the_form_says_what_is_missing_and_keeps_every_word(ada: Member) -> None:
    sent = {**FORM, "url": about(ada), "name": ""}
    answer = Client().post(reverse("notice"), sent)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert "field-wrong" in page or 'aria-invalid="true"' in page
    assert FORM["words"] in page
    assert Client().post(reverse("notice"), {**FORM, "url": about(ada), "good_faith": ""}).status_code == 400
    assert not Report.objects.exists()
    unnamed = {"url": about(ada), "words": "x", "good_faith": "on", "unnamed": "on"}
    assert Client().post(reverse("notice"), unnamed).status_code == 302
    assert Report.objects.get().notifier


def test_only_about_one_offence_a_name_may_be_left_out(ada: Member) -> None:
    report = given(ada, name="", email="", unnamed=True)
    jobs.drain_everything()

    assert report.notifier
    assert (report.notifier.name, report.notifier.email, report.notifier.unnamed) == ("", "", True)
    assert not Letter.objects.filter(kind="receipt").exists()


def test_name_and_address_lie_sealed(ada: Member) -> None:
    given(ada)
    row = Notifier.objects.values().get()

    assert [value for value in row.values() if NAME in str(value) or MAIL in str(value)] == []


@pytest.mark.parametrize("networks", [["192.0.2.7"] * 6, [f"2001:db8:1:2::{n}" for n in range(6)]])
def test_one_network_address_gives_five_an_hour(networks: list[str], ada: Member) -> None:
    for number, network in enumerate(networks[:-1]):
        given(ada, network=network, email=f"n{number}@post.example")
    with pytest.raises(ratelimit.TooMany):
        given(ada, network=networks[-1], email="last@post.example")
    given(ada, network="198.51.100.9", email="last@post.example")
    assert Case.objects.count() == 1


def test_nobodys_letter_box_is_flooded_from_many_networks(ada: Member) -> None:
    others = [new_member(f"page_{letter}") for letter in "abcdef"]
    for number, member in enumerate(others[:-1]):
        given(member, network=f"192.0.2.{number}")
    with pytest.raises(ratelimit.TooMany):
        given(others[-1], network="192.0.2.99", email=MAIL.upper())
    jobs.drain_everything()
    assert len(mail_to(MAIL)) == 5


def test_the_same_person_about_the_same_thing_is_one_report(ada: Member, bo: Member) -> None:
    first = given(ada)
    assert given(ada, words="Again!", email=MAIL.upper()) == first
    assert given(ada, email="other@post.example") != first
    assert given(bo) != first
    jobs.drain_everything()
    assert Report.objects.count() == 3
    assert len(mail_to(MAIL)) == 2


def test_all_about_one_member_are_one_case_and_weigh_nothing(ada: Member, bo: Member) -> None:
    reports.report(bo, ada, words="Bad!", key=key())
    before = standing.recompute(ada).conduct
    for number in range(20):
        given(ada, email=f"n{number}@post.example", network=f"192.0.2.{number}")
    jobs.drain_everything()

    assert Case.objects.count() == 1
    assert standing.recompute(ada).conduct == before
    assert ledger.about(ada).count() == 1  # Bo's


def test_evidence_is_what_everybody_sees(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(about="MEMBERS ONLY", about_to=1, headline="Seen by all", headline_to=3)

    kept = str(given(ada).evidence)
    assert "Seen by all" in kept
    assert "MEMBERS ONLY" not in kept


# ── nobody is unmasked ──────────────────────────────────────────────────────
def test_the_reported_never_learns_who(ada: Member, mo: Member) -> None:
    report = given(ada, words="CANARY words")
    for slip in (NAME, NAME.lower(), MAIL):
        with pytest.raises(wordings.ReporterNamed):
            decisions.uphold(report.case, by=mo, to_reporter="x", to_subject=f"Says {slip}.")
    decisions.uphold(report.case, by=mo, **REASONS)
    jobs.drain_everything()

    me = browser(ada)
    told = [me.get(path).content.decode() for path in (reverse("notices"), "/me/", "/", "/settings/")]
    told += [letters.text_of(one).text for one in Letter.objects.filter(reader=str(ada.public_id))]
    told += [str(list(AuditEntry.objects.values_list("actor", "act", "about", "detail")))]
    assert [text for text in told for trace in (NAME, MAIL, "CANARY") if trace in text] == []


def test_moderators_who_may_decide_see_who_and_no_others(ada: Member, mo: Member) -> None:
    report = given(mo)
    other = new_member("nina")
    moderators.appoint(other)

    assert (
        MAIL
        in browser(Member.objects.get(pk=other.pk)).get(at("moderation_case_change", report.case_id)).content.decode()
    )
    assert browser(mo).get(at("moderation_case_change", report.case_id)).status_code == 404
    assert browser(ada).get(at("moderation_case_change", report.case_id)).status_code == 404


# ── the answer, and the way to object ───────────────────────────────────────
def link_in(text: str) -> str:
    found = re.search(r"/notice/[A-Za-z0-9_-]{20,}/", text)
    assert found
    return found[0]


def test_the_decision_comes_by_letter_and_can_be_appealed_without_an_account(ada: Member, mo: Member) -> None:
    case = given(ada).case
    jobs.drain_everything()
    decisions.dismiss(case, by=mo, **REASONS)
    jobs.drain_everything()
    letter = mail_to(MAIL)[-1]
    assert REASONS["to_reporter"] in letter
    assert "another moderator answers" in letter
    assert "court" in letter

    visitor, link = Client(), link_in(letter)
    answer = visitor.get(link)
    assert REASONS["to_reporter"] in answer.content.decode()
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
    assert "noindex" in answer["X-Robots-Tag"]
    assert visitor.post(link, {"words": ""}).status_code == 400
    assert visitor.post(link, {"words": "It is false, see the register."}).status_code == 302
    assert visitor.post(link, {"words": "Twice"}).status_code == 404
    assert "It is false" in visitor.get(link).content.decode()

    other = new_member("nina")
    moderators.appoint(other)
    other.refresh_from_db()
    appeal = Appeal.objects.get()
    with pytest.raises(rulings.AnotherAnswers):
        rulings.grant(appeal, by=mo, reason="x", to_other="x")
    rulings.grant(appeal, by=other, reason="You were right.", to_other="This is false.")
    jobs.drain_everything()
    case.refresh_from_db()
    assert case.state == State.UPHELD
    assert "You were right." in mail_to(MAIL)[-1]
    assert visitor.get(link).status_code == 404  # the newest letter's link works
    assert visitor.get(link_in(mail_to(MAIL)[-1])).status_code == 200


def test_the_link_opens_nothing_but_its_own_notice(ada: Member, bo: Member, mo: Member) -> None:
    mine, other = given(ada), given(bo, email="other@post.example")
    for report in (mine, other):
        decisions.dismiss(report.case, by=mo, **REASONS)
    assert mine.notifier
    with pytest.raises(review.NothingToAppeal):
        review.ask_about_case(other.case.public_id, by=mine.notifier, words="x")
    for token in ("nonsense", "x" * 32):
        assert Client().get(reverse("notice_read", args=[token])).status_code == 404
        assert Client().post(reverse("notice_read", args=[token]), {"words": "x"}).status_code == 404
    assert not Appeal.objects.exists()


def test_names_are_forgotten_when_nobody_can_object_any_more(ada: Member, bo: Member, mo: Member) -> None:
    undecided, waits, done = given(mo), given(bo), given(ada)
    for report in (waits, done):
        decisions.dismiss(report.case, by=mo, **REASONS)
    assert waits.notifier
    review.ask_about_case(waits.case.public_id, by=waits.notifier, words="x")
    retention.apply("notifiers")
    assert done.notifier
    assert Notifier.objects.get(pk=done.notifier.pk).email == MAIL
    with clock.at(clock.now() + 185 * DAY):
        retention.apply("notifiers")

    kept = {one.pk: bool(one.name or one.email or one.address_key) for one in Notifier.objects.all()}
    assert kept == {one.notifier_id: one is not done for one in (undecided, waits, done)}


def test_members_have_a_receipt_and_marks_by_a_click_have_none(ada: Member, bo: Member) -> None:
    reports.report(bo, ada, words="Bad!", key=key())
    jobs.drain_everything()

    assert bo.account
    (receipt,) = mail_to(bo.account.email)
    assert "Moderators will look at it" in receipt
    assert "Bad!" not in receipt
