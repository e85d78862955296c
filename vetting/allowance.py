"""What a standing permits: plain numbers that `quotas` and the verbs spend against. Defaults from product.md, 6."""

from math import floor

from django.conf import settings

from accounts.models import Member
from vetting import standing


def _share(member: Member) -> float:
    return min(1.0, standing.of(member).points / 100)


def new_requests_a_day(member: Member) -> int:
    """`max(1, floor((2 + 3 · min(1, points/100)) · c))`: shaped by conduct, never shut (reputation.md)."""
    conduct = standing.of(member).conduct
    return max(1, floor((settings.REQUESTS_NEW_A_DAY + 3 * _share(member)) * conduct))


def open_requests(member: Member) -> int:
    """3 to 10 at once, growing with standing."""
    most = settings.REQUESTS_OPEN_MAX - settings.REQUESTS_OPEN
    return int(settings.REQUESTS_OPEN) + floor(most * _share(member))
