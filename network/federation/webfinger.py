"""WebFinger (RFC 7033), answered: who goes by an address here. And host-meta, which some servers ask first."""

from html import escape

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation.refusals import Invalid, NotThere
from foundation.signing import Document
from network.federation import addresses, documents, vocabulary

PROFILE_PAGE = "http://webfinger.net/rel/profile-page"


class NoResource(Invalid):
    code = "no-resource"
    message = _("Ask for acct:name@server, for the address of a page, or for the server itself.")


def answer(resource: str) -> Document:
    """The JRD of a member (`acct:…`, their address) or of the house (its address, that of the whole server: FEP-d556).

    Unknown and unconfirmed members are not there alike: `NotThere`. Raises `NoResource` for what names nobody.
    """
    asked = resource.strip()[:500]
    if asked.startswith(("https://", "http://")):
        return _of_page(asked)
    name, at, host = asked.removeprefix("acct:").removeprefix("@").lower().rpartition("@")
    if not at or not name:
        raise NoResource
    if host != settings.SITE_HOST.lower():
        raise NotThere
    return _of_house() if name == documents.house_name() else _of_member(_present(name))


def host_meta() -> str:
    """Where WebFinger is (RFC 6415)."""
    template = escape(f"{settings.SITE_URL}/.well-known/webfinger?resource={{uri}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" type="application/jrd+json" template="{template}"/>\n'
        "</XRD>\n"
    )


def _of_page(uri: str) -> Document:
    if uri.rstrip("/") in (settings.SITE_URL, addresses.house()):
        return _of_house()
    member = addresses.member_at(f"{uri.rstrip('/')}/")
    if member is None:
        raise NotThere
    return _of_member(member)


def _of_member(member: Member) -> Document:
    uri = addresses.actor(member)
    page = {"rel": PROFILE_PAGE, "type": "text/html", "href": uri}
    return {"subject": f"acct:{member.address}", "aliases": [uri], "links": [_link("self", uri), page]}


def _of_house() -> Document:
    uri = addresses.house()
    links = [_link("self", uri), _link(vocabulary.SERVICE_REL, uri)]
    return {"subject": f"acct:{documents.house_name()}@{settings.SITE_HOST}", "aliases": [uri], "links": links}


def _link(rel: str, uri: str) -> dict[str, str]:
    return {"rel": rel, "type": vocabulary.ACTIVITY_JSON, "href": uri}


def _present(handle: str) -> Member:
    member = Member.objects.present().filter(handle=handle, host="").first()
    if member is None:
        raise NotThere
    return member
