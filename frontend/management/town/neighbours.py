"""Those around Ada whom one cannot sign in as."""

from frontend.management.town.careers import ENGLISH, GERMAN, Line, Person
from frontend.management.town.cast import DATABASES, EVENT, GROUP, JOB, line


def _extra(handle: str, name: str, headline: str, joined_days: int, *lines: Line, speaks: int = GERMAN) -> Person:
    return Person(
        handle=handle,
        name=name,
        headline=headline,
        city="Hamburg",
        trade="software",
        field=DATABASES,
        joined_days=joined_days,
        lines=lines,
        speaks=speaks,
    )


NEIGHBOURS = (
    _extra(
        "svea_holm",
        "Svea Holm",
        "Systems developer · sensors",
        310,
        line(JOB, "Sundvik Radio AB", "2003-02", "2008-05", "Systems developer"),
        line(GROUP, "Nordic Sensor Mailing List", "2003-01", "2012-12"),
        line(JOB, "Vestfjord Data AS", "2008-08", "", "Systems architect"),
        speaks=ENGLISH,
    ),
    _extra(
        "paul_wessels",
        "Paul Wessels",
        "Datenbankadministrator",
        200,
        line(JOB, "Hansewerk Antriebstechnik AG", "2008-03", "2011-10", "Datenbankadministrator", "Informatik"),
        line(JOB, "Taunus Rechenzentrum GmbH", "2011-11", "2016-12", "Datenbankadministrator"),
        line(JOB, "Granitfels Versicherung AG", "2017-02", "", "Teamleiter Datenbanken", "Informatik"),
    ),
    _extra(
        "nadja_brandt",
        "Nadja Brandt",
        "Softwaretesterin · Testautomaten",
        60,
        line(EVENT, "Elbe Digital Messe", "2013-05", "2013-05"),
        line(JOB, "Pixelhafen Interaktiv GmbH", "2009-01", "2014-06", "Softwaretesterin"),
        line(JOB, "Bodanwerk Software", "2014-08", "", "Softwaretesterin"),
    ),
    _extra(
        "wiebke_thoms",
        "Wiebke Thoms",
        "Disponentin, heute Produktleiterin",
        280,
        line(JOB, "Kranich Logistik SE", "2013-01", "", "Produktleiterin", "Informatik"),
        line(GROUP, "Hafenrunde Nord", "2012-01"),
    ),
    _extra(
        "lars_oest",
        "Lars Oest",
        "Logistics software · timetables",
        260,
        line(JOB, "Sundvik Radio AB", "2002-01", "2006-12", "Systems developer"),
        line(JOB, "Oostkade Systems BV", "2007-02", "", "Head of engineering"),
        line(GROUP, "Hafenrunde Nord", "2014-05"),
        speaks=ENGLISH,
    ),
)
