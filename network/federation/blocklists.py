"""Lists of servers to keep away from, in the form in which moderators elsewhere exchange them (Mastodon's CSV).

`#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate`; `suspend` is closed here, `silence` is
limited, `noop` nothing. A list says what others think: it opens nothing, and closes no server that is allowed here.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import powers
from accounts.models import Member
from foundation.refusals import Invalid
from network.federation import hosts, policies
from network.federation.models import Peer, Policy

COLUMNS = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
MEANS = {"suspend": Policy.CLOSED, "silence": Policy.LIMITED}
SAYS = {policy: severity for severity, policy in MEANS.items()}
ROWS_MAX = 20_000
"""The longest lists in use have some four thousand."""


class NoBlockList(Invalid):
    code = "no-block-list"
    message = _("That is no block list: the first line names the columns, among them #domain and #severity.")


@dataclass
class Changes:
    """What a list would change here: `decisions` is (host, policy, why)."""

    decisions: list[tuple[str, Policy, str]] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    """Servers that the list closes and that are on our allow list: they stay as they are."""
    unread: list[str] = field(default_factory=list)
    """Lines that name no host (obfuscated ones, with `*`), or our own."""
    same: int = 0


def compare(text: str) -> Changes:
    """What would change, without changing it. Raises `NoBlockList`."""
    here = {peer.host: peer for peer in Peer.objects.all()}
    kept = {name for peer in here.values() if peer.allowed for name in hosts.above(peer.host)}
    changes = Changes()
    for domain, policy, why in _rows(text):
        host = _host(domain)
        if not host:
            changes.unread.append(domain)
        elif policy == Policy.CLOSED and host in kept:
            changes.allowed.append(host)
        elif host in here and here[host].policy in (policy, Policy.CLOSED):
            changes.same += 1
        else:
            changes.decisions.append((host, policy, why or str(_("from a block list"))))
    return changes


@transaction.atomic
def adopt(text: str, *, by: Member | None) -> Changes:
    """The list holds here, each line noted as this moderator's decision. Raises `NotAModerator`, `NoBlockList`."""
    powers.check(by, policies.CHANGE)
    changes = compare(text)
    for host, policy, why in changes.decisions:
        policies.decide(host, policy, why=why, by=by)
    return changes


def export() -> str:
    """Our own list, closed and limited servers by name."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for peer in Peer.objects.filter(policy__in=SAYS).order_by("host"):
        severity = SAYS[Policy(peer.policy)]
        lines.writerow([peer.host, severity, "False", "False", _harmless(peer.why), "False"])
    return out.getvalue()


def _rows(text: str) -> Iterator[tuple[str, Policy, str]]:
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff").strip()))
    names = {name.strip().lstrip("#"): name for name in reader.fieldnames or () if name}
    if not {"domain", "severity"} <= names.keys():
        raise NoBlockList
    try:
        for number, row in enumerate(reader):
            if number >= ROWS_MAX:
                raise NoBlockList
            policy = MEANS.get((row[names["severity"]] or "").strip().lower())
            why = (row.get(names.get("public_comment", ""), "") or "").strip()
            if policy:
                yield (row[names["domain"]] or "").strip(), policy, why
    except csv.Error:
        raise NoBlockList from None


def _host(domain: str) -> str:
    """The host as it is written here; empty for what is none, or is our own."""
    try:
        host = hosts.normal(domain)
    except hosts.NoHost:
        return ""
    return "" if policies.is_our_own(host) else host


def _harmless(text: str) -> str:
    """No cell that a spreadsheet would take for a formula (security.md, 47)."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text
