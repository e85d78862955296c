"""Our RSA-2048 keys for HTTP signatures, a member's and the house's: made on first use, sealed, rotated."""

from accounts.models import Member
from network.federation.http_signatures import Signer


def signer(member: Member | None) -> Signer:
    """Who signs for that member; for the house (the instance actor), for none."""
    raise NotImplementedError
