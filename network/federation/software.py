"""What another server runs, as it says of itself (NodeInfo): for operators to read, and for nothing else."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from foundation import jobs, strict_json
from foundation.refusals import Refusal
from network.federation import client, fetching, hosts, media, nodeinfo, plain, vocabulary
from network.federation.models import Peer

UNKNOWN = "?"
"""Asked, and not told: it is not asked again."""


def ask(peer: Peer) -> None:
    """A worker asks that server, once. Call it inside a transaction."""
    if not peer.software:
        jobs.add("peer-software", {"peer": peer.pk}, key=f"peer-software:{peer.pk}")


@jobs.handles("peer-software", lane="slow", outside=True, time_limit_s=45, deadline=timedelta(hours=1))
def note(peer: int) -> None:
    """The peer's row says what it runs, or `UNKNOWN`."""
    row = Peer.objects.filter(pk=peer, software="").first()
    if row is None or not settings.FEDERATION:
        return
    try:
        said = _asked(row.host)
    except Refusal:
        said = ""
    Peer.objects.filter(pk=peer).update(software=said or UNKNOWN)


def _asked(host: str) -> str:
    """`mastodon 4.5.1`; empty if it says nothing that can be read."""
    links = vocabulary.listed(_read(f"https://{host}/.well-known/nodeinfo").get("links"))
    wanted = {f"{nodeinfo.SCHEMA}{version}" for version in nodeinfo.VERSIONS}
    for link in links[:10]:
        href = link.get("href") if isinstance(link, dict) and link.get("rel") in wanted else None
        if isinstance(href, str) and hosts.same_origin(href, f"https://{host}/"):
            return _named(_read(href).get("software"))
    return ""


def _read(url: str) -> dict[str, Any]:
    fetching.spend(url)
    answer = client.get(url, accept=media.JSON, signed=False)
    if answer.status != 200:
        raise fetching.Nobody
    return strict_json.read(answer.body)


def _named(software: object) -> str:
    if not isinstance(software, dict):
        return ""
    return plain.line(f"{software.get('name', '')} {software.get('version', '')}", most=80)
