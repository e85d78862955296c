"""draft-cavage-12 as real peers write it, and what it must not let through (federation.md, 4, 7 and 11)."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from foundation import clock
from network.federation import http_signatures
from network.federation.http_signatures import Signer
from network.federation.models import SignsWith
from network.federation.wire import Knock, Malformed, Unproven
from tests.federation.conftest import RSA_KEYS
from tests.federation.signed import MASTODON, cavage, plain, with_headers

KEY_ID = "https://two.example/@zoe/#main-key"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def verify(knock: Knock, public: str = "") -> str:
    claim = http_signatures.read(knock)
    assert claim
    http_signatures.check(claim, public or pem(RSA_KEYS[0]))
    return claim.key_id


def made(covered: str, method: str = "POST", algorithm: str | None = "rsa-sha256", **more: Any) -> Knock:
    return cavage(plain(method=method), RSA_KEYS[0], KEY_ID, covered=covered, algorithm=algorithm, **more)


@pytest.mark.parametrize(
    ("covered", "algorithm"),
    [
        (MASTODON, "rsa-sha256"),
        ("(request-target) host date digest", "hs2019"),  # GoToSocial
        ("(request-target) content-type date digest host", "rsa-sha256"),  # Fedify
        ("host date (request-target) digest", None),  # Lemmy's order
        ("(request-target) date host content-type digest", "rsa-sha256"),
    ],
)
def test_posts_as_real_servers_sign_them_verify(covered: str, algorithm: str | None) -> None:
    assert verify(made(covered, algorithm=algorithm)) == KEY_ID


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "hs2019", None])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reads_as_real_servers_sign_them_verify(method: str, algorithm: str | None) -> None:
    assert verify(made("(request-target) host date", method, algorithm)) == KEY_ID
    assert verify(made("date (request-target) host", method, algorithm)) == KEY_ID


def test_a_query_may_be_signed_with_a_read_or_left_out() -> None:
    knock = plain(method="GET", target="/@ada/outbox?page=1")
    covered = "(request-target) host date"
    for signed in ("/@ada/outbox?page=1", "/@ada/outbox"):
        verify(cavage(knock, RSA_KEYS[0], KEY_ID, covered=covered, target=signed))
    with pytest.raises(Unproven):
        verify(cavage(knock, RSA_KEYS[0], KEY_ID, covered=covered, target="/@bo/outbox"))


def test_the_query_of_a_post_has_to_be_signed() -> None:
    knock = plain(target="/inbox?as=ada")
    verify(cavage(knock, RSA_KEYS[0], KEY_ID))
    with pytest.raises(Unproven):
        verify(cavage(knock, RSA_KEYS[0], KEY_ID, target="/inbox"))


@pytest.mark.parametrize("algorithm", ["hs2019", None])
def test_stated_times_may_stand_for_the_date_where_the_algorithm_is_left_to_the_key(algorithm: str | None) -> None:
    now = int(clock.now().timestamp())
    covered = "(request-target) host digest (created) (expires)"
    verify(made(covered, algorithm=algorithm, created=now, expires=now + 60))


def test_stated_times_are_refused_with_an_older_algorithm() -> None:
    now = int(clock.now().timestamp())
    for covered in ("(request-target) host digest (created)", f"{MASTODON} (created)", f"{MASTODON} (expires)"):
        with pytest.raises(Unproven):
            verify(made(covered, created=now, expires=now + 60))


@pytest.mark.parametrize(
    "covered",
    [
        "date",
        "(request-target)",
        "(request-target) host date",
        "(request-target) host digest",
        "(request-target) date digest",
        "host date digest",
        "host date digest content-type",
        f"{MASTODON} date",
        " ".join(["(request-target) host date digest", *(["content-type"] * 40)]),
    ],
)
def test_a_post_that_covers_too_little_is_refused(covered: str) -> None:
    with pytest.raises(Unproven):
        verify(made(covered))


@pytest.mark.parametrize("covered", ["date", "host date", "(request-target) host", "(request-target) date"])
def test_a_read_that_covers_too_little_is_refused(covered: str) -> None:
    with pytest.raises(Unproven):
        verify(made(covered, "GET"))


def test_a_read_has_to_have_a_date() -> None:
    with pytest.raises(Unproven):
        verify(made("(request-target) host (created)", "GET", "hs2019", created=int(clock.now().timestamp())))


def test_other_methods_are_not_read() -> None:
    with pytest.raises(Unproven):
        verify(cavage(plain(method="PUT"), RSA_KEYS[0], KEY_ID, covered="(request-target) host date"))


@pytest.mark.parametrize("off", [-3600, -3599, 0, 299, 300])
def test_the_hour_before_and_five_minutes_ahead_are_let_in(off: int) -> None:
    now = clock.now().replace(microsecond=0)
    verify(later(cavage(plain(at=now + timedelta(seconds=off)), RSA_KEYS[0], KEY_ID), -off))


@pytest.mark.parametrize("off", [-13 * 3600, -3601, 301, 2 * 3600])
def test_dates_outside_are_refused(off: int) -> None:
    now = clock.now().replace(microsecond=0)
    with pytest.raises(Unproven):
        verify(later(cavage(plain(at=now + timedelta(seconds=off)), RSA_KEYS[0], KEY_ID), -off))


def later(knock: Knock, seconds: int) -> Knock:
    """The same request, arriving so much later."""
    at = knock.at + timedelta(seconds=seconds)
    return Knock(knock.method, knock.target, knock.host, knock.headers, knock.body, at)


@pytest.mark.parametrize(
    "date",
    [
        "",
        "now",
        "2026-11-25T06:00:00Z",
        "Wed, 25 Nov 2026 06:00:00 +0000",
        "Wed, 25 Nov 26 06:00:00 GMT",
        "Wednesday, 25-Nov-26 06:00:00 GMT",
        "Wed, 31 Feb 2026 06:00:00 GMT",
        "Wed, 25 Nov 2026 06:00:61 GMT",
        "Wed, ２５ Nov 2026 06:00:00 GMT",
    ],
)
def test_what_is_no_date_of_http_is_refused(date: str) -> None:
    with pytest.raises((Unproven, Malformed)):
        verify(cavage(with_headers(plain(), ("Date", date)), RSA_KEYS[0], KEY_ID))


@pytest.mark.parametrize("expires", [-1, 0])
def test_what_has_expired_is_refused_whether_that_was_signed_or_not(expires: int) -> None:
    now = int(clock.now().timestamp()) - 1
    with pytest.raises(Unproven):
        verify(made("(request-target) host date digest", algorithm="hs2019", expires=now + expires))


@pytest.mark.parametrize("created", ["1.5", '"1"', "99999999999999999999", "-1", "9999999999999"])
def test_times_are_whole_seconds(created: str) -> None:
    knock = cavage(plain(), RSA_KEYS[0], KEY_ID, covered="(request-target) host digest (created)", algorithm="hs2019",
                   created=created)  # fmt: skip
    with pytest.raises(Unproven):
        verify(knock)


@pytest.mark.parametrize("algorithm", ["rsa-sha512", "RSA-SHA256", "hmac-sha256", "ed25519", "none", ""])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    knock = made(MASTODON)
    old = knock.field("signature")
    with pytest.raises(Unproven):
        verify(with_headers(knock, ("Signature", old.replace("rsa-sha256", algorithm))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('keyId="', 'keyId="https://evil.example/#key",keyId="'),
        ('headers="', 'headers="date",headers="'),
        ('keyId="', "keyId="),
        ('headers="(', 'headers="(created) ('),
        ('headers="(', 'headers=" ('),
        ('signature="', 'signature="####'),
        ('signature="', 'signature="é'),
        ('signature="', 'signature="\\"'),
        ('keyId="', '["keyId"] keyId="'),
        ('keyId="', 'Signature keyId="'),
        (",headers", ";headers"),
        ('host"', 'host"'),
    ],
)
def test_a_header_that_is_not_read_in_one_way_is_refused(old: str, new: str) -> None:
    knock = made("(request-target) date digest host")
    value = knock.field("signature")
    assert old in value
    changed = with_headers(knock, ("Signature", value.replace(old, new, 1)))
    if old == new:
        verify(changed)
        return
    with pytest.raises(Unproven):
        verify(changed)


def test_the_name_of_the_header_may_have_any_case_and_blanks_may_follow_commas() -> None:
    knock = made(MASTODON)
    value = knock.field("signature").replace('",', '" , ')
    verify(with_headers(knock, ("sIGNATURE", value)))


def test_a_header_that_was_signed_has_to_be_there_and_the_same() -> None:
    knock = made(MASTODON)
    with pytest.raises(Unproven):
        verify(with_headers(knock, without=["content-type"]))
    with pytest.raises(Unproven):
        verify(with_headers(knock, ("Content-Type", "text/html")))
    with pytest.raises(Malformed):
        verify(with_headers(knock, ("Content-Type", "text/html\ndate: x")))


def test_both_standards_at_once_are_read_as_the_newer_alone() -> None:
    knock = made(MASTODON)
    for other in ('sig1=("@method");created=1;keyid="a"', "", "sig1=()"):
        with pytest.raises(Unproven):
            verify(with_headers(knock, ("Signature-Input", other)))


@pytest.mark.parametrize("name", http_signatures.ONCE)
def test_two_lines_of_what_has_to_be_one_are_refused(name: str) -> None:
    knock = made(MASTODON)
    found = {key.lower(): value for key, value in knock.headers}.get(name, "x")
    doubled = Knock(
        "POST", "/inbox", knock.host, [*knock.headers, (name, found), (name.title(), found)], b"{}", knock.at
    )
    with pytest.raises(Malformed):
        http_signatures.read(doubled)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_we_sign_we_verify_and_others_find_what_they_ask_for(method: str) -> None:
    now, body = clock.now(), b'{"a": 1}' if method == "POST" else None
    signer = Signer(KEY_ID, RSA_KEYS[0])
    url = "https://m.example:8443/inbox?a=b#c"
    said = http_signatures.sign(method, url, body, signer=signer, how=SignsWith.CAVAGE, now=now)
    assert said["Host"] == "m.example:8443"
    assert said["Signature"].startswith(f'keyId="{KEY_ID}",algorithm="rsa-sha256",headers="(request-target) host date')
    assert ("Digest" in said) == (method == "POST")
    verify(Knock(method, "/inbox?a=b", "m.example:8443", list(said.items()), body or b"", now))
    with pytest.raises(Unproven):
        verify(Knock(method, "/inbox?a=c", "m.example:8443", list(said.items()), body or b"", now))


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505  (that is the point)
        ec.generate_private_key(ec.SECP256R1()),
        Ed25519PrivateKey.generate(),
    ],
    ids=["RSA-1024", "P-256", "Ed25519"],
)
def test_keys_of_other_kinds_prove_nothing(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    with pytest.raises(Unproven):
        http_signatures.public_key(pem(key))
    if isinstance(key, rsa.RSAPrivateKey):
        with pytest.raises(Unproven):
            verify(cavage(plain(), key, KEY_ID), pem(key))


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "\u00e9"])
def test_what_is_no_key_proves_nothing(text: str) -> None:
    with pytest.raises(Unproven):
        http_signatures.public_key(text)


def test_a_huge_exponent_is_not_worked_with() -> None:
    numbers = RSA_KEYS[0].public_key().public_numbers()
    huge = rsa.RSAPublicNumbers(2**2000 + 1, numbers.n).public_key()
    text = huge.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(Unproven):
        http_signatures.public_key(text)


def test_without_any_signature_there_is_no_claim() -> None:
    assert http_signatures.read(plain()) is None
