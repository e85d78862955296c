"""Who moderates beside Mo, and a case on its way: reported, struck, appealed."""

import pytest
from django.test import Client

from accounts.models import Member
from network.moderation import decisions, moderators, reports, review
from network.moderation.models import Appeal, Case, Ground
from tests.cast import key, new_member
from tests.moderation.desk import REASONS, browser

WORDS = "That is not what happened."


@pytest.fixture
def nina(db: None) -> Member:
    """Moderates, too."""
    member = new_member("nina", name="Nina Nolte")
    moderators.appoint(member)
    member.refresh_from_db()
    return member


@pytest.fixture
def panel_of(mo: Member) -> Client:
    return browser(mo)


@pytest.fixture
def case(ada: Member, bo: Member) -> Case:
    return reports.report(bo, ada, words="She sells.", key=key()).case


@pytest.fixture
def struck(case: Case, mo: Member) -> Case:
    return decisions.uphold(case, by=mo, **REASONS, ground=Ground.UNLABELLED)


@pytest.fixture
def appeal(struck: Case, ada: Member) -> Appeal:
    return review.ask_about_case(struck.public_id, by=ada, words=WORDS)
