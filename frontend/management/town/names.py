"""Names of people who do not exist: first names and surnames that go together, by where a family comes from."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_GERMAN_WOMEN = (
    "Anke Annegret Antje Astrid Beate Birgit Carola Christiane Dagmar Dörte Elke Frauke Frieda Gesine "
    "Hannah Heike Henrike Ines Ingrid Johanna Judith Jule Karin Katharina Kerstin Lena Maike Marlene "
    "Merle Miriam Nele Ulrike Renate Ronja Sabine Silke Solveig Svenja Tabea Theresa Verena Wiebke"
)
_GERMAN_MEN = (
    "Achim Albrecht Arne Bastian Bernd Carsten Christoph Detlef Dirk Eckhard Erik Falk Florian Georg Götz "
    "Hanno Harald Hauke Henning Holger Ingo Jannis Joachim Johannes Jörg Jürgen Kai Klaus Konrad Lars "
    "Leonhard Lorenz Lukas Matthias Niklas Ole Philipp Rainer Reinhard Roland Sönke Stefan Thilo Torsten "
    "Ulrich Volker Wolfram"
)
_GERMAN_FAMILIES = (
    "Achenbach Ahlers Bachmayer Behrens Birkholz Böttcher Brandis Buchwald Clausen Deterding Dahlmann "
    "Eberhardt Eggers Engelking Feldkamp Frerichs Gärtner Grabowski Grotheer Hagedorn Hartwig Hellweg "
    "Hinrichs Hohmeyer Immendorf Jessen Kaltenbach Kielmann Kirchhoff Kleinschmidt Knauer Köster "
    "Lamprecht Landwehr Leitner Lohmeyer Lüdemann Marquardt Meinert Nagel Niebuhr Oelkers Ostermann "
    "Papendieck Petersen Poggendorf Rademacher Rehberg Reimers Rosenow Sandkühler Scharnhorst Schlüter "
    "Siebert Stahlhut Steinmetz Stolzenberg Tiedemann Uhlenbrock Vogelsang Wachendorf Wehrmann Wiechers "
    "Wittenborn Zeidler Zumbrock"
)
_OTHERS = (
    (
        "sv",
        "Elin Karin Maja Sigrid",
        "Anders Gustav Mattias Nils",
        "Bergqvist Dahlgren Hedlund Nordin Sandell Westerberg",
    ),
    ("no", "Ingvild Ragnhild Silje", "Eirik Sindre Torbjørn", "Bakkene Haugland Solheim Tveit Myklebust"),
    (
        "en",
        "Abigail Fiona Harriet Imogen",
        "Alistair Duncan Graham Rory",
        "Ashworth Cartwright Fairclough Hargreaves Penrose Thwaite",
    ),
    ("nl", "Anouk Femke Marijke", "Joost Pieter Ruben", "Boersma Dijkhuizen Hoogland Veenstra Zijlstra"),
    ("tr", "Aylin Elif Nilgün Zeynep", "Cem Emre Kerem Tolga", "Aksoy Demirel Karaca Özkan Yalçın"),
    ("pl", "Agnieszka Ewa Magda", "Grzegorz Paweł Tomasz", "Borowiak Kaczmarek Nowicz Sobczak Wilczek"),
    ("it", "Chiara Federica Serena", "Davide Luca Matteo", "Bellandi Corradini Fumagalli Moretti Zanella"),
    ("es", "Inés Lucía Marta", "Álvaro Iker Pablo", "Arrieta Beltrán Cabrera Echeverría Olmedo"),
    ("fr", "Camille Hélène Solène", "Étienne Luc Thibault", "Carpentier Delorme Fontanel Marchand Roussel"),
    ("uk", "Daryna Oksana Yuliia", "Andrii Dmytro Taras", "Bondar Kovalenko Melnyk Shevchuk Tkach"),
    ("ar", "Amira Leila Samira", "Karim Nabil Yusuf", "Darwish Haddad Khoury Mansour Sabbagh"),
    ("in", "Anjali Kavita Priya", "Arjun Rohan Vikram", "Banerjee Deshpande Iyer Menon Raghavan"),
    ("vi", "Linh Mai Thuy", "Duc Minh Quang", "Nguyen Pham Tran Vo"),
)
_ABROAD = {"sv": "Lund", "no": "Bergen", "en": "Leeds", "nl": "Rotterdam"}
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "ı": "i"})


@dataclass(frozen=True)
class Name:
    """A name, how German declines its bearer's title, and the town abroad where they live, if they do."""

    first: str
    family: str
    is_woman: bool
    abroad: str = ""

    @property
    def full(self) -> str:
        return f"{self.first} {self.family}"

    @property
    def handle(self) -> str:
        return fold(f"{self.first}_{self.family}")


def fold(text: str) -> str:
    """ASCII small letters, as handles are written."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "_"))


def draw(dice: random.Random) -> Iterator[Name]:
    """Names without end, each once, and no two with the same handle; two thirds of the families are German."""
    taken: set[str] = set()
    while True:
        name = _german(dice) if dice.random() < 0.66 else _other(dice)
        if name.handle not in taken:
            taken.add(name.handle)
            yield name


def _german(dice: random.Random) -> Name:
    is_woman = dice.random() < 0.5
    first = dice.choice((_GERMAN_WOMEN if is_woman else _GERMAN_MEN).split())
    return Name(first, dice.choice(_GERMAN_FAMILIES.split()), is_woman)


def _other(dice: random.Random) -> Name:
    origin, women, men, families = dice.choice(_OTHERS)
    is_woman = dice.random() < 0.5
    first = dice.choice((women if is_woman else men).split())
    abroad = _ABROAD.get(origin, "") if dice.random() < 0.8 else ""
    return Name(first, dice.choice(families.split()), is_woman, abroad)
