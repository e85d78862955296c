"""Offers: how long it takes to open sealed terms and weigh an offer, among 10,000 and 100,000 members with terms.

Pours in each crowd (benchmarks/_crowd.py), gives every member a data key and sealed terms, then evaluates offers as the
worker does, one member at a time; holds one offer against everybody; and opens as many sealed texts of the same size
with nothing around it, which is the least it could cost. Fails if evaluating grows like the number of members.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts import months
from accounts.models import Member
from accounts.models.people import where_data_key
from benchmarks import _crowd
from benchmarks._figures import figures, quantile, say
from foundation import clock, sealing
from network.offers import filling, matching, settling, terms
from network.offers.filling import Form
from network.offers.matching import A_YEAR, KINDS, LEVELS, Floors, Moment, Pay, World
from network.offers.models import Offer, Terms

SIZES = (10_000, 100_000)
SEED = 20_261_125
SAMPLE = 2_000
AT_ONCE = 1_000
RUNS = 3
GROWTH_MAX = 3.0  # ten times as many members: an index one level deeper, not ten times as long
T = TypeVar("T")
FORM = Form(
    employer="Place 7",
    agency="Place 11",
    role="Optical engineer",
    level="senior",
    pay_low=84_000,
    pay_high=96_000,
    currency="EUR",
    period="year",
    place="DE-HH",
    remote_percent=40,
    kind="permanent",
    mandate="They build spectrometers.",
    why="You built one.",
)


@dataclass(frozen=True)
class Found:
    """Microseconds: of the sample, each evaluation as the worker makes it; of all members, the middle of each step.

    `sweep`: holding one offer against everybody, reading their rows included, for each member.
    """

    evaluations: list[float]
    sweep: float
    open: float
    match: float
    fits: int


def main() -> int:
    call_command("migrate", verbosity=0)
    found = {}
    for size in SIZES:
        say(f"{size:,} members: building, and sealing their terms …")
        began = time.monotonic()
        Terms.objects.all().delete()
        _crowd.fill(size, seed=SEED)
        _seal_terms(size)
        say(f"{size:,} members: built in {time.monotonic() - began:.0f} s")
        found[size] = _measure(size)
        say(f"{size:,} members: the offer fits {found[size].fits:,} of them")
    small, large = (found[size] for size in SIZES)
    limit = _limit_us()
    middle = quantile(large.evaluations, 0.5)
    growth = middle / quantile(small.evaluations, 0.5)
    figures(
        {
            "evaluation_us": middle,
            "evaluation_p95_us": quantile(large.evaluations, 0.95),
            "everybody_us": large.sweep,
            "open_us": large.open,
            "match_us": large.match,
            "limit_us": limit,
            "open_over_limit": large.open / limit,
            "growth_10k_to_100k": growth,
            "everybody_growth_10k_to_100k": large.sweep / small.sweep,
        }
    )
    return 0 if growth < GROWTH_MAX else 1


def _seal_terms(size: int) -> None:
    """Every member has a data key and terms: most of them full ones, one in three no wish for offers at all."""
    chance = random.Random(SEED)
    for start in range(1, size + 1, AT_ONCE):
        members = list(Member.objects.filter(pk__gte=start, pk__lt=start + AT_ONCE))
        for member in members:
            member.data_key = sealing.seal(sealing.new_data_key(), where=where_data_key(member))
        Member.objects.bulk_update(members, ["data_key"])
        rows = [Terms(member=one, sealed=terms.seal(one, asdict(_floors(chance)))) for one in members]
        Terms.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _floors(chance: random.Random) -> Floors:
    period = chance.choice([*A_YEAR])
    pay = Pay(amount=chance.randrange(40_000, 160_000) // A_YEAR[period], currency="EUR", period=period)
    return Floors(
        wanted=chance.random() < 2 / 3,
        pay=pay,
        level=chance.choice(["", *LEVELS]),
        staff_min=chance.choice([0, 0, 0, 5]),
        places=tuple(chance.sample(["DE", "DE-HH", "DE-SH", "DE-BY", "AT", "CH", "CH-ZH"], 3)),
        remote_min_percent=chance.choice([None, 20, 60, 100]),
        kinds=tuple(chance.sample(KINDS, 2)),
        excluded=tuple(f"Place {chance.randrange(1, 500)}" for _ in range(5)),
        confidential=chance.random() < 0.2,
        not_within_months=chance.choice([0, 0, 12]),
    )


def _measure(size: int) -> Found:
    chance = random.Random(SEED)
    sample = [Member.objects.get(pk=pk) for pk in chance.sample(range(1, size + 1), SAMPLE)]
    evaluations = [_evaluation_us(one) for one in sample]
    began = time.perf_counter()
    fits, opening, weighing = 0, [], []
    role = filling.as_role(FORM)
    world = World(rates=settings.OFFER_RATES, places=settings.OFFER_PLACES)
    moment = Moment(month=months.of(clock.today()), last_change=None)
    for row in _everybody():
        took, floors = _timed(terms.unsealed, row.sealed, row.member)
        opening.append(took)
        folded = replace(floors, excluded=tuple(name.casefold() for name in floors.excluded))
        took, told = _timed(_match, folded, role, world, moment)
        weighing.append(took)
        fits += told.fits
    sweep = (time.perf_counter() - began) * 1e6 / size
    return Found(evaluations, sweep, quantile(opening, 0.5), quantile(weighing, 0.5), fits)


def _evaluation_us(member: Member) -> float:
    """The middle of three, so that what it reads is warm and one hiccup of the machine does not count."""
    offer = Offer(recipient=member, form=asdict(FORM))
    return sorted(_timed(settling.evaluate, offer)[0] for _run in range(RUNS))[RUNS // 2]


def _everybody() -> Iterator[Terms]:
    return Terms.objects.select_related("member").iterator(chunk_size=AT_ONCE)


def _match(floors: Floors, role: matching.Role, world: World, moment: Moment) -> matching.Match:
    return matching.match(floors, role, world=world, moment=moment)


def _timed(work: Callable[..., T], *given: object) -> tuple[float, T]:
    """How many microseconds it took, and what it said."""
    began = time.perf_counter()
    said = work(*given)
    return (time.perf_counter() - began) * 1e6, said


def _limit_us() -> float:
    """One AES-GCM open of as many bytes, key ready, and reading the JSON in it: the middle of as many as the sample."""
    plain = json.dumps(asdict(_floors(random.Random(SEED)))).encode()
    padded = plain.ljust(-(-len(plain) // terms.PADDED_BYTES) * terms.PADDED_BYTES)
    key, nonce = os.urandom(32), os.urandom(12)
    cipher = AESGCM(key)
    hidden = cipher.encrypt(nonce, padded, b"where")
    times: Sequence[float] = [
        _timed(lambda: json.loads(cipher.decrypt(nonce, hidden, b"where")))[0] for _ in range(SAMPLE)
    ]
    return quantile(times, 0.5)


if __name__ == "__main__":
    sys.exit(main())
