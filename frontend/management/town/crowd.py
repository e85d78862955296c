"""The many: they join, meet as planned, and talk."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from frontend.management.town import talks_de, talks_en
from frontend.management.town.careers import Person
from frontend.management.town.deeds import Deed, Town
from frontend.management.town.meetings import DAY, Meeting, moment, shared_language

HOUR = timedelta(hours=1)
TALKING = 0.5
"""The share of contacts that write to each other at all."""
ASKING_BACK = ((talks_de.QUESTION, talks_de.REPLY), (talks_en.QUESTION, talks_en.REPLY))


def joining(dice: random.Random, people: Sequence[Person], *, now: datetime) -> Iterator[Deed]:
    for person in people:
        yield Deed(moment(dice, now, person.joined_days), 0, partial(Town.join, person=person))


def invited(
    dice: random.Random, people: Sequence[Person], *, now: datetime
) -> Iterator[tuple[frozenset[str], list[Deed]]]:
    """Some came by the invitation of a person who was here before: the pair, and its deeds."""
    for whom in dice.sample([person for person in people if person.joined_days < 330], 14):
        inviter = dice.choice([person for person in people if person.joined_days > whom.joined_days + 20])
        made = moment(dice, now, whom.joined_days + 2)
        spent = moment(dice, now, whom.joined_days - 1)
        yield (
            frozenset((inviter.handle, whom.handle)),
            [
                Deed(made, 1, partial(Town.invite, inviter=inviter.handle, whom=whom.handle, label=whom.name)),
                Deed(spent, 1, partial(Town.redeem, whom=whom.handle)),
            ],
        )


def meeting(dice: random.Random, one: Meeting, *, now: datetime) -> Iterator[Deed]:
    """The request, what vouchers say, the answer, and what the two write then."""
    asker, recipient = one.pair
    ask = partial(Town.ask, asker=asker, recipient=recipient, line=one.path.line, note=one.note, vouchers=one.vouchers)
    yield Deed(one.asked, 2, ask)
    yield from _vouching(dice, one)
    if one.asked_back and one.ending != "open":
        yield from _asking_back(one)
    if one.accepted:
        yield Deed(one.answered, 5, partial(Town.accept, asker=asker, recipient=recipient, both_there=one.both_there))
        yield from _afterwards(dice, one, now)
    elif one.ending == "withdrawn":
        yield Deed(one.answered, 5, partial(Town.withdraw, asker=asker, recipient=recipient))
    elif one.ending != "open":
        yield Deed(one.answered, 5, partial(Town.decline, asker=asker, recipient=recipient, answer=one.ending))


def _vouching(dice: random.Random, one: Meeting) -> Iterator[Deed]:
    words = (talks_de.VOUCHES, talks_en.VOUCHES)[shared_language(one.path.asker, one.path.recipient)]
    for number, (voucher, said) in enumerate(one.vouched):
        sentence = dice.choice(words).format(you=one.path.asker.first, org=one.path.place) if said == "vouch" else ""
        do = partial(
            Town.vouch, asker=one.pair[0], recipient=one.pair[1], voucher=voucher, answer=said, sentence=sentence
        )
        yield Deed((one.asked + DAY).replace(hour=20 + number), 3, do)


def _asking_back(one: Meeting) -> Iterator[Deed]:
    asker, recipient = one.pair
    question, answer = ASKING_BACK[shared_language(one.path.asker, one.path.recipient)]
    yield Deed(one.answered - 26 * HOUR, 3, partial(Town.ask_back, asker=asker, recipient=recipient, question=question))
    reply = partial(Town.reply, asker=asker, recipient=recipient, text=answer.format(org=one.path.place)[:200])
    yield Deed(one.answered - 3 * HOUR, 4, reply)


def _afterwards(dice: random.Random, one: Meeting, now: datetime) -> Iterator[Deed]:
    asker, recipient = one.pair
    if dice.random() < 0.06:
        yield Deed(one.answered + 2 * DAY, 6, partial(Town.lift, asker=asker, recipient=recipient))
    if dice.random() < TALKING:
        yield from talk(dice, one.path.asker, one.path.recipient, one.path.place, since=one.answered, now=now)
    if one.parted:
        yield Deed(one.parted, 9, partial(Town.part, one=recipient, other=asker))


def talk(
    dice: random.Random, one: Person, other: Person, place: str, *, since: datetime, now: datetime
) -> Iterator[Deed]:
    """A conversation of a few turns on their work; its end is mostly read."""
    speaks = shared_language(one, other)
    talks = (talks_de.TALKS, talks_en.TALKS)[speaks]
    fitting = [*talks[one.trade], *talks[other.trade], *talks[""]]
    writer, reader = (one, other) if dice.random() < 0.5 else (other, one)
    at = since + dice.randint(1, 60) * HOUR
    for turn in dice.choice(fitting):
        at = _awake(at + timedelta(minutes=dice.randint(7, 2400)))
        if at >= now - 2 * HOUR:
            return
        text = turn.format(you=reader.first, me=writer.first, org=place, field=writer.field[speaks])
        yield Deed(at, 7, partial(Town.write, writer=writer.handle, reader=reader.handle, text=text))
        writer, reader = reader, writer
    if dice.random() < 0.85 and at + 5 * HOUR < now:
        yield Deed(at + 5 * HOUR, 8, partial(Town.read, reader=writer.handle, writer=reader.handle))


def _awake(at: datetime) -> datetime:
    """The same moment, or the next morning if it is night."""
    return at if 6 <= at.hour < 21 else (at + 9 * HOUR if at.hour >= 21 else at + 6 * HOUR)
