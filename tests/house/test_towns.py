"""Two towns on one machine: names without ports, a private authority that vouches for this machine alone."""

import socket
import ssl
import stat
import threading
from ipaddress import ip_address
from pathlib import Path

import pytest
from pytest_django import Settings

from config import authority, towns
from config.towns import TOWNS
from network.federation import networks


def shakes_hands(certificate: Path, root: Path, name: str) -> None:
    """A client that trusts `root` and means `name` takes the certificate. Raises `ssl.SSLError`."""
    door = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    door.load_cert_chain(certificate)
    ours, theirs = socket.socketpair()
    with ours, theirs:

        def serve() -> None:
            try:
                door.wrap_socket(theirs, server_side=True).close()
            except (ssl.SSLError, OSError):
                theirs.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            ssl.create_default_context(cafile=root).wrap_socket(ours, server_hostname=name).close()
        finally:
            thread.join(5)


def test_a_town_shows_a_certificate_for_its_name_and_no_other(tmp_path: Path) -> None:
    certificate = authority.certificate(tmp_path, "town-one.localhost")

    shakes_hands(certificate, authority.root(tmp_path), "town-one.localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        shakes_hands(certificate, authority.root(tmp_path), "town-two.localhost")


def test_the_authority_cannot_speak_for_names_of_other_machines(tmp_path: Path) -> None:
    certificate = authority.certificate(tmp_path, "bank.example")

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        shakes_hands(certificate, authority.root(tmp_path), "bank.example")


def test_certificates_are_made_once_and_again_before_they_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = authority.certificate(tmp_path, "town-one.localhost").read_bytes()
    root = authority.root(tmp_path).read_bytes()
    assert authority.certificate(tmp_path, "town-one.localhost").read_bytes() == first
    authority.certificate(tmp_path, "town-two.localhost")
    assert authority.root(tmp_path).read_bytes() == root

    monkeypatch.setattr(authority, "AGAIN_BEFORE", authority.LASTS)

    assert authority.certificate(tmp_path, "town-one.localhost").read_bytes() != first
    assert authority.root(tmp_path).read_bytes() != root


def test_the_authoritys_key_is_ours_alone(tmp_path: Path) -> None:
    authority.certificate(tmp_path / "ca", "town-one.localhost")

    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "ca" / "authority.pem").stat().st_mode) == 0o600
    assert b"PRIVATE" not in authority.root(tmp_path / "ca").read_bytes()


def test_each_town_knows_where_all_of_them_are(tmp_path: Path) -> None:
    told = [towns.environment(town, port=town.port, ca=tmp_path) for town in TOWNS.values()]

    assert len({one["FEDERATION_PORTS"] for one in told}) == 1
    assert {one["SITE_URL"] for one in told} == {"https://town-one.localhost", "https://town-two.localhost"}
    assert len({town.port for town in TOWNS.values()} | {town.tls for town in TOWNS.values()}) == 4
    assert len({one["FEDERATION_CA_FILE"] for one in told if "FEDERATION_CA_FILE" in one}) <= 1


def test_a_town_whose_door_is_taken_does_without_neighbours(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        town = towns.Town("three", "Third", "three", port=8002, tls=somebody.getsockname()[1])
        told = towns.environment(town, port=8002, ca=tmp_path)

    assert told["FEDERATION"] == "0"
    assert "TLS_PORT" not in told
    assert "taken" in towns.neighbourhood(town, told)


def test_a_neighbour_on_this_machine_is_dialled_where_it_listens(settings: Settings) -> None:
    settings.FEDERATION_PORTS = ["town-two.localhost:8644"]

    assert networks.port_of("town-two.localhost", ip_address("127.0.0.1"), 443) == 8644
    assert networks.port_of("town-one.localhost", ip_address("127.0.0.1"), 443) == 443


def test_nobody_elsewhere_is_dialled_at_another_port(settings: Settings) -> None:
    settings.FEDERATION_PORTS = ["two.example:8644"]

    assert networks.port_of("two.example", ip_address("93.184.216.34"), 443) == 443
