"""One activity to one inbox: written and signed now, sent, and what the answer means."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from accounts import keys
from accounts.models import Key, Member
from foundation import clock, signing
from foundation.refusals import Forbidden, Refusal
from network.federation import addresses, client, http_keys, rfc9421
from network.federation.batches import Fate, Told
from network.federation.client import Answer
from network.federation.models import Delivery, Outbound, Peer, SignsWith

TRIES_4XX = 3
"""An inbox that is not there, or will not have it, may be a server just being moved; after three tries it is not."""
BODIES_KEPT = 200
OTHER = {SignsWith.CAVAGE: SignsWith.RFC9421, SignsWith.RFC9421: SignsWith.CAVAGE}


class Sender:
    """Sends the letters of one turn: keys are fetched and opened once an author, not once a letter."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.how = SignsWith(peer.signs_with)
        self._signers: dict[int | None, Any] = {}
        self._proof_keys: dict[int, Ed25519PrivateKey | None] = {}
        self._bodies: dict[UUID, bytes] = {}

    def send(self, delivery: Delivery) -> Told:
        """What became of it; raises nothing that the other side could cause."""
        try:
            answer = self._knock(delivery)
        except Forbidden as refusal:  # an address that is none of theirs
            return Told(delivery=delivery, fate=Fate.DEAD, error=refusal.code)
        except Refusal as refusal:
            return Told(
                delivery=delivery, fate=Fate.AGAIN, error=f"{refusal.code} {getattr(refusal, 'why', '')}".strip()
            )
        return judge(delivery, answer)

    def _knock(self, delivery: Delivery) -> Answer:
        """Signed as this server took it last. A 401 without a wish is answered with the other signature, one with a
        wish (RFC 9421, 5.1) as is wished: three knocks at most. What works stays.
        """
        outbound = delivery.outbound
        body, signer = self._written(outbound), self._signer(outbound.sender)
        how = self.how
        answer = client.post(delivery.inbox, body, signer=signer, how=how)
        if answer.status == 401 and not _wish(answer):
            how = OTHER[how]
            answer = client.post(delivery.inbox, body, signer=signer, how=how)
        if answer.status == 401 and (wish := _wish(answer)):
            how = SignsWith.RFC9421
            answer = client.post(delivery.inbox, body, signer=signer, how=how, wish=wish)
        if answer.status < 300 and how != self.how:
            self.how = how
            Peer.objects.filter(pk=self.peer.pk).update(signs_with=how)
        return answer

    def _written(self, outbound: Outbound) -> bytes:
        """What is sent; with its author's proof, which is made once for all of one turn's inboxes."""
        if len(self._bodies) > BODIES_KEPT:
            self._bodies.clear()
        if outbound.pk not in self._bodies:
            self._bodies[outbound.pk] = self._proved(outbound)
        return self._bodies[outbound.pk]

    def _proved(self, outbound: Outbound) -> bytes:
        body = outbound.body
        private = self._proof_key(outbound.sender) if outbound.proved and outbound.sender else None
        if private and outbound.sender:
            body = signing.secure(body, private=private, method=addresses.assertion_key(outbound.sender))
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    def _signer(self, member: Member | None) -> Any:
        who = member.pk if member else None
        if who not in self._signers:
            self._signers[who] = http_keys.signer(member)
        return self._signers[who]

    def _proof_key(self, member: Member) -> Ed25519PrivateKey | None:
        if member.pk not in self._proof_keys:
            try:
                self._proof_keys[member.pk] = signing.opened(keys.private_key(member))
            except Key.DoesNotExist:  # has left; what they said goes out unproved
                self._proof_keys[member.pk] = None
        return self._proof_keys[member.pk]


def _wish(answer: Answer) -> rfc9421.Wish | None:
    return rfc9421.wish(answer.headers.get("accept-signature", ""))


def judge(delivery: Delivery, answer: Answer) -> Told:
    """What the answer means for this delivery (federation.md, 10). `delivery.attempts` counts this try."""
    status = answer.status
    if status < 300:
        return Told(delivery=delivery, fate=Fate.DONE, status=status)
    if status == 410 or (is_refused(status) and delivery.attempts >= TRIES_4XX):
        return Told(delivery=delivery, fate=Fate.DEAD, status=status, error=f"answered {status}")
    after_s = wished_s(answer.headers.get("retry-after", "")) if status in (429, 503) else 0.0
    return Told(delivery=delivery, fate=Fate.AGAIN, status=status, error=f"answered {status}", after_s=after_s)


def is_refused(status: int) -> bool:
    """They were there and did not want it. 401: perhaps they cannot fetch our key just now; 408, 425, 429: not now."""
    return 300 <= status < 500 and status not in (401, 408, 425, 429)


def is_down(told: Told) -> bool:
    """Whether the server, not the letter, seems to be at fault: 5xx and no answer are alike."""
    return told.fate == Fate.AGAIN and (told.status is None or told.status >= 500)


def wished_s(text: str) -> float:
    """`Retry-After` in seconds from now, 0 if it says nothing, at most twelve hours (RFC 9110, 10.2.3)."""
    most = float(settings.DELIVERY_LAST_PAUSE_S)
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:9]), most)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return 0.0
    aware: datetime = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((aware - clock.now()).total_seconds(), 0.0), most)
