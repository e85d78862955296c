"""Towns that `script/server` can run beside each other on one machine, and how they find each other.

Pages are plain HTTP on loopback, as browsers take it without a warning. To its neighbours each town is
`https://NAME.localhost`, without a port, as a real server is; FEDERATION_PORTS says where that really is, and a private
authority (config/authority.py) vouches for it. Why: docs/decisions/0055-two-towns-on-one-machine.md.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config import authority

LOOPBACK = "127.0.0.0/8"


@dataclass(frozen=True)
class Town:
    """`folder` is its place below .run; `tls` the port at which neighbours knock."""

    key: str
    name: str
    folder: str
    port: int
    tls: int

    @property
    def host(self) -> str:
        return f"town-{self.key}.localhost"


TOWNS = {
    town.key: town
    for town in (
        Town("one", "Leumund", "", port=8000, tls=8643),
        Town("two", "Leumund am Sund", "two", port=8001, tls=8644),
    )
}


def environment(town: Town, *, port: int, ca: Path) -> dict[str, str]:
    """What the processes of a town need to know. Where its door for neighbours is taken, it does without them."""
    heard = free(town.tls)
    own = {
        "SITE_NAME": town.name,
        "SITE_URL": f"https://{town.host}",
        "PAGES_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": f"127.0.0.1,localhost,{town.host}",
        "FEDERATION": "1" if heard else "0",
        "FEDERATION_NETWORKS": LOOPBACK,
        "FEDERATION_PORTS": ",".join(f"{one.host}:{one.tls}" for one in TOWNS.values()),
    }
    if heard:
        own |= {
            "TLS_PORT": str(town.tls),
            "TLS_CERTIFICATE": str(authority.certificate(ca, town.host)),
            "FEDERATION_CA_FILE": str(authority.root(ca)),
        }
    return own


def neighbourhood(town: Town, environment: Mapping[str, str]) -> str:
    """For whoever started it: by which name other servers know the town, and whether they can reach it."""
    if environment.get("TLS_PORT"):
        others = " or ".join(f"script/server --town {key}" for key in TOWNS if key != town.key)
        return f"Its neighbours know it as {town.host}; one that runs beside it: {others}"
    if environment.get("FEDERATION") == "0":
        return f"Port {town.tls} is taken, so it hears no neighbours."
    return "It has no neighbours on this machine, as it was given its own services or SITE_URL."


def free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
