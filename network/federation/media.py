"""Content types: what is asked for, and what counts as it. An uploaded file is never taken for a document. Pure.

CVE-2024-25623: a server that takes JSON of any content type can be fed with files that somebody uploaded elsewhere.
"""

from foundation.refusals import Invalid
from network.federation import vocabulary

JRD = "application/jrd+json"
JSON = "application/json"
_PROFILE = "https://www.w3.org/ns/activitystreams"


class WrongKind(Invalid):
    """Found, but of another content type."""

    code = "wrong-kind"


def asked_as(accept: str) -> str:
    """The Accept header for what is wanted."""
    return f"{vocabulary.ACTIVITY_JSON}, {vocabulary.LD_JSON}" if accept == vocabulary.ACTIVITY_JSON else accept


def check(status: int, content_type: str, accept: str) -> None:
    """A 200 is of the kind that was asked for, else `WrongKind`; other answers may say what they like."""
    if status == 200 and not fits(content_type, accept):
        raise WrongKind


def fits(content_type: str, accept: str) -> bool:
    """JRD may come as plain JSON: WebFinger has an address of its own, where nobody uploads (RFC 7033, 10.2)."""
    name, *parameters = (part.strip() for part in content_type.split(";"))
    name = name.lower()
    if accept == vocabulary.ACTIVITY_JSON:
        return name == vocabulary.ACTIVITY_JSON or (name == "application/ld+json" and _has_profile(parameters))
    if accept == JRD:
        return name in (JRD, JSON)
    return name == accept


def _has_profile(parameters: list[str]) -> bool:
    """The profile may name several, parted by blanks (RFC 6906, 3.1)."""
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        if name.strip().lower() == "profile" and _PROFILE in value.strip().strip('"').split():
            return True
    return False
