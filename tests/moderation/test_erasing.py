"""Evidence is erased by two moderators, never by one; the decision and who did it stay."""

from typing import Any

import pytest

from accounts.models import Member
from foundation.models import AuditEntry
from network.moderation import decisions, erasing, review, rulings
from network.moderation.models import Appeal, AppealState, Report
from tests.cast import key
from tests.moderation.desk import REASONS, at, browser, given


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    """Each test has its own count of tries."""
    settings.SECRET_KEY = f"{settings.SECRET_KEY}-{key()}"


@pytest.fixture
def decided(ada: Member, mo: Member) -> Report:
    report = given(ada, words="CANARY words")
    decisions.dismiss(report.case, by=mo, **REASONS)
    report.refresh_from_db()
    return report


def test_one_moderator_asks_and_another_erases(decided: Report, mo: Member, nina: Member) -> None:
    erasure = erasing.ask(decided, by=mo, why="A child's name stands in it.")
    with pytest.raises(erasing.AskedAlready):
        erasing.ask(decided, by=nina, why="x")
    with pytest.raises(erasing.AnotherConfirms):
        erasing.confirm(erasure, by=mo)
    decided.refresh_from_db()
    assert decided.words

    erasing.confirm(erasure, by=nina)
    decided.refresh_from_db()
    assert (decided.words, decided.evidence) == ("", {})
    assert decided.erased_at
    lines = AuditEntry.objects.filter(about=f"report:{decided.public_id}").values_list("actor", "act")
    assert set(lines) == {
        (f"member:{mo.pk}", "asked-to-erase"),
        (f"member:{mo.pk}", "was-refused-erasure"),
        (f"member:{nina.pk}", "erased-evidence"),
    }
    with pytest.raises(erasing.ErasureAnswered):
        erasing.confirm(erasure, by=nina)
    with pytest.raises(erasing.AskedAlready):
        erasing.ask(decided, by=nina, why="x")


def test_what_is_still_needed_is_not_erased(ada: Member, bo: Member, mo: Member, nina: Member) -> None:
    report = given(ada)
    with pytest.raises(erasing.StillNeeded):
        erasing.ask(report, by=mo, why="x")
    decisions.dismiss(report.case, by=mo, **REASONS)
    erasure = erasing.ask(Report.objects.get(), by=mo, why="x")
    assert report.notifier
    review.ask_about_case(report.case.public_id, by=report.notifier, words="x")
    with pytest.raises(erasing.StillNeeded):
        erasing.confirm(erasure, by=nina)
    rulings.dismiss(Appeal.objects.get(), by=nina, reason="x")
    assert Appeal.objects.get().state == AppealState.DISMISSED
    erasing.confirm(erasure, by=nina)


def test_the_panel_erases_by_two_posts_of_two_people(decided: Report, ada: Member, mo: Member, nina: Member) -> None:
    ask = at("moderation_case_tool", decided.case_id, "erase")
    assert browser(mo).post(ask, {"report": "nonsense", "why": "x"}).status_code == 400
    assert browser(ada).post(ask, {"report": str(decided.public_id), "why": "x"}).status_code == 404
    assert browser(mo).post(ask, {"report": str(decided.public_id), "why": "A child's name."}).status_code == 302
    erasure = decided.erasures.get()
    confirm = at("moderation_erasure_tool", erasure.pk, "confirm")
    assert browser(mo).post(confirm).status_code == 403
    assert browser(ada).post(confirm).status_code == 404
    desk = browser(nina)
    assert "CANARY words" in desk.get(at("moderation_erasure_change", erasure.pk)).content.decode()
    assert "@ada" in desk.get(at("moderation_erasure_changelist")).content.decode()
    assert desk.get(confirm).status_code == 200
    decided.refresh_from_db()
    assert decided.words
    assert desk.post(confirm).status_code == 302
    page = desk.get(at("moderation_case_change", decided.case_id)).content.decode()
    assert "CANARY" not in page
    assert "by two moderators" in page


def test_a_refused_erasure_keeps_it_and_may_be_asked_again(decided: Report, mo: Member, nina: Member) -> None:
    first = erasing.ask(decided, by=mo, why="x")
    assert browser(nina).post(at("moderation_erasure_tool", first.pk, "refuse")).status_code == 302
    decided.refresh_from_db()
    assert decided.words
    assert erasing.ask(decided, by=nina, why="y").asked_by == nina
    with pytest.raises(erasing.AnotherConfirms):
        erasing.refuse(decided.erasures.get(state="asked"), by=nina)
