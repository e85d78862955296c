"""The kinds of no."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation import refusals
from foundation.refusals import Refusal, TooOften


class Spent(TooOften):
    code = "spent"
    message = _("You had %(limit)d, and will have more %(again_at)s.")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("Invalid", 400), ("Forged", 401), ("Forbidden", 403), ("NotThere", 404), ("Conflict", 409), ("NotNow", 503)],
)
def test_each_kind_has_its_status_and_words(kind: str, status: int) -> None:
    refusal = getattr(refusals, kind)()

    assert isinstance(refusal, Refusal)
    assert refusal.status == status
    assert str(refusal)
    assert refusal.code


def test_the_values_fill_the_message_and_a_moment_reads_like_one() -> None:
    again = datetime(2026, 5, 4, 12, tzinfo=UTC)

    assert str(Spent(limit=3, again_at=again)) == "You had 3, and will have more 4 May 2026, 12:00."
    with translation.override("de"):
        assert "4. Mai 2026" in str(Spent(limit=3, again_at=again))


def test_too_often_says_when_again() -> None:
    again = datetime(2026, 5, 4, 12, tzinfo=UTC)

    assert TooOften(again_at=again).again_at == again
    assert TooOften().again_at is None
    assert TooOften.status == 429
    assert str(TooOften())


def test_words_without_values_may_hold_a_per_cent_sign() -> None:
    class Half(Refusal):
        message = "50%% of it"

    assert str(Half()) == "50% of it"


def test_a_number_chooses_between_one_and_many() -> None:
    class Counted(Refusal):
        message = ngettext_lazy("%(n)d is all.", "%(n)d are all.", "n")

    assert [str(Counted(n=1)), str(Counted(n=2))] == ["1 is all.", "2 are all."]
