"""The other servers, as deliveries meet them: what is posted to them, and what they answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.db.models.functions import Now

from accounts.models import Member
from network.federation import delivery, outbox
from network.federation.client import Answer
from network.federation.models import Delivery, Peer

if TYPE_CHECKING:  # which imports the sink
    from tests.federation.conftest import Abroad

Say = Callable[[str, dict[str, Any]], Any]


@dataclass
class Sink:
    """The other servers. `says` gives what is answered to each post: a status, a status with headers, or an error."""

    says: Say = lambda _inbox, _body: 202
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hows: list[str] = field(default_factory=list)
    during: Callable[[], object] = lambda: None

    def post(self, url: str, body: bytes, *, signer: Any, how: str, **_more: Any) -> Answer:
        self.got.append((url, json.loads(body)))
        self.hows.append(how)
        self.during()
        said = self.says(url, self.got[-1][1])
        if isinstance(said, Exception):
            raise said
        status, headers = said if isinstance(said, tuple) else (said, {})
        return Answer(url, status, headers, b"")

    def ids(self) -> list[str]:
        return [body["id"] for _url, body in self.got]


def says(ada: Member, to: "Abroad", many: int = 1, *, proved: bool = False, word: str = "hello") -> list[str]:
    """So many activities of Ada's are on their way; their ids, oldest first."""
    made = [
        outbox.send(ada, {"type": "Note", "content": word}, to=[to.actor], key=f"{word}{n}", proved=proved)
        for n in range(many)
    ]
    return [one.uri for one in made]


def turn(to: "Abroad") -> None:
    delivery.send_due(to.actor.peer_id)


def later(**ago: float) -> None:
    """So much time passes, as far as deliveries and circuits are concerned."""
    gone = timedelta(**ago)
    Delivery.objects.update(available_at=F("available_at") - gone, due_at=F("due_at") - gone)
    Peer.objects.update(rests_until=F("rests_until") - gone)


def waits_s(one: Delivery) -> float:
    now = Delivery.objects.filter(pk=one.pk).annotate(now=Now()).values_list("now", flat=True).get()
    return float((one.available_at - now).total_seconds())
