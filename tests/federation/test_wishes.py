"""Accept-Signature (RFC 9421, 5.1): a server may wish how it is asked, within what we cover and know."""

from collections.abc import Callable
from typing import Any

import pytest

from foundation import clock
from network.federation import client, http_signatures, posting, rfc9421
from network.federation.client import Answer
from network.federation.models import Delivery, Outbound, Peer, SignsWith
from network.federation.rfc9421 import Wish
from network.federation.wire import Knock
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


Try = tuple[SignsWith, Wish | None]
CHALLENGED = (SignsWith.RFC9421, rfc9421.wish(FEDIFYS))
OLD, NEW = (SignsWith.CAVAGE, None), (SignsWith.RFC9421, None)


def knock(first: SignsWith, answer: Callable[[Try], tuple[int, str]]) -> tuple[int, list[Try], SignsWith]:
    """One letter to a server that answers so (status, its wish): the status, every try, how it is signed next time."""
    tries: list[Try] = []

    def post(url: str, body: bytes, *, how: SignsWith, wish: Wish | None = None, **more: Any) -> Answer:
        tries.append((how, wish))
        status, wished = answer(tries[-1])
        return Answer(url, status, {"accept-signature": wished} if wished else {}, b"")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "post", post)
        patch.setattr(posting.Sender, "_written", lambda self, outbound: b"{}")
        patch.setattr(posting.Sender, "_signer", lambda self, member: SIGNER)
        sender = posting.Sender(Peer(host="two.example", signs_with=first))
        answered = sender._knock(Delivery(inbox="https://two.example/inbox", outbound=Outbound()))
    return answered.status, tries, sender.how


@pytest.mark.parametrize("first", [SignsWith.CAVAGE, SignsWith.RFC9421])
def test_after_a_challenge_the_next_try_is_as_wished(first: SignsWith, db: None) -> None:
    status, tries, then = knock(first, lambda tried: (202 if tried[1] else 401, FEDIFYS))

    assert (status, tries, then) == (202, [(first, None), CHALLENGED], SignsWith.RFC9421)


def test_a_challenge_to_the_second_signature_is_answered_too(db: None) -> None:
    """The old signature is refused without a word; only the new one is challenged."""
    status, tries, then = knock(
        SignsWith.CAVAGE, lambda tried: (202, "") if tried[1] else (401, FEDIFYS if tried == NEW else "")
    )

    assert (status, tries, then) == (202, [OLD, NEW, CHALLENGED], SignsWith.RFC9421)


@pytest.mark.parametrize("first", [SignsWith.CAVAGE, SignsWith.RFC9421])
def test_a_server_that_challenges_again_and_again_gets_three_knocks_at_most(first: SignsWith) -> None:
    status, tries, then = knock(first, lambda tried: (401, FEDIFYS if tried[0] == SignsWith.RFC9421 else ""))

    assert (status, then) == (401, first)
    assert tries == ([OLD, NEW, CHALLENGED] if first == SignsWith.CAVAGE else [NEW, CHALLENGED])
