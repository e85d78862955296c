"""Hosts are written in one way, and what could be read in two is refused (federation.md, 30; security.md, 34)."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from network.federation import hosts
from network.federation.hosts import NoHost


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("evil.tld", "evil.tld"),
        ("EVIL.tld", "evil.tld"),
        ("evil.tld.", "evil.tld"),
        ("EVIL.tld.:8443", "evil.tld"),
        ("ｅｖｉｌ.tld", "evil.tld"),
        ("evil。tld", "evil.tld"),
        ("ev\u00adil.tld", "evil.tld"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("XN--MNCHEN-3YA.de", "xn--mnchen-3ya.de"),
        ("a-b.c--d.example", "a-b.c--d.example"),
    ],
)
def test_one_host_has_one_spelling(written: str, meant: str) -> None:
    assert hosts.normal(written) == meant
    assert hosts.of(f"https://{written}/@zoe") == meant


def test_a_name_that_only_looks_alike_is_another_host() -> None:
    assert hosts.normal("еvil.tld") == "xn--vil-qdd.tld"


@pytest.mark.parametrize(
    "trick",
    [
        "", ".", "..", "a..b", ".a.b", "evil.tld..", "-a.tld", "a-.tld", "a_b.tld", "a b.tld", "evil.tld\n",
        " evil.tld",
        "zoe@evil.tld", "two.example@evil.tld", "evil.tld%2f.two.example", "evil%2etld", "evil.tld/two", "evil.tld#",
        "evil.tld\\two", "℀.com", "xn--a.de", "a.xn--0", "xn--ls8h.la", "evil.tld\u200b.two\u0000",
        "evil.tld:0", "evil.tld:65536", "evil.tld:+80", "evil.tld:8_0", "evil.tld:８０", "evil.tld:", "evil.tld:80:80",
        "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0x7f000001", "１２７.0.0.1", "1.2.3.4.", "a.1",
        "a.0x",
        "[::1]", "::1", "[::ffff:127.0.0.1]", "[::1", "[evil.tld]", "[::1]evil.tld", "[fe80::1%25eth0]", "localhost",
        "a" * 64 + ".tld", ".".join(["abcdefgh"] * 30),
    ],
)  # fmt: skip
def test_a_host_that_can_be_read_in_two_ways_is_refused(trick: str) -> None:
    with pytest.raises(NoHost):
        hosts.normal(trick)


@pytest.mark.parametrize(
    "trick",
    [
        "two.example", "//two.example/", "ftp://two.example/", "HTTPS:two.example", "https:///a", "https://",
        "https://zoe:pw@two.example/", "https://two.example\\@evil.tld/", "https://two.exa\tmple/", "https://two.example/a\nb",
        "https://[::1/", "https://two.example:x/", "javascript:alert(1)", "https://two.example /",
    ],
)  # fmt: skip
def test_an_address_without_one_origin_is_refused(trick: str) -> None:
    with pytest.raises(NoHost):
        hosts.of(trick)
    assert not hosts.same_origin(trick, trick)
    assert not hosts.is_https(trick)


def test_an_address_of_a_network_that_the_operator_allows_is_a_host(settings: Settings) -> None:
    settings.FEDERATION_NETWORKS = ["127.0.0.0/8", "::1/128"]

    assert hosts.normal("127.0.0.2:8443") == "127.0.0.2"
    assert hosts.of("https://[0:0::1]:8443/") == "::1"
    assert hosts.registrable("127.0.0.2") == "127.0.0.2"
    assert hosts.above("::1") == ["::1"]
    with pytest.raises(NoHost):
        hosts.normal("10.0.0.1")
    with pytest.raises(NoHost):
        hosts.normal("127.1")


def test_an_address_that_names_an_interface_is_none(settings: Settings) -> None:
    settings.FEDERATION_NETWORKS = ["fe80::/10"]
    assert hosts.normal("[fe80::1]") == "fe80::1"
    with pytest.raises(NoHost):
        hosts.normal("[fe80::1%eth0]")


def test_an_origin_is_scheme_host_and_port() -> None:
    assert hosts.same_origin("https://Two.Example./a", "https://two.example:443/b#c")
    assert not hosts.same_origin("https://two.example/a", "http://two.example/a")
    assert not hosts.same_origin("https://two.example/a", "https://two.example:8443/a")
    assert not hosts.same_origin("https://two.example/a", "https://a.two.example/a")
    assert not hosts.same_origin("https://two.example/a", "https://two.example.evil.tld/a")


def test_an_actor_is_at_https_and_its_address_can_be_kept() -> None:
    assert hosts.is_https("https://two.example/@zoe/")
    for other in ("http://two.example/@zoe/", "https://two.example/" + "a" * 500, None, 7, ["https://two.example/"]):
        assert not hosts.is_https(other)


@pytest.mark.parametrize(
    ("host", "registered"),
    [
        ("evil.tld", "evil.tld"),
        ("a.b.evil.tld", "evil.tld"),
        ("A.evil.tld.:8443", "evil.tld"),
        ("a.evil.co.uk", "evil.co.uk"),
        ("evil.co.uk", "evil.co.uk"),
        ("co.uk", "co.uk"),
        ("a.evil.or.at", "evil.or.at"),
        ("a.com.evil.org", "evil.org"),
        ("a.com.de", "a.com.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
    ],
)
def test_whoever_has_a_name_has_all_below_it(host: str, registered: str) -> None:
    assert hosts.registrable(host) == registered


@pytest.mark.parametrize("host", ["a.evil.tld", "EVIL.tld.", "evil.tld:8443", "x.y.evil.tld", "ｅｖｉｌ.tld"])
def test_a_block_of_a_name_covers_what_is_below_it(host: str) -> None:
    assert "evil.tld" in hosts.above(host)
    assert "evil.tld" not in hosts.above("notevil.tld")
    assert hosts.above("a.b.evil.tld") == ["a.b.evil.tld", "b.evil.tld", "evil.tld"]


@given(st.text(max_size=80) | st.from_regex(r"[a-z0-9.:\[\]xn\-]{1,40}", fullmatch=True))
def test_what_is_normal_stays_so(text: str) -> None:
    try:
        host = hosts.normal(text)
    except NoHost:
        return
    assert hosts.normal(host) == host == host.lower()
    assert not set(host) & set("@/\\%#? :")
    assert hosts.above(host)[-1] == hosts.registrable(host)


@given(st.text("htpsHTPS:/?#@[].:aé \\\t%1", max_size=24).map(lambda rest: f"https://{rest}"))
def test_the_head_of_an_address_says_what_the_whole_says(uri: str) -> None:
    """Only scheme and authority are parsed, and remembered: the rest cannot change the origin."""
    try:
        parts = urlsplit(uri)
        whole = (parts.scheme, hosts.normal(parts.netloc), parts.port or 443)
    except (ValueError, hosts.NoHost):
        whole = None
    try:
        head = hosts.origin(uri)
    except hosts.NoHost:
        return  # stricter is fine
    assert head == whole
