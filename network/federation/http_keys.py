"""Our RSA-2048 keys for HTTP signatures, a member's and the house's: made on first use, sealed, rotated."""

from typing import Any

from accounts.models import Member


def signer(member: Member | None) -> Any:  # becomes http_signatures.Signer
    """Who signs for that member; for the house (the instance actor), for none."""
    raise NotImplementedError
