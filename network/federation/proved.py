"""Whether an activity carries its author's own proof (FEP-8b32): what is kept as somebody's word must be signed."""

from foundation import signing
from foundation.signing import Document, Unproven
from network.federation.models import Actor, ActorKey, Purpose


def check(activity: Document, *, by: Actor) -> None:
    """Nothing, if a key that the actor's document names for assertions made the proof; else `Unproven`."""
    proof = activity.get("proof")
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    key = ActorKey.objects.filter(actor=by, purpose=Purpose.ASSERTION, key_id=str(method)).first()
    if key is None:
        raise Unproven
    signing.check(activity, public=signing.public_from(key.public))
