"""Servers of elsewhere on this machine: real TLS by an authority made on the spot, real names, our own resolver."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ACTIVITY = "application/activity+json"
Answering = Callable[["Door"], None]


class Authority:
    """A private authority: whoever trusts `ca_file` trusts its servers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        builder = self._builder(self._name, self._key).add_extension(x509.BasicConstraints(True, None), critical=True)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self._certificate = builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())
        self.ca_file = folder / "authority.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def context_for(self, *names: str) -> ssl.SSLContext:
        """What a server of those names (or addresses) shows."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        builder = self._builder(subject, key)
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = builder.add_extension(issuer, critical=False).sign(self._key, hashes.SHA256())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = self._folder / f"{names[0]}.pem"
        file.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@dataclass
class Server:
    """One that answers `paths` and keeps what it was asked in `asked`: (method, target, headers)."""

    name: str
    address: str
    port: int = 0
    paths: dict[str, Answering] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    connections: int = 0

    def url(self, target: str = "/") -> str:
        return f"https://{self.name}{target}"

    @property
    def targets(self) -> list[str]:
        return [target for _method, target, _headers in self.asked]


class Door(BaseHTTPRequestHandler):
    """Hands a request to what the server has at that path."""

    protocol_version = "HTTP/1.1"
    house: Server

    def setup(self) -> None:
        super().setup()
        self.house.connections += 1

    def do_GET(self) -> None:
        self.house.asked.append((self.command, self.path, {name.lower(): v for name, v in self.headers.items()}))
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.house.paths.get(self.path, self.house.paths.get(self.path.partition("?")[0], nothing))(self)

    def do_POST(self) -> None:
        self.do_GET()

    def answer(self, status: int, body: bytes = b"", kind: str = ACTIVITY, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def nothing(door: Door) -> None:
    door.answer(404)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what these tests are about."""


@contextmanager
def serving(authority: Authority, name: str, address: str, *, also: tuple[str, ...] = ()) -> Iterator[Server]:
    """A server of that name at that address of this machine, on a port that is free."""
    house = Server(name, address)
    httpd = _Quiet((address, 0), type("DoorOf", (Door,), {"house": house}))
    house.port = httpd.server_address[1]
    context = authority.context_for(name, address, *also)
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield house
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
