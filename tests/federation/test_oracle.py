"""Our RFC 9421 against another one, `http-message-signatures`: what the one signs the other verifies, both ways."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation import clock
from network.federation import digests, http_signatures
from network.federation.http_signatures import Signer
from network.federation.models import SignsWith
from network.federation.wire import Knock
from tests.federation.conftest import RSA_KEYS
from tests.federation.test_cavage import pem

KEY_ID = "https://two.example/@zoe/#main-key"
DAY = timedelta(days=1)


@dataclass
class Message:
    """A request as the other library takes it."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


class OneKey(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Any:
        assert key_id == KEY_ID
        return RSA_KEYS[0].public_key()

    def resolve_private_key(self, key_id: str) -> Any:
        return RSA_KEYS[0]


segment = st.text("abcXYZ019-._~@!$&'()*+,;=:", min_size=1, max_size=8) | st.sampled_from(
    ["%20", "%2F", "%C3%A9", "@ada"]
)
path = st.lists(segment, max_size=4).map(lambda parts: "/" + "/".join(parts))
query = st.none() | st.text("abz09-._~=&%25+/?:@", max_size=20).map(lambda text: text.replace("%", "%25"))
host = st.sampled_from(["one.example", "a.b.one.example", "one.example:8443", "xn--mnchen-3ya.de"])
body = st.binary(max_size=200)


@st.composite
def requests(draw: st.DrawFn) -> Message:
    asked = draw(query)
    url = f"https://{draw(host)}{draw(path)}" + ("" if asked is None else f"?{asked}")
    method = draw(st.sampled_from(["POST", "GET"]))
    return Message(method, url, {}, draw(body) if method == "POST" else b"")


def as_knock(message: Message) -> Knock:
    authority, _, rest = message.url.removeprefix("https://").partition("/")
    headers = [("Host", authority), *message.headers.items()]
    at = clock.now()
    return Knock(message.method, f"/{rest}", authority, headers, message.body, at, scheme="https")


def verified_by_the_other(message: Message) -> None:
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=OneKey())
    results = verifier.verify(message, max_age=DAY)
    assert [result.parameters["keyid"] for result in results] == [KEY_ID]


@settings(max_examples=200)
@given(requests())
def test_what_we_sign_the_other_verifies(message: Message) -> None:
    given_body = message.body if message.method == "POST" else None
    signer = Signer(KEY_ID, RSA_KEYS[0])
    message.headers |= http_signatures.sign(
        message.method, message.url, given_body, signer=signer, how=SignsWith.RFC9421, now=clock.now()
    )

    verified_by_the_other(message)


COVERAGES = [
    ["@method", "@target-uri"],
    ["@method", "@authority", "@path", "@query"],
    ["@target-uri", "host", "@method", "@scheme", "@request-target"],
    ["x-a", "@query", "@path", "@authority", "@method", "content-type"],
]
values = st.text("abc 019,;=:\"'\t", max_size=20).map(str.strip)
nonces = st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


@settings(max_examples=200)
@given(requests(), st.sampled_from(COVERAGES), values, nonces, st.booleans())
def test_what_the_other_signs_we_verify(
    message: Message, covered: list[str], value: str, nonce: str | None, with_algorithm: bool
) -> None:
    message.headers |= {"Host": as_knock(message).host, "X-A": value, "Content-Type": "application/activity+json"}
    if message.method == "POST":
        message.headers["Content-Digest"] = digests.content_digest(message.body)
        covered = [*covered, "content-digest"]
    signer = HTTPMessageSigner(signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=OneKey())
    signer.sign(
        message, key_id=KEY_ID, covered_component_ids=covered, nonce=nonce, include_alg=with_algorithm, tag="test",
        created=clock.now(), expires=clock.now() + DAY, use_existing_digest=message.method == "POST",
    )  # fmt: skip
    knock = as_knock(message)
    knock = Knock(
        knock.method, knock.target, knock.host, list(message.headers.items()), knock.body, knock.at, scheme="https"
    )

    claim = http_signatures.read(knock)

    assert claim
    http_signatures.check(claim, pem(RSA_KEYS[0]))
