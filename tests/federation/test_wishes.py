"""Accept-Signature (RFC 9421, 5.1): a server may wish how it is asked, within what we cover and know."""

from typing import Any

import pytest

from accounts.models import Member
from foundation import clock
from network.federation import client, http_signatures, posting, rfc9421
from network.federation.client import Answer
from network.federation.models import Delivery, Outbound, SignsWith
from network.federation.rfc9421 import Wish
from network.federation.wire import Knock
from tests.federation.conftest import Abroad
from tests.federation.test_rfc9421 import PUBLIC, SIGNER

FEDIFYS = 'sig1=("@method" "@target-uri" "@authority" "content-digest");created;nonce="aGVsbG8"'


def test_a_wish_for_a_nonce_is_read() -> None:
    covered = ("@method", "@target-uri", "@authority", "content-digest")

    assert rfc9421.wish(FEDIFYS) == Wish("sig1", covered, (("nonce", "aGVsbG8"),))


@pytest.mark.parametrize(
    "said",
    [
        "",
        "not a dictionary (",
        "sig1=1",
        'sig1=("@status");nonce="n"',
        'sig1=("cookie")',
        'sig1=("@query-param";name="a")',
        'sig1=("@method";req)',
        'sig1=("@method");keyid="https://evil.example/key"',
        'sig1=("@method");alg="ed25519"',
        'sig1=("@method");nonce=5',
        f'sig1=("@method");nonce="{"n" * 300}"',
    ],
)
def test_a_wish_beyond_what_we_cover_is_none(said: str) -> None:
    assert rfc9421.wish(said) is None


def test_of_several_wishes_the_first_that_can_be_met_is_met() -> None:
    assert rfc9421.wish(f'a=("@status"), {FEDIFYS.replace("sig1", "b")}') is not None


def test_what_is_signed_as_wished_is_verified_and_holds_the_nonce() -> None:
    now, body = clock.now(), b"{}"
    said = http_signatures.sign(
        "POST",
        "http://testserver/inbox",
        body,
        signer=SIGNER,
        how=SignsWith.RFC9421,
        now=now,
        wish=rfc9421.wish(FEDIFYS),
    )

    claim = http_signatures.read(Knock("POST", "/inbox", "testserver", list(said.items()), body, now))

    assert claim
    http_signatures.check(claim, PUBLIC)
    assert '"@authority"' in said["Signature-Input"]
    assert ';nonce="aGVsbG8"' in said["Signature-Input"]


@pytest.mark.parametrize("first", [SignsWith.CAVAGE, SignsWith.RFC9421])
def test_after_a_challenge_the_next_try_is_as_wished(
    first: SignsWith, ada: Member, zoe: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[tuple[SignsWith, Wish | None]] = []

    def post(url: str, body: bytes, *, how: SignsWith, wish: Wish | None = None, **more: Any) -> Answer:
        tries.append((how, wish))
        return Answer(url, 202 if wish else 401, {"accept-signature": FEDIFYS}, b"")

    monkeypatch.setattr(client, "post", post)
    monkeypatch.setattr(posting.Sender, "_written", lambda self, outbound: b"{}")
    monkeypatch.setattr(posting.Sender, "_signer", lambda self, member: SIGNER)
    zoe.actor.peer.signs_with = first
    sender = posting.Sender(zoe.actor.peer)

    answer = sender._knock(Delivery(inbox=zoe.actor.inbox, outbound=Outbound(sender=ada)))

    assert answer.status == 202
    assert tries == [(first, None), (SignsWith.RFC9421, rfc9421.wish(FEDIFYS))]
    assert sender.how == SignsWith.RFC9421
