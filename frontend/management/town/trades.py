"""What people do: titles by seniority (his, hers, English), what they are good at, what they say they did."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """Titles from first to last job, subjects of study and fields of work in both languages."""

    titles: tuple[tuple[str, str, str], ...]
    studied: tuple[str, str]
    fields: tuple[tuple[str, str], ...]
    did: tuple[tuple[str, str], ...]


TRADES = {
    "software": Trade(
        titles=(
            ("Programmierer", "Programmiererin", "Programmer"),
            ("Softwareentwickler", "Softwareentwicklerin", "Software engineer"),
            ("Systemarchitekt", "Systemarchitektin", "Systems architect"),
            ("Leiter Entwicklung", "Leiterin Entwicklung", "Head of engineering"),
        ),
        studied=("Informatik", "Computer science"),
        fields=(
            ("Datenbanken", "databases"),
            ("Rechnernetze", "networks"),
            ("Betrieb und Überwachung", "operations"),
            ("Suchmaschinen", "search engines"),
            ("Schnittstellen", "interfaces"),
            ("Testautomaten", "test automation"),
            ("alte Systeme ablösen", "replacing old systems"),
        ),
        did=(
            (
                "Den Umzug vom Großrechner begleitet, ohne einen Tag Stillstand.",
                "Moved us off the mainframe without a day of downtime.",
            ),
            ("Schwerpunkt {field}; zuletzt ein Team von sechs Leuten.", "Mostly {field}; a team of six in the end."),
            (
                "Bereitschaftsdienst, Sicherungen, und der Versuch, beides überflüssig zu machen.",
                "On call, backups, and trying to make both unnecessary.",
            ),
            ("Abrechnung neu geschrieben, in kleinen Schritten.", "Rewrote billing in small steps."),
        ),
    ),
    "machines": Trade(
        titles=(
            ("Konstrukteur", "Konstrukteurin", "Design engineer"),
            ("Entwicklungsingenieur", "Entwicklungsingenieurin", "Development engineer"),
            ("Projektingenieur", "Projektingenieurin", "Project engineer"),
            ("Werkleiter", "Werkleiterin", "Plant manager"),
        ),
        studied=("Maschinenbau", "Mechanical engineering"),
        fields=(
            ("Getriebe", "gearboxes"),
            ("Dichtungen", "seals"),
            ("Schwingungsmessung", "vibration measurement"),
            ("Steuerungen", "control systems"),
            ("Windkraft", "wind power"),
            ("Reinraumtechnik", "clean rooms"),
        ),
        did=(
            (
                "Vom Prüfstand bis zur Serie, Schwerpunkt {field}.",
                "From the test bench to series production, mostly {field}.",
            ),
            ("Die zweite Fertigungslinie aufgebaut und eingefahren.", "Built and ran in the second production line."),
            (
                "Ausfälle im Feld untersucht und daraus Konstruktionsregeln gemacht.",
                "Looked into field failures and turned them into design rules.",
            ),
        ),
    ),
    "science": Trade(
        titles=(
            ("Doktorand", "Doktorandin", "Doctoral researcher"),
            ("Wissenschaftlicher Mitarbeiter", "Wissenschaftliche Mitarbeiterin", "Researcher"),
            ("Gruppenleiter", "Gruppenleiterin", "Group leader"),
            ("Leiter Forschung", "Leiterin Forschung", "Head of research"),
        ),
        studied=("Physik", "Physics"),
        fields=(
            ("Spektroskopie", "spectroscopy"),
            ("Messdaten aus der Ostsee", "Baltic Sea data"),
            ("Katalyse", "catalysis"),
            ("Statistik", "statistics"),
            ("Dünnschichten", "thin films"),
        ),
        did=(
            (
                "Messreihen über drei Winter, dazu die Auswertung.",
                "Three winters of measurements, and their evaluation.",
            ),
            ("Schwerpunkt {field}; zwei Verbundprojekte geleitet.", "Mostly {field}; led two joint projects."),
            ("Das Labor umgezogen und die Geräte neu geeicht.", "Moved the laboratory and calibrated everything anew."),
        ),
    ),
    "care": Trade(
        titles=(
            ("Assistenzarzt", "Assistenzärztin", "Junior doctor"),
            ("Fachpfleger Intensiv", "Fachpflegerin Intensiv", "Intensive care nurse"),
            ("Oberarzt", "Oberärztin", "Senior physician"),
            ("Pflegedienstleiter", "Pflegedienstleiterin", "Director of nursing"),
        ),
        studied=("Medizin", "Medicine"),
        fields=(
            ("Intensivpflege", "intensive care"),
            ("Dokumentation", "documentation"),
            ("Notaufnahme", "emergency medicine"),
            ("Hygiene", "hygiene"),
            ("Labormedizin", "laboratory medicine"),
        ),
        did=(
            (
                "Die Übergaben neu geordnet, damit nichts mehr verloren geht.",
                "Reordered the handovers so that nothing gets lost.",
            ),
            ("Schwerpunkt {field}, dazu die Ausbildung der Neuen.", "Mostly {field}, and training newcomers."),
            (
                "Von Papier auf elektronische Akte umgestellt, Station für Station.",
                "Went from paper to electronic records, ward by ward.",
            ),
        ),
    ),
    "media": Trade(
        titles=(
            ("Volontär", "Volontärin", "Trainee"),
            ("Mediengestalter", "Mediengestalterin", "Designer"),
            ("Redakteur", "Redakteurin", "Editor"),
            ("Artdirektor", "Artdirektorin", "Art director"),
        ),
        studied=("Kommunikationsdesign", "Communication design"),
        fields=(
            ("Schriftsatz", "typesetting"),
            ("Buchherstellung", "book production"),
            ("Kartengrafik", "maps and charts"),
            ("Barrierefreiheit", "accessibility"),
            ("Lokales", "local news"),
        ),
        did=(
            ("Drei Reihen von der Gestaltung bis zur Druckabnahme.", "Three series from design to press approval."),
            (
                "Schwerpunkt {field}; den Wechsel auf digitalen Satz mitgemacht.",
                "Mostly {field}; lived through the change to digital typesetting.",
            ),
            ("Eine Redaktion durch zwei Umbauten gebracht.", "Took a newsroom through two rebuilds."),
        ),
    ),
    "trade": Trade(
        titles=(
            ("Disponent", "Disponentin", "Dispatcher"),
            ("Einkäufer", "Einkäuferin", "Buyer"),
            ("Leiter Disposition", "Leiterin Disposition", "Head of dispatch"),
            ("Kaufmännischer Leiter", "Kaufmännische Leiterin", "Commercial director"),
        ),
        studied=("Betriebswirtschaft", "Business administration"),
        fields=(
            ("Zollabwicklung", "customs"),
            ("Seefracht", "sea freight"),
            ("Lagerplanung", "warehouse planning"),
            ("Einkauf von Rohkaffee", "green coffee"),
            ("Fahrpläne", "timetables"),
        ),
        did=(
            (
                "Schwerpunkt {field}; das Lager halbiert und trotzdem geliefert.",
                "Mostly {field}; halved the stock and still delivered.",
            ),
            ("Die Umstellung auf elektronische Zollpapiere geleitet.", "Led the change to electronic customs papers."),
            (
                "Einen Standort eröffnet, einen anderen ordentlich geschlossen.",
                "Opened one site, closed another one decently.",
            ),
        ),
    ),
}
