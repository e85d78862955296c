"""Floor search by trial: 200 offers by ten who tell each other everything. They learn no more than by guessing.

For each of four floors, equally likely, the same attack is made; the mutual information between the floor and all that
the senders can see is computed from what they saw. Then a leak is planted, and the same computation finds it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.db.models import F

from accounts.models import Member
from foundation import clock, letters, wakes
from foundation.models import Bucket
from network.offers import envelopes, settling, terms
from network.offers.matching import Floors, Pay
from network.offers.models import Offer, Status
from tests.cast import was_at
from tests.offers import stage, watching
from tests.offers.watching import Ring

FLOORS = (60_000, 75_000, 90_000, 105_000)
RING, ROUNDS = 10, 20
pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Learnt:
    """Bits: from all that was seen together, and from single tries, added up; `guess`: how often the best is right."""

    together: float
    a_hundred_tries: float
    guess: float
    arrived: tuple[int, ...]


def learn(victim: Member, senders: list[Member], monkeypatch: pytest.MonkeyPatch, pays: list[int]) -> Learnt:
    tries, rounds = len(pays), len(pays) // len(senders)
    ring = Ring(senders, victim, clock.now() - rounds * watching.PAUSE)
    ring.hears(monkeypatch)
    seen: list[tuple[list[Hashable], Hashable]] = []
    arrived = []
    for floor in FLOORS:
        with transaction.atomic():
            terms.change(victim, Floors(wanted=True, pay=Pay(amount=floor, currency="EUR", period="year")))
            seen.append(ring.attack(rounds, pays))
            arrived.append(Offer.objects.filter(arrived_at__isnull=False).count())
            transaction.set_rollback(True)
    whole = [str(one) for one in seen]
    single = sum(watching.bits(FLOORS, [told[n] for told, _rest in seen]) for n in range(tries))
    guess = watching.best_guess(FLOORS, whole)
    return Learnt(watching.bits(FLOORS, whole), 100 * single / tries, guess, tuple(arrived))


def spread(tries: int) -> list[int]:
    """From 50,000 to 115,000, up and down."""
    return [50_000 + 65_000 * (7 * n % tries) // tries for n in range(tries)]


@pytest.fixture
def victim(bo: Member) -> Member:
    was_at(bo, "Acme Werke", "2002-01", "2005-12", visible_to=3)
    return bo


def test_two_hundred_offers_by_ten_tell_nothing(victim: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    senders = [stage.head_hunter(f"hunter{number}") for number in range(RING)]
    learnt = learn(victim, senders, monkeypatch, spread(RING * ROUNDS))

    print(learnt)  # noqa: T201  (the numbers of docs/decisions/0040)
    assert learnt.together == 0.0
    assert learnt.a_hundred_tries == 0.0
    assert learnt.guess == 1 / len(FLOORS)
    assert len(set(learnt.arrived)) == len(FLOORS)  # each floor let other offers through
    assert max(learnt.arrived) < RING * ROUNDS


# ── and would we see it? ─────────────────────────────────────────────────────
def says_delivered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Offer, "status", property(lambda one: Status.SENT if one.arrived_at else Status.ENDED))


def gives_the_allowance_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_back(offer: Offer) -> None:
        if not offer.arrived_at:
            Bucket.objects.filter(holder=str(offer.sender_id)).update(level=F("level") + 1)

    _after(monkeypatch, give_back)


def writes_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(offer: Offer) -> None:
        if offer.arrived_at and offer.sender.account:
            letters.write(offer.sender.account.email, "Delivered", "Delivered", kind="delivered")

    _after(monkeypatch, write)


def wakes_the_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    def wake(offer: Offer) -> None:
        if offer.arrived_at:
            wakes.look_again(wakes.channel_of(offer.sender.public_id))

    _after(monkeypatch, wake)


def asks_the_database_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words on every page; only the time that they take differs."""
    asked = envelopes.sent_by

    def sent_by(sender: Member) -> object:
        for _arrived in asked(sender).filter(arrived_at__isnull=False):
            connection.cursor().execute("SELECT 1")
        return asked(sender)

    monkeypatch.setattr(envelopes, "sent_by", sent_by)


def _after(monkeypatch: pytest.MonkeyPatch, leak: Callable[[Offer], None]) -> None:
    settle = settling.settle

    def leaky(offer_id: int) -> None:
        settle(offer_id)
        leak(Offer.objects.select_related("sender__account").get(pk=offer_id))

    monkeypatch.setattr(settling, "settle", leaky)


LEAKS = [says_delivered, gives_the_allowance_back, writes_a_letter, wakes_the_sender, asks_the_database_once_more]


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_seen(
    victim: Member, monkeypatch: pytest.MonkeyPatch, leak: Callable[[pytest.MonkeyPatch], None]
) -> None:
    senders = [stage.head_hunter(f"hunter{number}") for number in range(2)]
    leak(monkeypatch)
    learnt = learn(victim, senders, monkeypatch, [55_000, 65_000, 80_000, 95_000, 110_000, 70_000])

    print(leak.__name__, learnt)  # noqa: T201
    assert learnt.together == 2.0  # all there is to know
    assert learnt.guess == 1.0
    assert learnt.a_hundred_tries > 0


def test_interested_is_the_one_answer_that_tells(victim: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recipient's own word: the bound of docs/decisions/0040 is one bit for each."""
    monkeypatch.setattr(watching, "SILENT", ("interested",))
    senders = [stage.head_hunter("hunter0")]
    learnt = learn(victim, senders, monkeypatch, [80_000])

    assert learnt.together == 1.0
    assert learnt.arrived == (1, 1, 0, 0)


def test_what_a_leak_is_measured_with() -> None:
    assert watching.bits("abcd", "xxxx") == 0
    assert watching.bits("abcd", "xxyy") == 1
    assert watching.bits("abcd", "wxyz") == 2
    assert watching.best_guess("abcd", "xxyy") == 0.5
