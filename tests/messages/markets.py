"""Calls and who may answer them, made through the verbs."""

from datetime import date, timedelta

from accounts.models import Member
from foundation import clock
from network.messages import calls, promotions
from network.messages.models import Call, Promotion
from tests.cast import key
from vetting.models import Standing

WORDS = "I am looking for a tax adviser who knows small foundations."


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def opens(member: Member, **more: object) -> Call:
    values = {"kind": "service", "topic": "tax", "region": "DE-NW-KOELN", "words": WORDS, "ends_on": in_days(30)}
    return calls.open_(member, key=key(), **{**values, **more})  # type: ignore[arg-type]


def stands(member: Member, points: float) -> None:
    """As if the worker had found this standing: 100 points allow 5 promotions a day and hold 15."""
    Standing.objects.update_or_create(member=member, defaults={"points": points})


def can_answer(member: Member, *, points: float = 100) -> Member:
    """Speaks to tax in all of Germany, and has the standing to say so."""
    calls.speak_to(member, [("tax", "DE")])
    stands(member, points)
    return member


def promotes(sender: Member, call: Call, text: str = "I have advised eleven foundations.") -> Promotion:
    return promotions.send(sender, call, text=text, key=key())


def sees(viewer: Member, call: Call) -> bool:
    """In the list and by its address alike."""
    listed = call in calls.seen_by(viewer)
    try:
        calls.for_sender(viewer, call.public_id)
    except calls.NoSuchCall:
        assert not listed
        return False
    assert listed
    return True
