"""What `pages` turns over: a crowd (benchmarks/_crowd.py) in which everybody has contacts, requests and threads.

Everybody has twenty contacts and a request at the door, member 1 two thousand contacts more; one contact in five has a
thread with a message. Those who are to turn pages (`settle_in`) have sixty requests and a thread of 300 messages, too.
"""

import json
from collections.abc import Mapping, Sequence

from django.db.models import Model

from accounts.models import Door, Member, Tie
from benchmarks import _bulk, _crowd
from network.contacts.models import Contact, Request
from network.messages.models import Message, Thread

PAIRS_EACH = 10
"""Contacts that begin with each member; as many end with them."""
OF_THE_HUB = 2000
REQUESTS, MESSAGES = 60, 300
POURED: tuple[type[Model], ...] = (Door, Tie, Contact, Thread, Message, Request)

_BEGAN = "now() - interval '90 days'"
_TEXT = "'Do you still have the drawings of the bridge? I would like to show them to my students. Number ' || "
_SNAPSHOT = {
    "kind": "employment", "organisation": "Place 1", "unit": "", "title": "What I was there", "starts": 24000,
    "ends": 24060, "starts_exact": True, "ends_exact": True,
}  # fmt: skip
_ONE_IN_FIVE = "WHERE mod(hashint8(id), 5) = 0"
_ANOTHERS_OF_HUB = """
SELECT id FROM accounts_member AS m WHERE id BETWEEN 2 AND {many}
AND NOT EXISTS (SELECT FROM accounts_tie AS t WHERE t.low_id = 1 AND t.high_id = m.id)
"""
_LAST_THREADS = """
SELECT DISTINCT ON (p.id) t.id, t.low_id, t.high_id FROM unnest(ARRAY[{ids}]) AS p (id)
JOIN threads_thread AS t ON p.id IN (t.low_id, t.high_id) ORDER BY p.id, t.last_at DESC
"""


def fill(members: int, *, seed: int) -> None:
    """The tables hold this and nothing else."""
    _bulk.run("TRUNCATE accounts_member, accounts_account RESTART IDENTITY CASCADE")  # and all that hangs on them
    _crowd.fill(members, seed=seed)
    with _bulk.unguarded(), _bulk.unindexed(*POURED):
        _bulk.copy_from(Door, "SELECT id FROM accounts_member", {"member_id": "id"})
        _ties(members)
        for model, rows, said in ((Contact, "", _CONTACT), (Thread, _ONE_IN_FIVE, _THREAD)):
            _bulk.copy_from(model, f"SELECT * FROM accounts_tie {rows}", said)  # noqa: S608
        _bulk.copy_from(Message, f"SELECT * FROM accounts_tie {_ONE_IN_FIVE}", _MESSAGE)  # noqa: S608
        _requests("SELECT id AS recipient, id AS i FROM accounts_member", members)
    _bulk.settle(*(model._meta.db_table for model in POURED))


def settle_in(people: Sequence[Member], members: int) -> None:
    """Each of these has so much that their pages are full: `REQUESTS` at the door, `MESSAGES` in their last thread."""
    ids = ", ".join(str(member.pk) for member in people)
    numbered = f"generate_series(1, {REQUESTS}) AS n"
    last = _LAST_THREADS.format(ids=ids)
    said = _MESSAGE | {
        "writer_id": "CASE WHEN mod(n, 2) = 0 THEN low_id ELSE high_id END", "key": "'s' || id || '-' || n",
        "text": _TEXT + "n",
    }  # fmt: skip
    with _bulk.unguarded():
        _requests(f"SELECT p AS recipient, p + n * 97 AS i FROM unnest(ARRAY[{ids}]) AS p, {numbered}", members)  # noqa: S608
        _bulk.copy_from(Message, f"SELECT * FROM ({last}) AS l, generate_series(1, {MESSAGES}) AS n ORDER BY n", said)  # noqa: S608
    _bulk.settle("contacts_request", "threads_message")


def _ties(members: int) -> None:
    """Everybody with those so many places further on; no step is half the way round, so no pair comes twice."""
    one = f"1 + mod(i - 1, {members})"
    other = f"1 + mod(i - 1 + (1 + (i - 1) / {members}) * ({members} / 25) + 7, {members})"
    pair = {"low_id": f"least({one}, {other})", "high_id": f"greatest({one}, {other})"}
    _bulk.generate(Tie, members * PAIRS_EACH, pair | {"id": "i", "since": _BEGAN})
    _bulk.run("SELECT setval(pg_get_serial_sequence('accounts_tie', 'id'), %s)", members * PAIRS_EACH)
    _bulk.copy_from(Tie, _ANOTHERS_OF_HUB.format(many=OF_THE_HUB), {"low_id": "1", "high_id": "id", "since": _BEGAN})


def _requests(rows: str, members: int) -> None:
    said = {
        "public_id": "gen_random_uuid()", "asker_id": f"1 + mod(i + {members // 3}, {members})",
        "recipient_id": "recipient", "context": "'entry'", "asked_at": "now() - mod(i, 40) * interval '1 day'",
        "key": "'b' || recipient || '-' || i", "grade": "'B'", "whereabouts": "'delivered'", "settled_at": "now()",
        "delivered_at": "now()", "snapshot": f"'{json.dumps(_SNAPSHOT)}'::jsonb",
        "note": "'We built the bridge together, and I have questions about its drawings.'",
    }  # fmt: skip
    _bulk.copy_from(Request, rows, said)


_CONTACT: Mapping[str, str] = {
    "public_id": "gen_random_uuid()", "tie_id": "id", "asker_id": "low_id", "recipient_id": "high_id",
    "began_at": _BEGAN, "quiet_until": "now() - interval '60 days'",
}  # fmt: skip
_THREAD: Mapping[str, str] = {
    "id": "id", "public_id": "gen_random_uuid()", "low_id": "low_id", "high_id": "high_id", "opened_at": _BEGAN,
    "last_at": "now() - random() * interval '80 days'",
}  # fmt: skip
_MESSAGE: dict[str, str] = {
    "public_id": "gen_random_uuid()", "thread_id": "id", "writer_id": "low_id", "sent_at": _BEGAN,
    "key": "'m' || id", "text": _TEXT + "id",
}  # fmt: skip
