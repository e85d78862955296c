"""The house under faults: nothing acknowledged is lost, left undone or done twice. The short form of the benchmark."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import Member
from benchmarks import _judge
from benchmarks._clicks import Click
from benchmarks._people import Person
from config import embedded
from foundation import clock, jobs, letters
from foundation.models import Job, Letter
from network.contacts import answers, places, requests
from network.contacts.models import Request, Whereabouts
from network.messages import threads
from network.messages.models import Message
from tests.cast import was_at

HOME = Path(__file__).resolve().parents[2]
RUN_MAX_S = 240  # about 60 s on an idle laptop; other tests run beside it


@pytest.fixture
def folder() -> Iterator[Path]:
    """Services of its own, kept on disk as in production: the shared ones must not crash under other tests."""
    folder = HOME / ".run" / f"tests-faults-{os.getpid()}"
    embedded.start(folder, bound=True)
    yield folder
    embedded.remove(folder)


def figures_of(folder: Path, *options: str) -> tuple[int, dict[str, float]]:
    """Exit code and figures of one run."""
    ours = {"BENCH_FOLDER": str(folder), "DATABASE_POOL": "0", **embedded.start(folder).environment}
    command = [sys.executable, "-m", "benchmarks.faults", *options]
    done = subprocess.run(
        command, cwd=HOME, env={**os.environ, **ours}, capture_output=True, text=True, timeout=RUN_MAX_S, check=False
    )
    print(done.stdout, done.stderr)  # noqa: T201 - shown where the test fails
    pairs = (line.split(" = ") for line in done.stdout.splitlines() if line.count(" = ") == 1)
    return done.returncode, {name: float(value) for name, value in pairs}


@pytest.mark.flow
@pytest.mark.timeout(RUN_MAX_S + 10)
def test_nothing_acknowledged_is_lost_undone_or_doubled_under_any_fault(folder: Path) -> None:
    code, figures = figures_of(folder, "--short")

    assert (figures["missing"], figures["undone_after_60_s"], figures["doubled"]) == (0, 0, 0)
    assert figures["acknowledged"] > 100
    assert figures["missing_when_planted"] == 1
    assert code == 0


@pytest.fixture
def clicks(ada: Member, bo: Member) -> list[Click]:
    """An acknowledged request that was accepted and an acknowledged message after it, as the house leaves them."""
    was_at(bo, "Acme Werke")
    entry = was_at(ada, "Acme Werke", age=timedelta(days=40))
    one, other = (Person(member, member.handle, str(entry.public_id)) for member in (ada, bo))
    asked, written = Click("request", one, other), Click("message", one, other)
    request = requests.ask(ada, bo, context="entry", entry=entry, note=asked.fields["note"], key=asked.key)
    jobs.drain_everything()
    request.refresh_from_db()
    answers.accept(request, by=bo)
    threads.write(ada, bo, text=written.fields["text"], key=written.key)
    jobs.drain_everything()
    asked.acknowledged = written.acknowledged = True
    assert request.whereabouts == Whereabouts.DELIVERED
    return [asked, written]


def verdict(clicks: list[Click]) -> tuple[int, int, int]:
    found = _judge.judge(clicks)
    return found.missing, found.undone, found.doubled


def test_what_is_well_is_judged_clean(clicks: list[Click]) -> None:
    assert verdict(clicks) == (0, 0, 0)
    assert _judge.judge(clicks).clean


def test_an_acknowledged_click_without_its_row_is_missing(clicks: list[Click], ada: Member, bo: Member) -> None:
    clicks += [Click("message", clicks[0].who, clicks[0].whom), Click("request", clicks[0].whom, clicks[0].who)]
    assert verdict(clicks) == (0, 0, 0)

    for click in clicks:
        click.acknowledged = True

    assert verdict(clicks) == (2, 0, 0)


def test_the_same_words_under_another_key_are_doubled(clicks: list[Click]) -> None:
    message = Message.objects.get()
    Message.objects.create(thread=message.thread, writer=message.writer, text=message.text, key="another")

    assert verdict(clicks) == (0, 0, 1)


def test_an_allowance_spent_twice_for_one_request_is_doubled(clicks: list[Click], ada: Member) -> None:
    places.spend(ada)

    assert verdict(clicks) == (0, 0, 1)


def test_a_second_letter_for_one_request_is_doubled(clicks: list[Click]) -> None:
    said = letters.text_of(Letter.objects.get(kind="request"))
    letters.write(said.to, said.subject, said.text, kind="request")
    jobs.drain_everything()

    assert verdict(clicks) == (0, 0, 1)


def test_a_delivered_request_without_its_letter_is_undone(clicks: list[Click]) -> None:
    Letter.objects.filter(kind="request").delete()

    assert verdict(clicks) == (0, 1, 0)


def test_a_request_nobody_settled_is_undone(clicks: list[Click]) -> None:
    Request.objects.update(settled_at=None)

    assert verdict(clicks) == (0, 1, 0)


@pytest.mark.parametrize("state", [{"done_at": None}, {"done_at": None, "dead_at": clock.now()}])
def test_a_job_that_waits_or_is_dead_is_undone(clicks: list[Click], state: dict[str, object]) -> None:
    job = Job.objects.filter(kind="request-settle").first()
    assert job
    Job.objects.filter(pk=job.pk).update(**state)

    assert verdict(clicks) == (0, 1, 0)
