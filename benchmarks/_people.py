"""People for `faults`: some in contact who write to each other, some who ask others for contact. Made by the verbs."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from random import Random

from django.conf import settings
from django.test import Client

from accounts import entries, months, signup
from accounts.entries import Facts
from accounts.models import Account, Member, Visibility
from foundation import clock, jobs
from network.contacts import answers, requests
from network.messages import threads

LONG_AGO = timedelta(days=100)


@dataclass(frozen=True)
class Person:
    """A member with a session of their own, as a browser holds it."""

    member: Member
    session: str
    entry: str


@dataclass(frozen=True)
class People:
    """Who writes to whom (both ways, as often as one likes) and who may still ask whom (once each)."""

    writers: list[tuple[Person, Person]]
    askers: list[tuple[Person, Person]]


def gather(*, pairs: int, askers: int, asked: int, chance: Random) -> People:
    """Everybody is there, was at the same place long ago, and nothing is left to do."""
    with clock.at(clock.now() - LONG_AGO):
        writing = [_person(f"writer_{number}") for number in range(2 * pairs)]
        asking = [_person(f"asker_{number}") for number in range(askers)]
        wanted = [_person(f"wanted_{number}") for number in range(asked)]
        couples = list(zip(writing[:pairs], writing[pairs:], strict=True))
        _befriend(couples)
    chances = list(product(asking, wanted))
    chance.shuffle(chances)
    return People(writers=couples + [(other, one) for one, other in couples], askers=chances)


def _person(handle: str) -> Person:
    account = Account.objects.create_user(f"{handle}@example.org")
    member = signup.join(account, handle=handle, name=handle.replace("_", " ").rstrip("0123456789 ").title())
    signup.confirm(member)
    place = Facts(
        kind="employment",
        organisation=f"Works {ord(handle[-1]) % 2}",  # so that half of those who ask share a place: grade B, else C
        starts=months.read("2001-04", as_end=False),
        ends=months.read("2004-06", as_end=True),
        visible_to=Visibility.MEMBERS,
        matchable=True,
    )
    entry = entries.add(member, place)
    client = Client()
    client.force_login(account)
    return Person(member, client.cookies[settings.SESSION_COOKIE_NAME].value, str(entry.public_id))


def _befriend(couples: list[tuple[Person, Person]]) -> None:
    """In contact, and each has written once, so that neither has to wait for the other."""
    asked = [
        requests.ask(one.member, other.member, context="entry", entry=one.member.entries.get(), key=one.session)
        for one, other in couples
    ]
    jobs.drain_everything()
    for request, (one, other) in zip(asked, couples, strict=True):
        request.refresh_from_db()
        answers.accept(request, by=other.member)
        threads.write(one.member, other.member, text="Hello again.", key="first")
        threads.write(other.member, one.member, text="Good to hear from you.", key="first")
    jobs.drain_everything()
