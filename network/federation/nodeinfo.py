"""NodeInfo 2.0 and 2.1: which software this is and what it speaks. Of its members it tells how many, and no more."""

from django.conf import settings
from django.core.cache import cache

from accounts.models import Member
from foundation.refusals import NotThere
from foundation.signing import Document

VERSIONS = ("2.0", "2.1")
SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
COUNTED_S = 3600


def kept_as(version: str) -> str:
    """The content type of a version, whose profile names its schema (NodeInfo protocol, 2.1)."""
    return f'application/json; profile="{SCHEMA}{version}#"'


def where() -> Document:
    links = [{"rel": f"{SCHEMA}{version}", "href": f"{settings.SITE_URL}/nodeinfo/{version}"} for version in VERSIONS]
    return {"links": links}


def of(version: str) -> Document:
    """The document; raises `NotThere` for other versions.

    The number of members is counted once an hour, so that nobody can watch people join; who was active when, and how
    much is written, is nobody's affair.
    """
    if version not in VERSIONS:
        raise NotThere
    software = {"name": "leumund", "version": settings.SOFTWARE_VERSION}
    return {
        "version": version,
        "software": software if version == "2.0" else software | {"homepage": f"{settings.SITE_URL}/about/"},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": True,
        "usage": {"users": {"total": _members()}},
        "metadata": {"nodeName": settings.SITE_NAME},
    }


def _members() -> int:
    return int(cache.get_or_set("federation:members", _count, COUNTED_S) or 0)


def _count() -> int:
    return Member.objects.present().filter(host="").count()
