"""One address, two answers: the page for people, the activity for servers. The Accept header decides. Pure."""

ACTIVITY_TYPES = frozenset({"application/activity+json", "application/ld+json"})
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def wants_activity(accept: str) -> bool:
    """Whether the asker would rather have the activity than the page; one who has no preference gets the page.

    `application/ld+json` counts with any profile or none: several servers leave it out.
    """
    activity = page = 0.0
    for part in accept[:1000].split(","):
        name, *parameters = (word.strip().lower() for word in part.split(";"))
        if name in ACTIVITY_TYPES:
            activity = max(activity, _quality(parameters))
        elif name in PAGE_TYPES:
            page = max(page, _quality(parameters))
    return activity > 0 and activity >= page


def _quality(parameters: list[str]) -> float:
    """`q=0.7`; 1 if it is not said, 0 if it cannot be read (RFC 9110, 12.4.2)."""
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
