"""The benchmark of standing in its short form: its figures are there, and what it computes is right."""

import pytest

from tests.benchmarks.running import run

FIGURES = {
    "round_over_stream_limit",
    "solve_s",
    "night_job_s",
    "night_job_mb",
    "push_p50_ms",
    "push_p95_ms",
    "worker_event_p50_ms",
    "growth_100k_to_1m",
    "first_night_s",
    "scikit_network_over_ours",
    "networkx_over_ours",
}


@pytest.mark.flow
def test_standings_agree_with_peers_and_keep_their_bounds() -> None:
    code, figures = run("standing", "--short")

    assert figures.keys() >= FIGURES
    assert all(figures[name] > 0 for name in FIGURES)
    assert figures["worst_error_over_bound"] <= 1
    assert figures["kept_error_over_bound"] <= 1
    assert code == 0
