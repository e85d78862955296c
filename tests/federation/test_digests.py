"""A body is the one that was signed (RFC 3230, RFC 9530; federation.md, 8 and 9)."""

import hashlib
from base64 import b64encode

import pytest

from foundation import clock
from network.federation import digests
from network.federation.wire import Knock, Malformed, Unproven

HELLO = b'{"hello": "world"}'
SHA512 = "WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew=="  # RFC 9421, B.2
SHA256 = b64encode(hashlib.sha256(HELLO).digest()).decode()
OTHER = b64encode(hashlib.sha256(b"other").digest()).decode()


def knock(*headers: tuple[str, str], body: bytes = HELLO) -> Knock:
    return Knock("POST", "/inbox", "example.com", headers, body, clock.now())


def test_the_example_of_the_rfc_fits() -> None:
    digests.check(knock(("Content-Digest", f"sha-512=:{SHA512}:")))


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("digest", f"SHA-256={SHA256}")],
        [("Digest", f"sha-256={SHA256}")],
        [("digest", f"SHA-512={SHA512}, SHA-256={SHA256}")],
        [("digest", f"md5=nonsense,SHA-256={SHA256}")],
        [("content-digest", f"sha-256=:{SHA256}:, sha-512=:{SHA512}:")],
        [("content-digest", f"unixsum=1, sha-256=:{SHA256}:;x=1")],
        [("digest", f"SHA-256={SHA256}"), ("content-digest", f"sha-256=:{SHA256}:")],
    ],
)
def test_what_fits_is_let_through(headers: list[tuple[str, str]]) -> None:
    digests.check(knock(*headers))


@pytest.mark.parametrize(
    "value",
    [
        f"SHA-256={OTHER}", f"SHA-256={SHA256},SHA-256={OTHER}", f"SHA-256={OTHER},SHA-256={SHA256}",
        f"SHA-256={SHA256},SHA-512={SHA512[:-3]}A==", f"SHA-256={SHA256[:-1]}", f"SHA-256={SHA256} x", "SHA-256=",
        "SHA-256", "", "md5=abc", f"SHA-256=\u00e9{SHA256}", f"SHA-256=:{SHA256}:",
    ],
)  # fmt: skip
def test_a_digest_that_does_not_fit_is_refused(value: str) -> None:
    with pytest.raises(Unproven):
        digests.check(knock(("digest", value)))


@pytest.mark.parametrize(
    "value",
    [
        f"sha-256=:{OTHER}:", f"sha-256=:{SHA256}:, sha-256=:{OTHER}:", f"sha-256=:{OTHER}:, sha-256=:{SHA256}:",
        f"sha-256=:{SHA256}:, sha-512=:{SHA256}:", f'sha-256="{SHA256}"', f"sha-256=(:{SHA256}:)", "sha-256", "",
        "md5=:aaaa:", f"SHA-256=:{SHA256}:", f"sha-256={SHA256}", "sha-256=@99999999999999", "a=" + "(" * 9000,
    ],
)  # fmt: skip
def test_a_content_digest_that_does_not_fit_is_refused(value: str) -> None:
    with pytest.raises(Unproven):
        digests.check(knock(("content-digest", value)))


def test_the_one_may_not_fit_where_the_other_does() -> None:
    with pytest.raises(Unproven):
        digests.check(knock(("digest", f"SHA-256={SHA256}"), ("content-digest", f"sha-256=:{OTHER}:")))


@pytest.mark.parametrize("name", ["digest", "content-digest"])
def test_two_headers_of_one_name_are_refused(name: str) -> None:
    value = digests.digest(HELLO) if name == "digest" else digests.content_digest(HELLO)
    with pytest.raises(Malformed):
        digests.check(knock((name, value), (name.title(), value)))


def test_what_we_write_we_read() -> None:
    digests.check(knock(("digest", digests.digest(b"")), ("content-digest", digests.content_digest(b"")), body=b""))
