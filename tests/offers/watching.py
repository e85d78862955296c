"""Everything that colluding senders can see of a person they try offers on, and how much of a secret it tells.

What differs each time and depends on nothing (ids, tokens, the time of day) is taken out before anything is compared.
"""

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import log2
from uuid import UUID

import pytest
from django.db import connection, reset_queries
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import people, ties, visibility
from accounts.models import Member
from foundation import clock, letters, wakes
from foundation.models import Letter
from network.contacts import quiet, requests
from network.messages import threads
from network.offers import answers, envelopes, settling
from network.offers.filling import Form
from tests.cast import key
from tests.frontend.pages import signed_in
from tests.offers.stage import FORM
from vetting import allowance, standing
from vetting.models import Evidence

PAUSE = timedelta(days=30, minutes=1)
SILENT = ("not-now", "unread", "not-for-me", "")
VOLATILE = re.compile(
    r'name="(csrfmiddlewaretoken|key)" value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\d{2}:\d{2}(:[\d.]+)?'
)
_NUMBERS = re.compile(r"'[^']*'|\d+")
TITLES = ["optician", "welder", "pilot", "baker", "tailor", "editor", "nurse", "chemist", "glazier", "surveyor"]


def bits(secrets: Sequence[Hashable], seen: Sequence[Hashable]) -> float:
    """Mutual information in bits between a secret and what was seen, of pairs equally likely: H(S) + H(O) - H(S, O)."""
    return _entropy(secrets) + _entropy(seen) - _entropy(list(zip(secrets, seen, strict=True)))


def _entropy(values: Sequence[Hashable]) -> float:
    share = [count / len(values) for count in Counter(values).values()]
    return -sum(p * log2(p) for p in share) or 0.0


def best_guess(secrets: Sequence[Hashable], seen: Sequence[Hashable]) -> float:
    """How often whoever guesses best from what was seen is right."""
    pairs = Counter(zip(secrets, seen, strict=True))
    return sum(max(n for (_s, o), n in pairs.items() if o == one) for one in set(seen)) / len(seen)


@dataclass
class Ring:
    """Senders who tell each other all; `woken`: channels of pages told to look again; `post`: letters, opened."""

    senders: list[Member]
    victim: Member
    began: datetime
    woken: list[str] = field(default_factory=list)
    post: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clients = [signed_in(sender) for sender in self.senders]
        self.channels = {wakes.channel_of(sender.public_id): n for n, sender in enumerate(self.senders)}

    def hears(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wakes, "look_again", lambda *channels: self.woken.extend(channels))

    def attack(self, rounds: int, pays: Sequence[int]) -> tuple[list[Hashable], Hashable]:
        """One offer of each sender every 30 days; what each try showed, and all that can be read afterwards."""
        self.woken.clear()
        self.post.clear()
        told: list[Hashable] = []
        for turn in range(rounds):
            with clock.at(self.began + turn * PAUSE):
                for number, sender in enumerate(self.senders):
                    told.append(self._try(sender, _form(turn, number, pays[len(told)])))
                self._victims_turn()
        return told, self._everything()

    def _try(self, sender: Member, form: Form) -> Hashable:
        entry = visibility.entries(self.victim, sender).first()
        reset_queries()
        with CaptureQueriesContext(connection) as said:
            offer = envelopes.send(sender, self.victim, form, entry=entry, key=key())
        at_once = (str(offer.status), _shapes(said), self._at_hand(sender))
        settling.settle(offer.pk)
        with CaptureQueriesContext(connection) as said:
            again = envelopes.sent_by(sender).get(pk=offer.pk)
        return at_once, str(again.status), _shapes(said), self._at_hand(sender)

    def _at_hand(self, sender: Member) -> Hashable:
        """What takes no page: allowance, letters, pages that were woken, standing, contacts, threads."""
        assert sender.account is not None
        for letter in Letter.objects.exclude(pk__in=list(self.post)):
            self.post[letter.pk] = f"{letters.text_of(letter).to} {letter.kind}"
        mine = sorted(said for said in self.post.values() if said.startswith(sender.account.email))
        return (
            allowance.left(sender, allowance.Kind.OFFER),
            tuple(mine),
            tuple(channel for channel in self.woken if self.channels.get(channel) == self.senders.index(sender)),
            str(standing.of(sender).points),
            Evidence.objects.filter(about=sender.ledger_id).exclude(Q(kind="pitch")).count(),
            quiet.of(sender).count(),
            threads.of(sender).count(),
        )

    def _victims_turn(self) -> None:
        """The victim answers what arrived, in ways that are kept from the sender; which ones depends on the floor."""
        for number, offer in enumerate(answers.waiting_for(self.victim)):
            if SILENT[number % len(SILENT)]:
                answers.answer(offer, by=self.victim, answer=SILENT[number % len(SILENT)])

    def _everything(self) -> Hashable:
        """Every page and every row the senders can read in the end."""
        return tuple(
            (self._rows(sender), tuple(_page(client, path) for path in self._paths(sender)))
            for sender, client in zip(self.senders, self.clients, strict=True)
        )

    def _rows(self, sender: Member) -> Hashable:
        last = envelopes.last_to(sender, self.victim)
        return (
            tuple(
                (str(one.status), str(one.ends_at), str(sorted(one.form.items()))) for one in envelopes.sent_by(sender)
            ),
            str(last.status) if last else "",
            str(visibility.show(self.victim, sender)),
            tuple(visibility.entries(self.victim, sender).values_list("title", "starts")),
            tuple(people.search(sender, self.victim.handle).values_list("handle")),
            ties.in_contact(sender, self.victim),
            ties.last_met(sender, self.victim) is None,
            requests.open_between(sender, self.victim) is None,
        )

    def _paths(self, sender: Member) -> list[str]:
        names = ["offers_sent", "offers", "home", "threads", "contacts", "requests_sent", "notices", "terms"]
        of_victim = [reverse(name, args=[self.victim.handle]) for name in ("offer_make", "person", "ask")]
        some = list(envelopes.sent_by(sender))[self.senders.index(sender) % 4 :: 4]
        sent = [reverse("offer_sent", args=[offer.public_id]) for offer in some]
        return [*map(reverse, names), *of_victim, *sent]


def _form(turn: int, number: int, pay: int) -> Form:
    """Another role each time, or only the first would be weighed."""
    role = f"{TITLES[turn % len(TITLES)]}{turn} {TITLES[number]}{turn}"
    return replace(FORM, employer=f"Firm{turn}of{number}", role=role, pay_low=pay, pay_high=pay + pay // 5)


def _page(client: Client, path: str) -> Hashable:
    """Bytes, status, headers and statements of a page."""
    reset_queries()
    with CaptureQueriesContext(connection) as said:
        answer = client.get(path)
    heads = sorted((name, value) for name, value in answer.headers.items() if "Policy" not in name)
    return answer.status_code, VOLATILE.sub("·", answer.content.decode()), VOLATILE.sub("·", str(heads)), _shapes(said)


def _shapes(said: CaptureQueriesContext) -> Hashable:
    """The statements without their values."""
    return tuple(_NUMBERS.sub("?", one["sql"]) for one in said)
