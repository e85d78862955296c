"""What this floor keeps of a member, as they take it along."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts import crossings, homes, months, ties
from accounts.exporting import leaves_out, part, plain, rows
from accounts.models import Block, EntryChange, Member, Token, Visibility
from foundation import did


@part(
    "me",
    "accounts.Account",
    "accounts.Member",
    "accounts.Door",
    "accounts.Home",
    "accounts.Key",
    "account.EmailAddress",
)
def me(member: Member) -> dict[str, Any]:
    profile = {
        name: {"text": getattr(member, name), "circle": _circle(getattr(member, f"{name}_to"))}
        for name in Member.PROFILE
    }
    return {
        "address": member.address,
        "mail": member.account.email if member.account else "",
        "profile": profile,
        "language": member.language,
        "time_zone": member.time_zone,
        "may_be_indexed": member.may_be_indexed,
        "joined": plain(member.joined_at),
        "door": member.door.lowest,
        "followers": member.door.followers,
        "other_homes": homes.aliases_of(member),
        "moved_to": homes.moved_to(member),
        "keys": [did.of(bytes(key.public)) for key in member.keys.order_by("pk")],
    }


def _circle(level: int) -> str:
    return Visibility(level).name.lower()


@part("entries", "accounts.Entry")
def entries(member: Member) -> list[dict[str, Any]]:
    return [
        {
            "id": str(entry.public_id),
            "kind": entry.kind,
            "organisation": entry.organisation.name,
            "unit": entry.unit.name if entry.unit else "",
            "title": entry.title,
            "text": entry.text,
            "starts": months.write(entry.starts, exact=entry.starts_exact),
            "ends": months.write(entry.ends, exact=entry.ends_exact),
            "circle": _circle(entry.visible_to),
            "matchable": entry.matchable,
            "written": plain(entry.made_at),
            "counts_from": plain(entry.counts_from),
        }
        for entry in member.entries.select_related("organisation", "unit")
    ]


@part("entry_changes", "accounts.EntryChange")
def entry_changes(member: Member) -> list[dict[str, Any]]:
    return rows(EntryChange.objects.filter(member=member).order_by("at"), "entry", "at", "act", "fields", "resets_age")


@part("crossings")
def crossed(member: Member) -> list[dict[str, Any]]:
    """The first page: more of others than a member may look at in a day is not theirs to take."""
    found, _more = crossings.find(member)
    return [
        {
            "with": path.person.member.address,
            "organisation": path.mine.organisation.name,
            "from": months.write(path.first, exact=True),
            "to": months.write(path.last, exact=True),
        }
        for path in found
    ]


@part("sign_ins", "usersessions.UserSession", "mfa.Authenticator", "accounts.Token")
def sign_ins(member: Member) -> dict[str, Any]:
    sessions = UserSession.objects.filter(user=member.account).order_by("pk")
    factors = Authenticator.objects.filter(user=member.account).order_by("pk")
    tokens = Token.objects.filter(member=member).order_by("pk")
    return {
        "sessions": rows(sessions, "created_at", "last_seen_at", "ip", "user_agent"),
        "factors": rows(factors, "type", "created_at", "last_used_at"),
        "tokens": rows(tokens, "name", "scopes", "made_at", "expires_at", "used_on", "revoked_at"),
    }


@part("blocks", "accounts.Block")
def blocks(member: Member) -> list[dict[str, Any]]:
    return rows(Block.objects.filter(blocker=member).select_related("blocked").order_by("since"), "blocked", "since")


@part("ties", "accounts.Tie")
def known(member: Member) -> list[str]:
    """Whom the member is in contact with."""
    return [other.address for other in ties.contacts_of(member).order_by("pk")]


leaves_out("accounts.LastMet", "a moment that requests and messages hold as well")
leaves_out("accounts.Elsewhere", "what other servers say of their people")
leaves_out("accounts.Lookup", "addresses that were asked for, by whomever")
leaves_out("accounts.Merge", "what moderators did to organisations")
leaves_out("accounts.AddressChange", "holds the key to take the account back; the old address has the letter")
leaves_out("accounts.Export", "this export itself")
leaves_out("admin.LogEntry", "empty: the panel writes the audit log")
