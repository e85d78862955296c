"""What a sanction says to whom it weighs on: what, on which ground, how it came up, how to object (DSA Art. 17)."""

import pytest
from django.urls import reverse

from accounts.models import Member
from network.moderation import decisions, freezing, statements, wordings
from network.moderation.models import Case, Freeze, Ground, State
from tests.moderation.desk import REASONS, at, browser, letters_to


def test_a_strike_states_what_on_which_ground_how_found_and_how_to_object(
    struck: Case, ada: Member, bo: Member
) -> None:
    text = letters_to(ada)

    for part in (
        "It lowers your standing on this server",
        "advertising without its label",
        "Somebody reported it.",
        "None: people found it, read it and decided.",
        REASONS["to_subject"],
        "another moderator answers",
        "court",
    ):
        assert part in text
    assert bo.handle not in text
    assert "What it stands on" not in letters_to(bo)
    page = browser(ada).get(reverse("notices")).content.decode()
    assert "advertising without its label" in page
    assert reverse("appeal_case", args=[struck.public_id]) in page
    assert reverse("appeal_case", args=[struck.public_id]) not in browser(bo).get(reverse("notices")).content.decode()


def test_a_freeze_names_the_law_it_stands_on(ada: Member, mo: Member) -> None:
    freeze = freezing.freeze(ada, by=mo, reason="Threats.", ground=Ground.LAW, law="§ 241 StGB")

    assert "against the law: § 241 StGB" in letters_to(ada)
    assert dict(statements.of_freeze(freeze))["Automated means"].startswith("None")


@pytest.mark.parametrize(
    ("ground", "law"), [("", ""), ("nonsense", ""), ("law", ""), ("law", " \u200b"), ("bad-faith", "")]
)
def test_no_sanction_without_a_ground(ground: str, law: str, case: Case, ada: Member, mo: Member) -> None:
    with pytest.raises(wordings.GroundNeeded):
        decisions.uphold(case, by=mo, **REASONS, ground=ground, law=law)
    with pytest.raises(wordings.GroundNeeded):
        freezing.freeze(ada, by=mo, reason="x", ground=ground, law=law)

    assert Case.objects.get(pk=case.pk).state == State.OPEN
    assert not Freeze.objects.exists()


def test_the_panel_upholds_and_freezes_on_a_chosen_ground_alone(case: Case, ada: Member, mo: Member) -> None:
    desk, decide = browser(mo), at("moderation_case_tool", case.pk, "decide")

    assert desk.post(decide, {**REASONS, "button": "uphold", "ground": ""}).status_code == 400
    assert desk.post(at("accounts_member_tool", ada.pk, "freeze"), {"reason": "x"}).status_code == 200
    assert not Freeze.objects.exists()
    law = {"ground": "law", "law": "§ 7 UWG"}
    assert desk.post(decide, {**REASONS, "button": "uphold", **law}).status_code == 302
    assert Case.objects.get(pk=case.pk).law == "§ 7 UWG"
    assert "§ 7 UWG" in desk.get(at("moderation_case_change", case.pk)).content.decode()


def test_bad_faith_stands_on_itself_and_names_no_way_for_the_reported(
    case: Case, ada: Member, bo: Member, mo: Member
) -> None:
    decided = decisions.dismiss_bad_faith(case, by=mo, **REASONS)

    assert decided.ground == Ground.BAD_FAITH
    assert "a report made in bad faith" in letters_to(bo)
    assert statements.of_case(decided, for_subject=True) == []
