"""How ours is called on the wire. An actor's address is their page's: what is asked for decides which one is given."""

from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings

from accounts.models import Member


def house() -> str:
    """The instance actor: it signs what no member asks for, and is always readable (federation.md)."""
    return f"{settings.SITE_URL}/actor"


def actor(member: Member | None) -> str:
    """The address of a member, local or remote; of the house for none."""
    if member is None:
        return house()
    if member.host:
        return member.elsewhere.uri
    return f"{settings.SITE_URL}/@{member.handle}/"


def part(member: Member, name: str) -> str:
    """`inbox`, `outbox`, `followers`, `following`, `vouches` or `connections` of a local member."""
    return f"{settings.SITE_URL}/@{member.handle}/{name}"


def shared_inbox() -> str:
    return f"{settings.SITE_URL}/inbox"


def http_key(member: Member | None) -> str:
    return f"{actor(member)}#main-key"


def assertion_key(member: Member) -> str:
    return f"{actor(member)}#ed25519-key"


def activity(number: UUID) -> str:
    return f"{settings.SITE_URL}/activities/{number}"


def thing(kind: str, number: UUID) -> str:
    """An object of ours: a request, a message, a vouch, by its public id."""
    return f"{settings.SITE_URL}/things/{kind}/{number}"


def is_ours(uri: str) -> bool:
    return uri == settings.SITE_URL or uri.startswith(f"{settings.SITE_URL}/")


def same_server(one: str, other: str) -> bool:
    """Whether both addresses are of one scheme, host and port (FEP-fe34); False for what is none."""
    try:
        first, second = urlsplit(one), urlsplit(other)
        parts = [(url.scheme, url.hostname, url.port) for url in (first, second)]
    except ValueError:  # a port that is none
        return False
    return parts[0] == parts[1] and bool(first.hostname)


def member_at(uri: str) -> Member | None:
    """The local member whose actor has exactly that address."""
    head, tail = f"{settings.SITE_URL}/@", "/"
    if not (uri.startswith(head) and uri.endswith(tail)):
        return None
    handle = unquote(uri[len(head) : -len(tail)])
    return Member.objects.present().filter(handle=handle, host="").first()
