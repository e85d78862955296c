"""Where the town's people were: invented companies, universities, user groups, projects and fairs since 1995.

Companies stand in the order of their size: the n-th is drawn with a weight of 1 / (n + 3), a Zipf law whose head is
cut, so that no place comes near the 200 entries from which on it would need a unit.
"""

from dataclasses import dataclass

from accounts.models import EntryKind

ALWAYS = 9999


@dataclass(frozen=True)
class Place:
    """`trades` are those of `trades.TRADES` that work there; `until` is its last year."""

    name: str
    kind: str
    city: str
    trades: str
    since: int = 1995
    until: int = ALWAYS
    units: tuple[str, ...] = ()
    speaks: str = "de"

    def takes(self, trade: str) -> bool:
        return trade in self.trades.split()


def _company(
    name: str, city: str, trades: str, since: int = 1995, until: int = ALWAYS, units: str = "", speaks: str = "de"
) -> Place:
    return Place(name, EntryKind.EMPLOYMENT, city, trades, since, until, tuple(filter(None, units.split("|"))), speaks)


COMPANIES = (
    _company(
        "Hansewerk Antriebstechnik AG",
        "Hamburg",
        "software machines trade",
        units="Werk Harburg|Werk Rostock|Konstruktion|Informatik",
    ),
    _company(
        "Elbufer Kliniken",
        "Hamburg",
        "care software",
        units="Chirurgie|Innere Medizin|Labor|Pflegedirektion|Informatik",
    ),
    _company("Kranich Logistik SE", "Bremen", "trade software", units="Seehafen|Luftfracht|Disposition|Informatik"),
    _company("Rheinbogen Chemie AG", "Mannheim", "science machines", units="Forschung|Verfahrenstechnik|Werk Worms"),
    _company("Brückenau & Voss Software GmbH", "München", "software", 1996, units="Entwicklung|Beratung"),
    _company("Lindenhof Verlag", "Leipzig", "media", 1995),
    _company("Taunus Rechenzentrum GmbH", "Frankfurt am Main", "software", 1995, 2016),
    _company("Sundvik Radio AB", "Lund", "software machines science", 1997, speaks="en"),
    _company("Quarzfeld Halbleiter GmbH", "Dresden", "machines science", 1998, units="Linie 1|Linie 2|Analytik"),
    _company("Isarlicht Optik AG", "München", "science machines", 1995),
    _company("Nordstern Telefon AG", "Hannover", "software trade media", 1997, 2011, units="Netzbetrieb|Vertrieb"),
    _company("Oderblick Krankenhaus", "Frankfurt (Oder)", "care", 1995),
    _company("Spreeform Gestaltung", "Berlin", "media", 1999),
    _company("Pemberfield Analytics Ltd", "Leeds", "software science", 2004, speaks="en"),
    _company("Havelwind Energie GmbH", "Potsdam", "machines software", 2003),
    _company("Oostkade Systems BV", "Rotterdam", "software trade", 2001, speaks="en"),
    _company("Seetal Medizintechnik AG", "Zürich", "care machines science", 1998),
    _company("Donaukontor Handels GmbH", "Wien", "trade", 1995),
    _company("Albtal Pumpen GmbH & Co. KG", "Karlsruhe", "machines", 1995),
    _company("Granitfels Versicherung AG", "Köln", "software trade", 1995, units="Schaden|Informatik"),
    _company("Pixelhafen Interaktiv GmbH", "Köln", "media software", 2000, 2014),
    _company("Lausitzer Tageblatt", "Cottbus", "media", 1995, 2019),
    _company("Vestfjord Data AS", "Bergen", "software science", 2006, speaks="en"),
    _company("Institut für Küstenforschung Warnow", "Rostock", "science", 1996),
    _company("Pflegedienst Sonnenstieg", "Göttingen", "care", 2002),
    _company("Speicherstadt Kaffee-Import", "Hamburg", "trade", 1995),
    _company("Bodanwerk Software", "Konstanz", "software", 2009),
    _company("Labor Dr. Wendelin", "Heidelberg", "science care", 1999),
)
SCHOOLS = (
    Place("Technische Hochschule Elbmark", EntryKind.EDUCATION, "Hamburg", "software machines trade"),
    Place("Universität Saaleck", EntryKind.EDUCATION, "Jena", "science software media"),
    Place("Medizinische Akademie Havelland", EntryKind.EDUCATION, "Potsdam", "care"),
    Place("Hochschule für Gestaltung Neckartal", EntryKind.EDUCATION, "Stuttgart", "media"),
    Place("Technische Universität Mittelrhein", EntryKind.EDUCATION, "Koblenz", "software machines science"),
    Place("Fachhochschule Westharz", EntryKind.EDUCATION, "Goslar", "machines trade care"),
    Place(
        "Öresund Institute of Technology",
        EntryKind.EDUCATION,
        "Lund",
        "software machines science media trade",
        speaks="en",
    ),
    Place("University of Northmoor", EntryKind.EDUCATION, "Leeds", "science software care trade media", speaks="en"),
)
GROUPS = (
    Place("Linux-Stammtisch Alsterufer", EntryKind.GROUP, "Hamburg", "software machines science", 1996),
    Place("Perl-Runde Elbe", EntryKind.GROUP, "Hamburg", "software", 1999, 2013),
    Place("Python-Treff Rheinbogen", EntryKind.GROUP, "Mannheim", "software science", 2005),
    Place("Smalltalk-Kreis Isar", EntryKind.GROUP, "München", "software", 1995, 2008),
    Place("Arbeitskreis Pflegeinformatik", EntryKind.GROUP, "Hannover", "care software", 2001),
    Place("Schriftsetzer-Liste", EntryKind.GROUP, "Leipzig", "media", 1997),
    Place("Regionalgruppe Verfahrenstechnik Südwest", EntryKind.GROUP, "Karlsruhe", "machines science", 1998),
    Place("Hafenrunde Nord", EntryKind.GROUP, "Bremen", "trade", 2000),
    Place("Nordic Sensor Mailing List", EntryKind.GROUP, "Lund", "science machines software", 1998, speaks="en"),
)
PROJECTS = (
    Place("Kornblume Linux", EntryKind.PROJECT, "Jena", "software", 1998, 2011),
    Place("Freie Karten Nord", EntryKind.PROJECT, "Kiel", "software science trade", 2006),
    Place("Projekt Lesesaal", EntryKind.PROJECT, "Leipzig", "media software", 2003, 2012),
    Place("Offene Krankenakte", EntryKind.PROJECT, "Berlin", "care software", 2011),
    Place("Klimaarchiv Ostsee", EntryKind.PROJECT, "Rostock", "science software", 2009),
    Place("Quelloffene Pumpe", EntryKind.PROJECT, "Karlsruhe", "machines", 2013),
)
FAIRS = (
    Place("Elbe Digital Messe", EntryKind.EVENT, "Hamburg", "software media trade", 1998),
    Place("Forum Antriebe Hannover", EntryKind.EVENT, "Hannover", "machines", 1996),
    Place("Buchtage an der Pleiße", EntryKind.EVENT, "Leipzig", "media", 1995),
    Place("Logistiktage Weser", EntryKind.EVENT, "Bremen", "trade", 2002),
    Place("Jahrestreffen Labor und Klinik", EntryKind.EVENT, "Göttingen", "care science", 1999),
    Place("Nordic Systems Days", EntryKind.EVENT, "Lund", "software science machines", 2005, speaks="en"),
)
ZONES = {"Leeds": "Europe/London", "Lund": "Europe/Stockholm", "Bergen": "Europe/Oslo", "Rotterdam": "Europe/Amsterdam"}


def zone_of(city: str) -> str:
    return ZONES.get(city, "Europe/Berlin")


def weight(rank: int) -> float:
    """How often the place of that rank (0 is the largest) is drawn."""
    return 1 / (rank + 3)
