"""A private authority for towns on one machine: made on the spot in .run/ca, trusted by those towns and nobody else.

It vouches for names under .localhost alone (RFC 6761: this machine), whoever might come to trust it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LASTS = timedelta(days=365)
AGAIN_BEFORE = timedelta(days=30)
"""What ends sooner than that is made anew."""
_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Leumund, towns on this machine")])


def certificate(folder: Path, host: str) -> Path:
    """A file with key and certificate of that host; `root` of the folder says whom to trust for it."""
    with _alone(folder):
        own, file = folder / "authority.pem", folder / f"{host}.pem"
        if not _lasts(own) or not root(folder).exists():
            for stale in folder.glob("*.pem"):
                stale.unlink()
            authority = _key()
            _write(own, authority, _signed(_of_authority(authority), authority))
            root(folder).write_bytes(_read(own)[1].public_bytes(serialization.Encoding.PEM))
        if not _lasts(file):
            key, authority = _key(), _read(own)[0]
            _write(file, key, _signed(_of_host(key, host, authority), authority))
        return file


def root(folder: Path) -> Path:
    """The authority's certificate, for `FEDERATION_CA_FILE`."""
    return folder / "root.crt"


def _of_authority(key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    return (
        _builder(_NAME, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints([x509.DNSName("localhost")], None), critical=True)
    )


def _of_host(
    key: ec.EllipticCurvePrivateKey, host: str, authority: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    return (
        _builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
    )


def _builder(subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_NAME)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, authority: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return builder.sign(authority, hashes.SHA256())


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _write(file: Path, key: ec.EllipticCurvePrivateKey, made: x509.Certificate) -> None:
    """Readable by us alone, and whole or not at all."""
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    half = file.with_suffix(".half")
    half.touch(mode=0o600)
    half.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    half.replace(file)


def _read(file: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    pem = file.read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key, x509.load_pem_x509_certificate(pem)


def _lasts(file: Path) -> bool:
    return file.exists() and _read(file)[1].not_valid_after_utc > datetime.now(UTC) + AGAIN_BEFORE


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two towns that start together make one authority."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with (folder / "authority.lock").open("a") as lock:
        flock(lock, LOCK_EX)
        yield
