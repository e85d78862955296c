"""The benchmark of the ledger in its short form: its figures are there, and the ledger it fills holds."""

import pytest

from tests.benchmarks.running import run

FIGURES = {
    "batched_events_s",
    "single_events_s",
    "batched_over_bare",
    "single_over_bare",
    "prove_lines_s",
    "growth",
}


@pytest.mark.flow
def test_what_is_recorded_in_bulk_is_whole() -> None:
    code, figures = run("ledger", "--short")

    assert figures.keys() >= FIGURES
    assert all(figures[name] > 0 for name in FIGURES)
    assert code == 0
