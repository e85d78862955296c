"""What this wing keeps of a member, as they take it along: offers as each side sees them."""

from dataclasses import asdict
from typing import Any

from accounts.exporting import part, rows
from accounts.models import Member
from network.offers import answers, envelopes, terms, yearly

OFFER = ("public_id", "form", "sent_at")


@part("terms", "offers.Terms")
def terms_of(member: Member) -> dict[str, Any]:
    """The member's own floors, opened."""
    return {**asdict(terms.of(member, by=member)), "question": terms.question_of(member)}


@part("offers", "offers.Offer")
def offers_of(member: Member) -> dict[str, Any]:
    """`sent` reads as its page: nothing but an interest is told. `received`: what arrived."""
    arrived = answers.arrived_for(member)
    return {
        "sent": rows(envelopes.sent_by(member), *OFFER, "recipient", "status"),
        "received": rows(arrived, *OFFER, "sender", "arrived_at", "answer", "answered_at", "kept"),
    }


@part("years")
def years_of(member: Member) -> list[dict[str, int]]:
    return [dict(yearly.as_rows(yearly.report(member, year))) for year in yearly.years_of(member)]
