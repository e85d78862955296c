"""Our own words in credentials, as a JSON-LD context: what `context` and `statement` mean to a machine. Pure.

Versioned: what stands under `/v1` never changes its meaning. Everything else in a vouch is W3C's.
"""

from typing import Any

ALSO_KNOWN_AS = "https://www.w3.org/ns/activitystreams#alsoKnownAs"
PROOF = "https://w3id.org/security#proof"


def v1(base: str) -> dict[str, Any]:
    """The context document at `<base>/v1`; the words themselves are `<base>#…`."""

    def ours(word: str) -> str:
        return f"{base}#{word}"

    shared = {"kind": ours("kind"), "organisation": ours("organisation"), "unit": ours("unit")}
    months = {"starts": ours("starts"), "ends": ours("ends")}
    vouch = {
        "@protected": True,
        "context": {"@id": ours("context"), "@context": {"@protected": True, **shared, **months}},
        "statement": ours("statement"),
    }
    agreed = {"@protected": True, "proof": {"@id": PROOF, "@type": "@id", "@container": "@graph"}}
    return {
        "@context": {
            "@version": 1.1,
            "@protected": True,
            "Vouch": {"@id": ours("Vouch"), "@context": vouch},
            "Countersignature": {"@id": ours("Countersignature"), "@context": agreed},
            "alsoKnownAs": {"@id": ALSO_KNOWN_AS, "@type": "@id"},
            "statusListIssuer": {"@id": ours("statusListIssuer"), "@type": "@id"},
        }
    }
