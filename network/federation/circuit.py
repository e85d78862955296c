"""One circuit a server: when it does not answer, all that goes there waits together, and one letter tries the way.

`Peer.failures` counts failures in a row. From `OPEN_FROM` on the server rests, longer each time; then one letter is
tried. Whatever is answered closes the circuit. Times are the database's.
"""

from django.conf import settings
from django.db import connection

from network.federation.models import Peer

OPEN_FROM = 3

_RESTS_S = "SELECT extract(epoch FROM rests_until - statement_timestamp()) FROM federation_peer WHERE id = %s"
_NOTE = """
UPDATE federation_peer SET failures = %(in_a_row)s,
    last_reached_at = CASE WHEN %(reached)s THEN statement_timestamp() ELSE last_reached_at END,
    rests_until = CASE
        WHEN %(after_s)s > 0 THEN statement_timestamp() + make_interval(secs => %(after_s)s)
        WHEN %(in_a_row)s >= %(open_from)s THEN statement_timestamp() + make_interval(secs =>
            least(%(last_s)s, %(first_s)s * 2 ^ least(%(in_a_row)s - %(open_from)s, 30)) * (0.75 + random() / 2))
    END
WHERE id = %(peer)s
"""


def rests_s(peer: int) -> float:
    """How many seconds the server still rests; 0 if it may be tried."""
    with connection.cursor() as cursor:
        cursor.execute(_RESTS_S, [peer])
        (seconds,) = cursor.fetchone()
    return max(0.0, float(seconds or 0))


def is_open(peer: Peer) -> bool:
    """Whether only one letter may try the way."""
    return peer.failures >= OPEN_FROM


def note(peer: int, in_a_row: int, *, reached: bool, after_s: float = 0.0) -> None:
    """So many tries in a row came to nothing: 5xx, no answer in time, a broken connection, all alike.

    `reached`: something was answered, so the server is there. `after_s`: it wants to be left alone for so long.
    """
    values: dict[str, float] = {
        "peer": peer,
        "in_a_row": in_a_row,
        "reached": reached,
        "after_s": after_s,
        "open_from": OPEN_FROM,
    }
    values |= {"first_s": settings.DELIVERY_FIRST_PAUSE_S, "last_s": settings.DELIVERY_LAST_PAUSE_S}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)


def close(peer: Peer) -> None:
    """It may be tried at once, with all that waits."""
    Peer.objects.filter(pk=peer.pk).update(failures=0, rests_until=None)
