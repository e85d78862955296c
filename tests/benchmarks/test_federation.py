"""Inbox and outbox, played small: every post that was taken is there, every letter was sent once."""

import pytest

from tests.benchmarks.running import run

pytestmark = pytest.mark.flow


def test_the_inbox_keeps_what_it_takes_and_says_its_figures() -> None:
    code, found = run("inbox", "--short", "--without-fedify")

    assert code == 0
    assert found["posts_per_cpu_s"] > 0
    assert found["over_bare_django"] > 0


def test_the_outbox_sends_every_letter_once() -> None:
    code, found = run("outbox", "--short")

    assert code == 0
    assert found["over_signing_limit"] > 0
