"""Where calls may go: never inside, whatever name, redirect or resolver leads there."""

import socket
from ipaddress import ip_address

import pytest
from pytest_django import Settings

from network.federation import client, guard, http_keys, networks
from network.federation.models import SignsWith
from network.federation.networks import Unsafe
from tests.federation.tls import Server, serving
from tests.federation.world import World, leads_to, says

NOTE = {"id": "https://two.example/notes/1", "type": "Note"}


# ── where it may go ─────────────────────────────────────────────────────────

INSIDE = [
    "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data/", "https://[fd00::1]/",
    "https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1/", "https://[fe80::1]/", "https://localhost/",
    "https://a.localhost/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://017700000001/",
]  # fmt: skip


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whatever anybody connects to; nothing does."""
    tried: list[object] = []

    def dial(address: object, *more: object, **named: object) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", dial)
    return tried


@pytest.mark.adversarial(19)
@pytest.mark.parametrize("url", INSIDE)
def test_no_call_goes_inside(db: None, url: str, dialled: list[object]) -> None:
    with pytest.raises(Unsafe):
        client.get(url, signed=False)
    assert dialled == []


@pytest.mark.adversarial(19)
def test_a_name_that_leads_inside_is_not_dialled(
    db: None, dialled: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "resolve", lambda name: ["169.254.169.254"])
    with pytest.raises(Unsafe):
        client.get("https://metadata.example/", signed=False)
    with pytest.raises(Unsafe):
        client.post("https://metadata.example/inbox", b"", signer=http_keys.signer(None), how=SignsWith.CAVAGE)
    assert dialled == []


@pytest.mark.adversarial(20)
@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "0.1.2.3", "10.255.255.255", "100.64.0.1", "127.255.255.254", "169.254.0.1", "172.31.255.255",
        "192.0.0.8", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
        "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_that_are_nobodys_are_not_dialled(address: str) -> None:
    assert not networks.may_dial(ip_address(address), 443)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1", "2a00::1"]
)
def test_public_addresses_are_dialled_on_the_port_of_https_alone(address: str) -> None:
    assert networks.may_dial(ip_address(address), 443)
    assert not networks.may_dial(ip_address(address), 22)
    assert not networks.may_dial(ip_address(address), 8443)


def test_the_operator_may_allow_a_network(settings: Settings) -> None:
    settings.FEDERATION_NETWORKS = ["10.1.0.0/16", "fd00:1::/32"]
    assert networks.may_dial(ip_address("10.1.2.3"), 8443)
    assert networks.may_dial(ip_address("fd00:1::2"), 443)
    assert not networks.may_dial(ip_address("10.2.0.1"), 443)


@pytest.mark.parametrize("name", ["one.localhost", "localhost", "ONE.localhost."])
def test_names_under_localhost_are_this_machine_and_only_where_that_is_allowed(name: str, settings: Settings) -> None:
    with pytest.raises(Unsafe):
        networks.vetted(name, 443, within_s=1)
    settings.FEDERATION_NETWORKS = ["127.0.0.0/8"]
    assert [str(one) for one in networks.vetted(name, 443, within_s=1)] == ["127.0.0.1"]


def test_of_several_addresses_only_public_ones_are_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "resolve", lambda name: ["10.0.0.1", "1.1.1.1", "::1"])
    assert [str(one) for one in networks.vetted("mixed.example", 443, within_s=1)] == ["1.1.1.1"]


@pytest.mark.parametrize(
    "url",
    [
        "http://two.example/", "ftp://two.example/", "file:///etc/passwd", "gopher://two.example/", "//two.example/",
        "https://user@two.example/", "https://user:word@two.example/", "https:///x", "https://two.example:x/",
        "https://two.example/a b", "https://two.example/\r\nX: y", "https://two.example/ä", "two.example", "",
    ],
)  # fmt: skip
def test_other_schemes_and_users_are_refused(db: None, url: str, dialled: list[object]) -> None:
    with pytest.raises(Unsafe):
        client.get(url, signed=False)
    assert dialled == []


def test_our_own_house_is_not_called(db: None, settings: Settings) -> None:
    settings.SITE_HOST = "Leumund.example"
    with pytest.raises(Unsafe):
        client.get("https://leumund.example/@ada/", signed=False)


# ── redirects ───────────────────────────────────────────────────────────────


@pytest.mark.adversarial(21)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("inside", ["https://169.254.169.254/", "https://10.0.0.1/x", "https://inside.example/"])
def test_a_redirect_inside_is_not_followed(world: World, two: Server, status: int, inside: str) -> None:
    world.names["inside.example"] = ["192.168.0.1"]
    two.paths["/note"] = leads_to(inside, status=status)
    with pytest.raises(Unsafe):
        client.get(two.url("/note"))
    assert two.targets == ["/note"]


@pytest.mark.adversarial(21)
@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "gopher"])
def test_a_redirect_to_another_scheme_is_not_followed(two: Server, scheme: str) -> None:
    two.paths["/note"] = leads_to(f"{scheme}://two.example/other")
    with pytest.raises(Unsafe):
        client.get(two.url("/note"))
    assert two.targets == ["/note"]


@pytest.mark.adversarial(21)
def test_three_redirects_are_followed_and_a_fourth_is_not(two: Server) -> None:
    two.paths |= {"/1": leads_to("/2"), "/2": leads_to("/3"), "/3": leads_to("/note"), "/0": leads_to("/1")}
    assert client.get(two.url("/1")).url == two.url("/note")
    with pytest.raises(Unsafe):
        client.get(two.url("/0"))
    assert two.targets[-1] == "/3"


# ── rebinding ───────────────────────────────────────────────────────────────


@pytest.mark.adversarial(22)
def test_the_vetted_address_is_the_one_that_is_dialled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name whose second answer leads inside: it is never asked for a second one."""
    honest = world.server("two.example", "127.0.0.2")
    honest.paths["/note"] = says(NOTE)
    with serving(world.authority, "two.example", "127.0.0.3") as inside:
        answers = iter([["127.0.0.2"], ["127.0.0.3"], ["127.0.0.3"]])
        asked: list[str] = []

        def changes_its_mind(name: str) -> list[str]:
            asked.append(name)
            return next(answers)

        monkeypatch.setattr(networks, "resolve", changes_its_mind)
        assert client.get(honest.url("/note")).status == 200
        assert (asked, len(honest.asked), inside.asked) == (["two.example"], 1, [])


@pytest.mark.adversarial(22)
def test_a_name_that_changed_its_mind_is_vetted_when_it_is_dialled_again(world: World, two: Server) -> None:
    client.get(two.url("/note"))
    guard.close()
    world.names["two.example"] = ["10.0.0.1"]
    with pytest.raises(Unsafe):
        client.get(two.url("/note"))
