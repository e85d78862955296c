"""Pages among 100,000 members with 1,000,000 contacts, against a page with nothing on it but what every page has.

Home, person, request, thread, inbox and crossings, each full (benchmarks/_members.py), turned by signed-in members
through the whole middleware, beside *bare*: the base template alone. Middle of all turns over the middle of bare ones.
Fails if a page asks more than 60 questions. Options: `--members N`, `--short`.
"""

import argparse
import random
import sys
import time
from collections.abc import Mapping, Sequence

from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse

from accounts.models import Member
from benchmarks import _members
from benchmarks._figures import figures, quantile, say
from network.contacts import requests
from network.messages import threads

SEED = 20_261_125
PEOPLE, ROUNDS = 12, 3
QUERIES_MAX = 60


def bare(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [path("bare/", bare, name="bare"), path("", include("config.urls"))]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/bench pages")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--short", action="store_true", help="400 and 4,000 members")
    asked = parser.parse_args(arguments)
    call_command("migrate", verbosity=0)
    large = 4000 if asked.short else asked.members
    small = _turn_all(large // 10)
    found = _turn_all(large)
    over = {name: ms / found["bare"] for name, ms in found.items() if name != "bare"}
    figures(
        {f"{name}_over_bare": ratio for name, ratio in over.items()}
        | {"worst_over_bare": max(over.values()), "bare_ms": found["bare"]}
        | {f"{name}_growth": found[name] / small[name] for name in found}
    )
    return 0


def _turn_all(members: int) -> dict[str, float]:
    """Milliseconds of each page, the middle of all turns, among so many members."""
    began = time.monotonic()
    _members.fill(members, seed=SEED)
    people = _people(members)
    _members.settle_in(people, members)
    say(f"{members:,} members: built in {time.monotonic() - began:.0f} s.")
    took: dict[str, list[float]] = {}
    asked: dict[str, list[int]] = {}
    with override_settings(ROOT_URLCONF=__name__, CROSSING_PAGES_A_DAY=10**6):
        for member in people:
            _turn(member, took, asked)
    middle = {name: quantile(times, 0.5) for name, times in took.items()}
    for name, ms in middle.items():
        say(f"  {name:<10} {ms:7.1f} ms, {max(asked[name]):3} questions at most")
    if max(map(max, asked.values())) > QUERIES_MAX:
        raise SystemExit(f"A page asks more than {QUERIES_MAX} questions.")
    return middle


def _people(members: int) -> list[Member]:
    """Some at random and the one with two thousand contacts more, all of whom may sign in."""
    chosen = [1, *random.Random(SEED).sample(range(2, members + 1), 3 * PEOPLE)]
    able = Member.objects.present().filter(pk__in=chosen, frozen_at=None).order_by("pk")
    return [member for member in able if threads.of(member).exists()][:PEOPLE]


def _turn(member: Member, took: dict[str, list[float]], asked: dict[str, list[int]]) -> None:
    client = Client()
    assert member.account is not None
    client.force_login(member.account)
    pages = _pages(member)
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as queries:
            _one(client, address)
        asked.setdefault(name, []).append(len(queries))
    for _round in range(ROUNDS):
        for name, address in pages.items():
            began = time.perf_counter()
            _one(client, address)
            took.setdefault(name, []).append((time.perf_counter() - began) * 1000)


def _one(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}.")


def _pages(member: Member) -> Mapping[str, str]:
    """Name and address of each; the person is a contact of the member's, the thread their longest one."""
    letter = requests.at_the_door(member)[0]
    thread = threads.of(member)[0]
    return {
        "bare": reverse("bare"),
        "home": reverse("home"),
        "person": reverse("person", args=[threads.other_side(thread, member).handle]),
        "request": reverse("request", args=[letter.public_id]),
        "thread": reverse("thread", args=[thread.public_id]),
        "inbox": reverse("requests"),
        "threads": reverse("threads"),
        "contacts": reverse("contacts"),
        "crossings": reverse("crossings"),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
