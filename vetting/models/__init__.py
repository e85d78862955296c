"""What is known of a member: evidence (append-only), what follows from it, vouches, and the standing computed."""

from vetting.models.contexts import Confirmation, ConfirmationKind, Doubt
from vetting.models.ledger import MILLION, Claim, Evidence
from vetting.models.standing import Conduct, Edge, Night, Proof, ProofKind, Standing, WorkDomain
from vetting.models.vouches import Vouch

__all__ = [
    "MILLION",
    "Claim",
    "Conduct",
    "Confirmation",
    "ConfirmationKind",
    "Doubt",
    "Edge",
    "Evidence",
    "Night",
    "Proof",
    "ProofKind",
    "Standing",
    "Vouch",
    "WorkDomain",
]
