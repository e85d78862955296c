"""Crossed paths: how long the one statement takes among 10,000 and 100,000 members, and the page against a bare one.

Builds each crowd (benchmarks/_crowd.py), times `accounts.crossings.STATEMENT` for a sample of members inside the
database (planning + execution as EXPLAIN ANALYZE reports them; warm: the middle of three runs), shows the worst plan,
and then turns pages through the whole middleware. Fails if a plan reads all entries.
"""

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path, reverse

from accounts import crossings
from accounts.models import Account, Member
from benchmarks import _crowd
from benchmarks._figures import figures, quantile, say

SIZES = (10_000, 100_000)
SEED = 20_261_122
SAMPLE, SAMPLE_OF_LARGEST = 300, 60
PAGE_ROUNDS, PAGE_MEMBERS = 3, 40
RUNS = 3


@dataclass(frozen=True, order=True)
class Timed:
    """One member's query: milliseconds in the database, and its plan."""

    ms: float
    member: int
    plan: dict[str, Any]


def main() -> int:
    call_command("migrate", verbosity=0)
    found = {}
    for size in SIZES:
        say(f"{size:,} members: building …")
        began = time.monotonic()
        _crowd.fill(size, seed=SEED)
        say(f"{size:,} members: built in {time.monotonic() - began:.0f} s; {_sizes()}")
        found[size] = _measure(size)
        if not _reads_by_index(found[size]):
            return 1
    small, large = (found[size] for size in SIZES)
    _show_worst(max(large))
    uncounted = _before_the_recount()
    figures(
        {
            "query_p50_ms": quantile([one.ms for one in large], 0.5),
            "query_p95_ms": quantile([one.ms for one in large], 0.95),
            "query_max_ms": max(large).ms,
            "query_p95_of_10k_ms": quantile([one.ms for one in small], 0.95),
            "query_p95_before_recount_ms": uncounted,
            "growth_10k_to_100k": quantile([one.ms for one in large], 0.95) / quantile([one.ms for one in small], 0.95),
            "page_over_bare": _page_over_bare(),
        }
    )
    return 0


def _sizes() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE matchable) FROM accounts_entry")
        entries, matchable = cursor.fetchone()
        cursor.execute("SELECT max(matchable_entries), count(*) FILTER (WHERE needs_unit) FROM accounts_organisation")
        largest, need = cursor.fetchone()
    return f"{entries:,} entries, {matchable:,} matchable, {largest:,} in the largest place, {need} places need a unit"


def _sample(size: int) -> list[int]:
    """Members at random, and some of the largest place; those without entries included: they ask too."""
    chance = random.Random(SEED)
    everybody = chance.sample(range(1, size + 1), SAMPLE)
    return everybody + chance.sample(_people_of_largest(), SAMPLE_OF_LARGEST)


def _people_of_largest() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("""SELECT DISTINCT member_id FROM accounts_entry WHERE matchable AND organisation_id =
            (SELECT id FROM accounts_organisation ORDER BY matchable_entries DESC LIMIT 1) ORDER BY 1""")
        return [row[0] for row in cursor.fetchall()]


def _measure(size: int) -> list[Timed]:
    members = Member.objects.in_bulk(_sample(size))
    return [time_one(member) for member in members.values()]


def time_one(member: Member) -> Timed:
    """The middle of three runs, so that the pages it reads are warm and one hiccup of the machine does not count."""
    runs = []
    with connection.cursor() as cursor:
        for _run in range(RUNS):
            asked = crossings.asked_of(member, page=1)
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {crossings.STATEMENT}", asked)
            told = cursor.fetchone()[0][0]
            runs.append(Timed(told["Planning Time"] + told["Execution Time"], member.pk, told["Plan"]))
    return sorted(runs, key=lambda run: run.ms)[RUNS // 2]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan's nodes, from the top."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def reads_all(plan: dict[str, Any]) -> bool:
    """Whether the plan has a sequential scan of the entries."""
    return any("Seq Scan" in node["Node Type"] and node["Relation Name"] == "accounts_entry" for node in nodes(plan))


def _reads_by_index(timed: list[Timed]) -> bool:
    wrong = [one for one in timed if reads_all(one.plan)]
    if wrong:
        say(f"FAILED: for {len(wrong)} of {len(timed)} members the plan reads all entries.")
        _show_worst(wrong[0])
    return not wrong


def _show_worst(worst: Timed) -> None:
    say(f"\nThe worst of the sample, {worst.ms:.1f} ms:")
    with connection.cursor() as cursor:
        asked = crossings.asked_of(Member.objects.get(pk=worst.member), page=1)
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {crossings.STATEMENT}", asked)
        say("\n".join(row[0] for row in cursor.fetchall()))


def _before_the_recount() -> float:
    """p95 among people of the largest place in the moments when it does not need a unit yet."""
    people = random.Random(SEED).sample(_people_of_largest(), SAMPLE_OF_LARGEST)
    turn = "UPDATE accounts_organisation SET needs_unit = %s WHERE id = (SELECT organisation_id FROM accounts_entry "
    turn += "WHERE matchable GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)"
    with connection.cursor() as cursor:
        cursor.execute(turn, [False])
        timed = [time_one(member).ms for member in Member.objects.filter(pk__in=people)]
        cursor.execute(turn, [True])
    return quantile(timed, 0.95)


def bare(request: HttpRequest) -> HttpResponse:
    """A page with nothing on it but what every page has."""
    return render(request, "base.html")


urlpatterns = [path("bare/", bare, name="bare"), path("", include("config.urls"))]


def _page_over_bare() -> float:
    """Time for a page of crossed paths through all middleware, over that for a bare page, both signed in."""
    people = random.Random(SEED).sample(_people_of_largest(), PAGE_MEMBERS)
    with override_settings(ROOT_URLCONF=__name__, CROSSING_PAGES_A_DAY=10**6):
        took: dict[str, list[float]] = {reverse("crossings"): [], reverse("bare"): []}
        for account in Account.objects.filter(member__in=people, member__confirmed_at__isnull=False):
            client = Client()
            client.force_login(account)
            for address in [*took] * PAGE_ROUNDS:
                took[address].append(_one_page(client, address))
        page, empty = (quantile(times, 0.5) for times in took.values())
    say(f"\nA page of crossed paths takes {page:.1f} ms, a bare page {empty:.1f} ms (middle of {len(took['/bare/'])}).")
    return page / empty


def _one_page(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    took_ms = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}.")
    return took_ms


if __name__ == "__main__":
    assert settings.CROSSINGS_A_PAGE == 10
    sys.exit(main())
