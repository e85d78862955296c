"""Several marks in one case: a moderator agrees with some of them, in the panel, and only those take effect."""

import pytest

from accounts.models import Entry, Member
from foundation import clock
from network.contacts import answers, quiet
from network.contacts.models import Contact
from network.messages.models import Message
from network.moderation import decisions, labels, notices, reports
from network.moderation.models import Case, Report, State
from tests.cast import DAY, asks, befriend, key
from tests.moderation.desk import REASONS, at, browser, says
from vetting import evidence
from vetting.models import Evidence


@pytest.fixture
def contact(ada: Member, bo: Member, at_acme: Entry) -> Contact:
    """Ada asked, Bo accepted; her quiet period is long over."""
    with clock.at(clock.now() - 60 * DAY):
        return answers.accept(asks(ada, bo, at_acme), by=bo)


@pytest.fixture
def marks(contact: Contact, ada: Member, bo: Member, cleo: Member) -> tuple[Report, Report]:
    """Bo marked what Ada sold him, and Cleo in bad temper what Ada asked her."""
    befriend(ada, cleo)
    sold, asked = says(ada, bo), says(ada, cleo, "Do you still have the photographs of 2003?")
    return labels.mark(sold, by=bo, label="promotion"), labels.mark(asked, by=cleo, label="promotion")


def decide(moderator: Member, case: Case, ticked: list[Report], button: str = "uphold") -> tuple[int, str]:
    values = {**REASONS, "button": button, "ground": "unlabelled", "marks": [str(mark.public_id) for mark in ticked]}
    answer = browser(moderator).post(at("moderation_case_tool", case.pk, "decide"), values)
    return answer.status_code, answer.content.decode()


def shown() -> dict[str, str]:
    return {message.writer.handle + message.text[:9]: message.shown_as for message in Message.objects.all()}


def test_the_panel_offers_each_mark_beside_its_message(marks: tuple[Report, Report], mo: Member) -> None:
    page = browser(mo).get(at("moderation_case_change", marks[0].case_id)).content.decode()

    for mark in marks:
        assert f'name="marks" value="{mark.public_id}" form="tool" checked' in page
    assert 'id="tool"' in page


def test_only_the_marks_that_are_ticked_take_effect(
    marks: tuple[Report, Report], mo: Member, ada: Member, bo: Member, cleo: Member
) -> None:
    right, wrong = marks
    assert right.case_id == wrong.case_id
    assert decide(mo, right.case, [right])[0] == 302

    assert shown() == {"adaOur new p": "promotion", "adaDo you st": "personal"}
    assert quiet.keeps_quiet(ada, bo)
    assert quiet.keeps_quiet(ada, cleo) is None
    assert Evidence.objects.filter(about=ada.ledger_id, kind=evidence.STRIKE).count() == 1
    assert "as what you said it is" in notices.notices_for(bo)[0].said
    assert "as what you said it is" not in notices.notices_for(cleo)[0].said
    assert "shown as what it was" in notices.notices_for(ada)[0].said


def test_taking_it_back_touches_only_what_took_effect(marks: tuple[Report, Report], mo: Member) -> None:
    right, wrong = marks
    other = Message.objects.get(public_id=wrong.source)
    decisions.uphold(right.case, [right.public_id], by=mo, **REASONS)
    Message.objects.filter(pk=other.pk).update(label="offer")  # as if another case had found that later
    decisions.take_back(Case.objects.get(), by=mo, **REASONS)

    assert shown() == {"adaOur new p": "personal", "adaDo you st": "offer"}


def test_with_no_mark_ticked_there_is_nothing_to_uphold(marks: tuple[Report, Report], mo: Member, ada: Member) -> None:
    """Refused with every word kept; once somebody has also said in words what is wrong, that can be upheld alone."""
    case = marks[0].case
    status, page = decide(mo, case, [])
    assert status == 400
    assert REASONS["to_subject"] in page
    assert "checked" not in page
    assert Case.objects.get().state == State.OPEN

    assert marks[1].reporter is not None
    reports.report(marks[1].reporter, ada, words="She also shouts.", key=key())
    assert decide(mo, case, [])[0] == 302
    assert set(shown().values()) == {"personal"}
    assert Evidence.objects.filter(about=ada.ledger_id, kind=evidence.STRIKE).count() == 1


@pytest.mark.parametrize("strange", ["not a number", "9f0f3d6e-8a9c-4f0c-9a3e-000000000000"])
def test_marks_of_other_cases_are_none(marks: tuple[Report, Report], mo: Member, strange: str) -> None:
    values = {**REASONS, "button": "uphold", "ground": "unlabelled", "marks": [strange]}
    answer = browser(mo).post(at("moderation_case_tool", marks[0].case_id, "decide"), values)

    assert answer.status_code == 400
    assert set(shown().values()) == {"personal"}


def test_dismissing_heeds_no_ticks(marks: tuple[Report, Report], mo: Member) -> None:
    assert decide(mo, marks[0].case, list(marks), button="dismiss")[0] == 302
    assert set(shown().values()) == {"personal"}
    assert not Report.objects.filter(label_upheld=True).exists()


def test_the_offence_is_as_old_as_what_was_upheld(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    """Who lent Ada standing between the two messages answers for the later one alone."""
    with clock.at(clock.now() - 40 * DAY):
        early = labels.mark(says(ada, bo, "Lunch on Friday?"), by=bo, label="promotion")
        says(bo, ada, "Yes?")
    late = labels.mark(says(ada, bo), by=bo, label="promotion")
    decisions.uphold(late.case, [late.public_id], by=mo, **REASONS)

    assert late.happened_at
    assert early.happened_at
    assert decisions._offence(Case.objects.get(), [late]) == late.happened_at
    assert decisions._offence(Case.objects.get(), [early, late]) == early.happened_at
