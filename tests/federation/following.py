"""What the tests of follows say to each other."""

from accounts import people
from accounts.models import Member
from foundation import jobs
from network.contacts import follows
from network.federation import addresses
from tests.federation.conftest import Abroad, arrives, leaving_for, said


def asks(by: Abroad, whom: Member) -> str:
    """A Follow comes in; its name."""
    activity = said(by, "Follow", addresses.actor(whom))
    arrives(by, activity, inbox_of=whom.handle)
    return str(activity["id"])


def lets_everybody(member: Member) -> None:
    people.set_followers(member, "at-once")
    jobs.drain_everything(strict=True)


def followed(by: Member, whom: Abroad) -> str:
    """Our member asks to follow somebody elsewhere; the name of the Follow that left."""
    follows.follow(by, whom.member)
    jobs.drain_everything(strict=True)
    return str(leaving_for(whom)[-1]["id"])


def sent(to: Abroad, type_: str) -> list[dict[str, object]]:
    return [activity for activity in leaving_for(to) if activity["type"] == type_]
