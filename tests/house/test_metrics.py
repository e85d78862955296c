"""Figures for operators: true, about nobody, and read by nobody but who stands where they are shown."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Member
from config.metrics import House
from foundation import jobs
from foundation.gauges import GAUGES
from foundation.models import Job
from tests.house.test_production import HOME


def figures() -> dict[str, dict[str, float]]:
    return {
        family.name: {",".join(sample.labels.values()): sample.value for sample in family.samples}
        for family in House().collect()
    }


@pytest.mark.django_db(transaction=True)
def test_the_figures_are_those_of_the_rows() -> None:
    jobs.add("standing", {"member": 0})
    Job.objects.filter(kind="standing").update(dead_at="2026-01-01T00:00Z")
    jobs.add("standing", {"member": 1})
    read = figures()
    assert read["leumund_up"] == {"": 1.0}
    assert read["leumund_jobs_waiting"]["standing"] == 1.0
    assert read["leumund_jobs_dead"] == {"standing": 1.0}
    assert read["leumund_jobs_oldest_due_seconds"][""] >= 0
    assert set(read) == {"leumund_up", *(f"leumund_{name}" for name in GAUGES)}


def test_no_page_shows_them(client: Client, ada: Member) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.flow
def test_they_are_shown_on_loopback_alone() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DEMO": "1", "METRICS_PORT": str(port)}
    shown = subprocess.Popen([sys.executable, "-m", "config.metrics"], cwd=HOME, env=environment)
    try:
        said = _read(port)
        assert b"leumund_up" in said
        listening = [line.split()[1].split(":") for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        assert {address for address, number in listening if int(number, 16) == port} == {"0100007F"}  # 127.0.0.1
    finally:
        shown.kill()
        shown.wait()


def _read(port: int) -> bytes:
    for _try in range(200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                return bytes(answer.read())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("no figures")
