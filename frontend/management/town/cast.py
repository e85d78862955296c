"""The people one can sign in as. Invented; any likeness is chance."""

from accounts.models import EntryKind, Visibility
from frontend.management.town.careers import ENGLISH, Line, Person

PASSWORD = "leumund-demo-2026"  # noqa: S105  # printed on purpose; DEMO only
JOB, STUDY, GROUP, PROJECT, EVENT = (
    EntryKind.EMPLOYMENT,
    EntryKind.EDUCATION,
    EntryKind.GROUP,
    EntryKind.PROJECT,
    EntryKind.EVENT,
)
MEMBERS, EVERYONE = int(Visibility.MEMBERS), int(Visibility.EVERYONE)


def _month(text: str) -> int:
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def line(kind: str, place: str, starts: str, ends: str = "", title: str = "", unit: str = "", text: str = "") -> Line:
    """One entry, its months written as `2001-08`; jobs are seen by everyone, the rest by members."""
    return Line(
        kind=kind,
        place=place,
        starts=_month(starts),
        ends=_month(ends) if ends else None,
        title=title,
        unit=unit,
        text=text,
        visible_to=EVERYONE if kind == JOB else MEMBERS,
    )


DATABASES = ("Datenbanken", "databases")
_SALES = ("Vertrieb", "sales")

CAST = (
    Person(
        handle="ada",
        name="Ada Lindqvist",
        headline="Head of engineering · replacing old systems",
        city="Hamburg",
        trade="software",
        field=("alte Systeme ablösen", "replacing old systems"),
        speaks=ENGLISH,
        joined_days=330,
        password=True,
        about="From Lund by way of Harburg. I like systems that outlive their authors. Offers only with figures.",
        lines=(
            line(STUDY, "Öresund Institute of Technology", "1996-09", "2001-06", "Computer science"),
            line(
                JOB,
                "Sundvik Radio AB",
                "2001-08",
                "2007-03",
                "Systems developer",
                "",
                "Sensor protocol, test benches, and the byte order everybody still talks about.",
            ),
            line(
                JOB,
                "Hansewerk Antriebstechnik AG",
                "2007-05",
                "2014-12",
                "Systemarchitektin",
                "Informatik",
                "Den Umzug vom Großrechner geleitet, Nacht für Nacht.",
            ),
            line(JOB, "Kranich Logistik SE", "2015-02", "", "Leiterin Entwicklung", "Informatik"),
            line(GROUP, "Nordic Sensor Mailing List", "2002-01", "2009-12"),
            line(GROUP, "Linux-Stammtisch Alsterufer", "2008-01"),
            line(EVENT, "Elbe Digital Messe", "2013-05", "2013-05", "Speaker"),
        ),
    ),
    Person(
        handle="bo_ahrens",
        name="Bo Ahrens",
        headline="Systemadministrator · Betrieb und Überwachung",
        city="Köln",
        trade="software",
        field=("Betrieb und Überwachung", "operations"),
        joined_days=290,
        password=True,
        about="Ich stelle Dinge so auf, dass nachts niemand angerufen wird.",
        lines=(
            line(STUDY, "Technische Hochschule Elbmark", "2000-10", "2005-07", "Informatik"),
            line(JOB, "Nordstern Telefon AG", "2005-09", "2008-12", "Programmierer", "Netzbetrieb"),
            line(JOB, "Hansewerk Antriebstechnik AG", "2009-02", "2013-09", "Systemadministrator", "Informatik"),
            line(JOB, "Granitfels Versicherung AG", "2013-11", "", "Systemadministrator", "Informatik"),
            line(GROUP, "Linux-Stammtisch Alsterufer", "2005-10", "2014-01"),
        ),
    ),
    Person(
        handle="grete",
        name="Grete Hollmann",
        headline="Projektleiterin · Windkraft",
        city="Potsdam",
        trade="machines",
        field=("Windkraft", "wind power"),
        joined_days=400,
        password=True,
        about="Kenne viele, empfehle wenige, und nur solche, mit denen ich gearbeitet habe.",
        lines=(
            line(STUDY, "Technische Hochschule Elbmark", "1994-10", "1999-07", "Maschinenbau"),
            line(JOB, "Hansewerk Antriebstechnik AG", "2000-01", "2012-06", "Projektleiterin", "Informatik"),
            line(JOB, "Havelwind Energie GmbH", "2012-08", "", "Projektleiterin"),
            line(GROUP, "Nordic Sensor Mailing List", "2004-03", "2010-12"),
        ),
    ),
    Person(
        handle="emil",
        name="Emil Sandvoss",
        headline="Softwareentwickler · Schnittstellen",
        city="Bremen",
        trade="software",
        field=("Schnittstellen", "interfaces"),
        joined_days=4,
        password=True,
        lines=(
            line(STUDY, "Technische Hochschule Elbmark", "2011-10", "2016-03", "Informatik"),
            line(JOB, "Kranich Logistik SE", "2016-05", "", "Softwareentwickler", "Informatik"),
            line(JOB, "Havelwind Energie GmbH", "2014-04", "2015-09", "Werkstudent"),
        ),
    ),
    Person(
        handle="mo_seidel",
        name="Mo Seidel",
        headline="Lektorin · Moderation dieses Servers",
        city="Leipzig",
        trade="media",
        field=("Buchherstellung", "book production"),
        joined_days=440,
        password=True,
        lines=(
            line(STUDY, "Hochschule für Gestaltung Neckartal", "1993-10", "1998-07", "Kommunikationsdesign"),
            line(JOB, "Lindenhof Verlag", "1998-09", "", "Lektorin"),
            line(PROJECT, "Projekt Lesesaal", "2003-03", "2011-12"),
        ),
    ),
    Person(
        handle="tarek",
        name="Tarek Haddad",
        headline="Klinikinformatik · moderation of this server",
        city="Hamburg",
        trade="software",
        field=DATABASES,
        speaks=ENGLISH,
        joined_days=438,
        password=True,
        lines=(
            line(STUDY, "University of Northmoor", "1999-09", "2003-06", "Computer science"),
            line(JOB, "Elbufer Kliniken", "2004-01", "", "Leiter Klinikinformatik", "Informatik"),
            line(GROUP, "Arbeitskreis Pflegeinformatik", "2005-01"),
            line(GROUP, "Linux-Stammtisch Alsterufer", "2006-01"),
            line(GROUP, "Nordic Sensor Mailing List", "2005-02", "2009-06"),
        ),
    ),
    Person(
        handle="malte",
        name="Malte Kroll",
        headline="Wachstumsberater · ich fülle Ihre Pipeline",
        city="Düsseldorf",
        trade="trade",
        field=_SALES,
        joined_days=95,
        password=True,
        about="Ich helfe Entscheidern, planbar neue Kunden zu gewinnen.",
        lines=(
            line(JOB, "Kranich Logistik SE", "2016-01", "2017-06", "Externer Berater", "Informatik"),
            line(JOB, "Kroll Wachstum", "2017-07", "", "Gründer"),
            line(EVENT, "Elbe Digital Messe", "2018-05", "2018-05"),
        ),
    ),
    Person(
        handle="vanessa",
        name="Vanessa Steinhoff",
        headline="Partnerships · I open doors",
        city="Berlin",
        trade="trade",
        field=_SALES,
        speaks=ENGLISH,
        joined_days=160,
        password=True,
        lines=(
            line(JOB, "Hansewerk Antriebstechnik AG", "2004-01", "2015-12", "Key account"),
            line(JOB, "Steinhoff Partnerships", "2016-01", "", "Founder"),
        ),
    ),
    Person(
        handle="jasper",
        name="Jasper Quandt",
        headline="Personalberater · Tech & Industrie",
        city="Frankfurt am Main",
        trade="trade",
        field=("Personalberatung", "executive search"),
        joined_days=120,
        password=True,
        about="Spannende Positionen bei Hidden Champions.",
        lines=(line(JOB, "Quandt & Reiher Personalberatung", "2012-01", "", "Partner"),),
    ),
)
SAYS_WHO = {
    "ada": "the main character: two requests at the door, a tray, vouches to give and to countersign, a pitch to undo,"
    " an offer that met her terms, an open call",
    "bo_ahrens": "worked where Ada worked; waits to be asked",
    "grete": "knows Ada and Bo, and can vouch",
    "emil": "joined four days ago by Grete's invitation",
    "mo_seidel": "moderator, and so an anchor of standing",
    "tarek": "moderator; looks for people for his clinic, and keeps his pay ranges",
    "malte": "a locust: has just pitched to Ada",
    "vanessa": "a locust whose conduct is on record",
    "jasper": "a careless head-hunter",
}
