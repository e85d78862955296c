"""A town for the fuzzer: Ada's token, and something of hers behind every door. Nothing of it is ever committed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings

from accounts.models import Member
from foundation import clock, jobs
from network.contacts import answers, quiet
from network.contacts.models import Request, VouchQuestion
from network.messages import threads
from tests.cast import DAY, asks, befriend, key, new_member, was_at
from tests.frontend.api.programs import token_of

WIDE = {
    "API_REFUSALS_A_MINUTE": 10**9,
    "API_REQUESTS_A_MINUTE": 10**9,
    "CROSSING_PAGES_A_DAY": 10**6,
    "REQUESTS_OPEN": 100,
    "REQUESTS_OPEN_MAX": 100,
    "REQUESTS_NEW_A_DAY": 100,
}
"""Limits that the fuzzer would spend at once; what they refuse is tested elsewhere."""


@contextmanager
def town() -> Iterator[tuple[str, dict[str, str]]]:
    """Ada's token, and ids by the beginning of the path that they belong to; gone afterwards."""
    with override_settings(**WIDE), _one_connection(), transaction.atomic():
        ada = new_member("ada", name="Ada Adler")
        yield token_of(ada), _furnished(ada)
        transaction.set_rollback(True)


@contextmanager
def _one_connection() -> Iterator[None]:
    """A request leaves the connection open, whose transaction is not committed (as Django's test client has it)."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards: each example finds the same town."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _furnished(ada: Member) -> dict[str, str]:
    bo, cleo, dan = new_member("bob"), new_member("cleo"), new_member("dan")
    entry = was_at(ada, "Acme Werke", "2001-04", "2004-06")
    for other in (bo, cleo, dan):
        was_at(other, "Acme Werke", "2002-01", "2005-12")
    befriend(cleo, ada)
    befriend(dan, cleo)
    with clock.at(clock.now() - DAY):
        waiting = asks(dan, ada, dan.entries.get(organisation__name="Acme Werke"), note="Do you remember the crane?")
    sent = asks(ada, new_member("emil"), entry, vouchers=[cleo])
    answers.ask_back(Request.objects.get(pk=sent.pk), by=sent.recipient)
    threads.write(cleo, ada, text="Good day.", key=key())
    question = VouchQuestion.objects.create(
        request=asks(new_member("fia"), cleo, was_at(Member.objects.get(handle="fia"), "Fair")),
        voucher=ada,
        passed_at=clock.now(),
    )
    jobs.drain_everything()
    gus = new_member("gus")
    answers.accept(asks(gus, ada, was_at(gus, "Acme Werke", "2002-01", "2005-12")), by=ada)
    sold = threads.write(gus, ada, text="I sell the best drives.", key=key())
    return {
        "/entries": str(entry.public_id),
        "/requests/sent": str(sent.public_id),
        "/requests": str(waiting.public_id),
        "/contacts": str(quiet.of(ada)[0].public_id),
        "/threads": str(threads.of(ada)[0].public_id),
        "/messages": str(sold.public_id),
        "/questions": str(question.public_id),
        "/people": "bob",
    }
