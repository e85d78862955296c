"""What a signature by RFC 9421 has to cover here, and how exactly it has to say so (federation.md, 5, 7 and 11)."""

import pytest

from network.federation import digests, http_signatures
from network.federation.wire import Knock, Unproven
from tests.federation.conftest import RSA_KEYS
from tests.federation.signed import plain, rfc9421, with_headers
from tests.federation.test_cavage import pem

KEY_ID = "https://two.example/@zoe/#main-key"
PUBLIC = pem(RSA_KEYS[0])
FULL = (
    '("@method" "@target-uri" "content-digest")',
    '"@method": POST\n"@target-uri": http://testserver/inbox\n"content-digest": {digest}',
)


def made(components: str, lines: str, parameters: str) -> Knock:
    """A request signed over these lines with these parameters; `{now}` stands for the moment of the request."""
    knock = plain()
    digest = digests.content_digest(knock.body)
    knock = with_headers(knock, ("Content-Digest", digest), without=["digest"])
    now = int(knock.at.timestamp())
    text = f"{components}{parameters}".replace("{now}", str(now))
    text = text.replace("{past}", str(now - 3601)).replace("{soon}", str(now + 301)).replace("{then}", str(now - 1))
    return rfc9421(knock, RSA_KEYS[0], text, lines.replace("{digest}", digest))


def verify(knock: Knock) -> None:
    claim = http_signatures.read(knock)
    assert claim
    http_signatures.check(claim, PUBLIC)


KEY = f';keyid="{KEY_ID}"'


def test_the_wire_of_fedify_verifies() -> None:
    """federation.md, A real peer: parameters in its own order, `host` and `date` as fields besides."""
    knock = plain()
    date = knock.field("date")
    lines = (
        '"@method": POST\n"@target-uri": http://testserver/inbox\n"@authority": testserver\n"host": testserver\n'
        f'"date": {date}\n"content-digest": {{digest}}'
    )
    components = '("@method" "@target-uri" "@authority" "host" "date" "content-digest")'
    verify(made(components, lines, f';alg="rsa-v1_5-sha256";keyid="{KEY_ID}";created={{now}}'))


@pytest.mark.parametrize(
    "parameters",
    [
        f";created={{now}}{KEY}",
        f'; created={{now}};  keyid="{KEY_ID}"',
        f';created={{now}};expires={{soon}}{KEY};nonce="a";tag="b"',
        f';keyid="{KEY_ID}";alg="rsa-v1_5-sha256";created={{now}};unknown=1.50',
    ],
)
def test_parameters_are_verified_as_they_were_sent(parameters: str) -> None:
    verify(made(*FULL, parameters))


def test_authority_path_and_query_say_as_much_as_the_whole_address() -> None:
    lines = '"@method": POST\n"@authority": testserver\n"@path": /inbox\n"@query": ?\n"content-digest": {digest}'
    verify(made('("@method" "@authority" "@path" "@query" "content-digest")', lines, f";created={{now}}{KEY}"))


@pytest.mark.parametrize(
    ("components", "lines"),
    [
        ("()", ""),
        ('("@method")', '"@method": POST'),
        ('("@method" "@target-uri")', '"@method": POST\n"@target-uri": http://testserver/inbox'),
        ('("@target-uri" "content-digest")', '"@target-uri": http://testserver/inbox\n"content-digest": {digest}'),
        (
            '("@method" "@authority" "content-digest")',
            '"@method": POST\n"@authority": testserver\n"content-digest": {digest}',
        ),
        ('("@method" "@path" "content-digest")', '"@method": POST\n"@path": /inbox\n"content-digest": {digest}'),
        ('("@method" "@target-uri";req "content-digest")', FULL[1].replace('uri"', 'uri";req')),
        ('("@method" "@target-uri" "content-digest";sf)', FULL[1].replace('digest"', 'digest";sf')),
        ('("@method" "@target-uri" "content-digest" "content-digest")', FULL[1] + '\n"content-digest": {digest}'),
        ('("@method" "@target-uri" "content-digest" "x-not-there")', FULL[1] + '\n"x-not-there": '),
        ('("@method" "@target-uri" "content-digest" "Date")', FULL[1] + '\n"Date": x'),
        ('("@method" "@target-uri" "content-digest" "@status")', FULL[1] + '\n"@status": 200'),
        ('("@method" "@target-uri" "content-digest" date)', FULL[1]),
        ('("@method" "@target-uri" "content-digest" "@signature-params")', FULL[1]),
        ("(" + " ".join(f'"x{n}"' for n in range(40)) + ' "@method" "@target-uri" "content-digest")', FULL[1]),
    ],
)
def test_a_signature_that_covers_too_little_or_what_nobody_reads_is_refused(components: str, lines: str) -> None:
    with pytest.raises(Unproven):
        verify(made(components, lines, f";created={{now}}{KEY}"))


@pytest.mark.parametrize(
    "parameters",
    [
        KEY,
        f";created={{now}}.0{KEY}",
        f";created=?1{KEY}",
        f';created="{{now}}"{KEY}',
        f";created=@{{now}}{KEY}",
        f";created={{past}}{KEY}",
        f";created={{soon}}{KEY}",
        f";created=-1{KEY}",
        f";created=999999999999999{KEY}",
        f";created={{now}};expires={{then}}{KEY}",
        f";created={{now}};expires=1.5{KEY}",
        f";created={{now}};expires{KEY}",
        ";created={now}",
        ";created={now};keyid=zoe",
        ";created={now};keyid=1",
        f';created={{now}};alg="ed25519"{KEY}',
        f';created={{now}};alg="rsa-pss-sha512"{KEY}',
        f';created={{now}};alg="RSA-V1_5-SHA256"{KEY}',
        f";created={{now}};alg=rsa-v1_5-sha256{KEY}",
        f";created={{now}};nonce=1{KEY}",
        f";created={{now}};tag{KEY}",
    ],
)
def test_times_and_algorithms_that_are_not_stated_exactly_are_refused(parameters: str) -> None:
    with pytest.raises(Unproven):
        verify(made(*FULL, parameters))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Signature-Input", ""),
        ("Signature-Input", "sig1"),
        ("Signature-Input", 'sig1="x"'),
        ("Signature-Input", "sig1=("),
        ("Signature-Input", "sig1=:aaaa:"),
        ("Signature-Input", "sig1=(), sig2=()"),
        ("Signature-Input", "sig1=(), sig1=()"),
        ("Signature-Input", "\u00e9=()"),
        ("Signature-Input", "sig1=()" + " " * 9000),
        ("Signature-Input", "SIG=()"),
        ("Signature", ""),
        ("Signature", "sig2=:aaaa:"),
        ("Signature", "sig1=:aaaa:, sig2=:aaaa:"),
        ("Signature", "sig1=aaaa"),
        ("Signature", "sig1=:####:"),
        ("Signature", 'keyId="a",headers="date",signature="aaaa"'),
        ("Signature", "sig1=(:aaaa:)"),
    ],
)
def test_headers_that_are_not_one_signature_are_refused(name: str, value: str) -> None:
    with pytest.raises(Unproven):
        verify(with_headers(made(*FULL, f";created={{now}}{KEY}"), (name, value)))


def test_nothing_of_what_was_signed_may_change() -> None:
    knock = made(*FULL, f";created={{now}}{KEY}")
    verify(knock)
    at, headers = knock.at, knock.headers
    for changed in (
        Knock("POST", "/@ada/inbox", "testserver", headers, knock.body, at),
        Knock("POST", "/inbox?", "testserver", headers, knock.body, at),
        Knock("POST", "/inbox", "evil.example", headers, knock.body, at),
        Knock("POST", "/inbox", "testserver", headers, knock.body, at, scheme="https"),
        Knock("PUT", "/inbox", "testserver", headers, knock.body, at),
        Knock("POST", "/inbox", "testserver", headers, b"{ }", at),
    ):
        with pytest.raises(Unproven):
            verify(changed)
