"""Plain region codes: a country (ISO 3166-1), then ever narrower parts: `DE`, `DE-NW`, `DE-NW-KOELN`. Pure."""

MAX_CHARACTERS = 40


def code(text: str) -> str:
    """The code as it is kept, upper case; empty for anything that is none."""
    region = text.strip().upper()
    parts = region.split("-")
    good = len(region) <= MAX_CHARACTERS and len(parts[0]) == 2 and parts[0].isalpha()
    return region if good and all(part.isalnum() and part.isascii() for part in parts) else ""


def covers(broader: str, place: str) -> bool:
    """`DE` covers `DE-NW`, which covers `DE-NW-KOELN`; each covers itself."""
    return place == broader or place.startswith(f"{broader}-")


def meet(one: str, other: str) -> bool:
    """One lies within the other."""
    return covers(one, other) or covers(other, one)


def broader(region: str) -> list[str]:
    """Every region that covers this one, itself included: `DE`, `DE-NW`, `DE-NW-KOELN`."""
    parts = region.split("-")
    return ["-".join(parts[:count]) for count in range(1, len(parts) + 1)]
