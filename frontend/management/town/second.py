"""The second town: few people, who live on another server and once worked beside the people of the first."""

import random
from collections.abc import Iterator
from datetime import datetime

from frontend.management.town import careers, crowd
from frontend.management.town.careers import ENGLISH, Person
from frontend.management.town.cast import GROUP, JOB, STUDY, line
from frontend.management.town.deeds import Deed, Town
from frontend.management.town.diary import Diary
from frontend.management.town.story import HANSEWERK, LIST, SUNDVIK

PEOPLE = 12
SEED = 1871
CAST = (
    Person(
        handle="zoe",
        name="Zoe Lindgren",
        headline="Systems architect · radio and sensors",
        city="Lund",
        trade="software",
        field=("Funknetze", "radio networks"),
        speaks=ENGLISH,
        joined_days=210,
        password=True,
        lines=(
            line(STUDY, "Öresund Institute of Technology", "1997-09", "2002-01", "Electrical engineering"),
            line(JOB, SUNDVIK, "2002-03", "2006-10", "Systems developer"),
            line(JOB, "Vestfjord Data AS", "2007-01", "", "Systems architect"),
            line(GROUP, LIST, "2002-06", "2010-12"),
        ),
    ),
    Person(
        handle="tom",
        name="Tom Wieland",
        headline="Systemadministrator · Speichernetze",
        city="Rostock",
        trade="software",
        field=("Speichernetze", "storage networks"),
        joined_days=190,
        password=True,
        lines=(
            line(JOB, HANSEWERK, "2008-04", "2013-12", "Systemadministrator", "Informatik"),
            line(JOB, "Vestfjord Data AS", "2014-02", "", "Betriebsleiter"),
        ),
    ),
    Person(
        handle="ines",
        name="Ines Moor",
        headline="Buchherstellung · Moderation dieses Servers",
        city="Kiel",
        trade="media",
        field=("Buchherstellung", "book production"),
        joined_days=240,
        password=True,
        lines=(line(JOB, "Lindenhof Verlag", "2001-04", "", "Herstellerin"),),
    ),
)
SAYS_WHO = {
    "zoe": "worked where Ada of the first town worked: look up ada@town-one.localhost",
    "tom": "knows Zoe; was at Hansewerk with Ada and Bo of the first town",
    "ines": "moderator",
}


def deeds(now: datetime) -> Iterator[Deed]:
    """Everything that happened in the second town until `now`."""
    dice = random.Random(SEED)
    taken = {person.handle for person in CAST}
    many = careers.people(dice, number=PEOPLE - len(CAST), today=now.date(), taken=taken)
    yield from crowd.joining(dice, [*CAST, *many], now=now)
    diary = Diary(now, CAST)
    diary.on(200, Town.appoint, handle="ines")
    diary.meet(120, "tom", "zoe", "Vestfjord Data AS", "Zwei Türen weiter, seit zehn Jahren.")
    diary.say(100, "tom", "zoe", "Zoe, do you still know anybody from the radio years in Lund?")
    diary.say(99, "zoe", "tom", "Ada Lindqvist. She lives on another server, but that should not matter any more.")
    yield from diary.deeds
