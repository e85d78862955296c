"""Terms: sealed under their member's key, opened for the member and the worker, and through no other door."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from accounts import organisations
from accounts.models import Entry, Member
from foundation import panel, sealing
from network.contacts.notes import NoteCarries
from network.offers import terms
from network.offers.matching import Floors, Pay
from network.offers.models import Offer, Terms
from tests.offers import stage

HOME = Path(__file__).resolve().parents[2]
FULL = Floors(
    wanted=True,
    pay=Pay(amount=91_357, currency="CHF", period="year"),
    level="lead",
    staff_min=7,
    budget_min=Pay(amount=412_000, currency="EUR", period="year"),
    places=("DE-HH", "CH"),
    radius_km=40,
    remote_min_percent=60,
    kinds=("permanent", "interim"),
    excluded=("Kanarienwerke AG",),
    confidential=True,
    not_within_months=18,
)


def test_what_is_written_is_read_again(ada: Member) -> None:
    terms.change(ada, FULL)

    assert terms.of(ada, by=ada) == FULL


def test_by_default_no_offers_at_all(ada: Member) -> None:
    assert terms.of(ada, by=ada) == Floors()
    assert not terms.for_the_matcher(ada).wanted


@pytest.mark.parametrize("who", ["bo", "mo"])
def test_nobody_else_reads_them_moderators_neither(ada: Member, who: str, request: pytest.FixtureRequest) -> None:
    terms.change(ada, FULL)

    with pytest.raises(terms.NotYourTerms):
        terms.of(ada, by=request.getfixturevalue(who))


@pytest.mark.parametrize(
    "wrong",
    [
        {"pay": Pay(amount=-1, currency="EUR", period="year")},
        {"pay": Pay(amount=1, currency="XXX", period="year")},
        {"pay": Pay(amount=10**400, currency="EUR", period="year")},
        {"budget_min": Pay(amount=1, currency="EUR", period="century")},
        {"level": "king"},
        {"kinds": ("slavery",)},
        {"staff_min": -1},
        {"places": ("Hamburg",)},
        {"places": ("DE",) * 21},
        {"radius_km": -1},
        {"remote_min_percent": 101},
        {"excluded": ("x",) * 101},
        {"not_within_months": -1},
    ],
)
def test_what_cannot_be_meant_is_refused(ada: Member, wrong: dict[str, object]) -> None:
    with pytest.raises(terms.TermsWrong):
        terms.change(ada, replace(FULL, **wrong))  # type: ignore[arg-type]
    assert not Terms.objects.exists()


def test_the_question_is_shown_so_it_holds_no_link(ada: Member) -> None:
    terms.change(ada, FULL, question="Which entry did you read?")
    assert terms.question_of(ada) == "Which entry did you read?"

    with pytest.raises(NoteCarries):
        terms.change(ada, FULL, question="See https://example.org")


# ── at rest ──────────────────────────────────────────────────────────────────
def test_a_dump_holds_nothing_of_them_in_clear(ada: Member, bo: Member, hunter: Member) -> None:
    """What a thief of the database or a backup reads; canaries in every field, and the terms that an offer met."""
    stage.listens(ada, FULL)
    stage.listens(bo, stage.OPEN, level="senior")
    arrived = stage.sends(hunter, bo)
    dump = _dump()

    assert str(hunter.public_id) in dump  # it is a dump
    for canary in ("91357", "412000", "Kanarienwerke", "kanarienwerke", "wanted", "remote_min", "not_within"):
        assert canary not in dump
    assert terms.met_by(arrived, by=bo) == ["level", "employer"]
    assert '["level' not in dump


def _dump() -> str:
    """Every row of every table as text, as a backup has them."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608  (names from the catalogue)
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_two_members_sealed_terms_swapped_open_for_neither(ada: Member, bo: Member) -> None:
    terms.change(ada, FULL)
    terms.change(bo, Floors(wanted=True))
    hers, his = Terms.objects.get(member=ada), Terms.objects.get(member=bo)
    Terms.objects.filter(member=ada).update(sealed=his.sealed)
    Terms.objects.filter(member=bo).update(sealed=hers.sealed)

    for member in (ada, bo):
        with pytest.raises(sealing.Broken):
            terms.of(member, by=member)


def test_swapped_with_their_keys_too_they_do_not_open(ada: Member, bo: Member) -> None:
    """Whoever may write rows moves the sealed data key along: both are bound to where they lie."""
    terms.change(ada, FULL)
    sealed = Terms.objects.get(member=ada).sealed
    Member.objects.filter(pk=bo.pk).update(data_key=ada.data_key)
    bo.refresh_from_db()

    with pytest.raises(sealing.Broken):
        terms.unsealed(sealed, bo)


def test_which_terms_an_offer_met_cannot_be_moved_to_another_offer(
    bo: Member, hunter: Member, listening: Entry
) -> None:
    one = stage.sends(hunter, bo)
    two = stage.sends(stage.head_hunter("harry"), bo, employer="Elsewhere", role="Head of sales")
    two.sealed_met = one.sealed_met

    with pytest.raises(sealing.Broken):
        terms.met_by(two, by=bo)
    with pytest.raises(terms.NotYourTerms):
        terms.met_by(one, by=hunter)


def test_the_length_tells_next_to_nothing(ada: Member) -> None:
    lengths = set()
    for floors in (Floors(), Floors(wanted=True), FULL, replace(FULL, excluded=tuple("abcdefgh"))):
        terms.change(ada, floors)
        lengths.add(len(Terms.objects.get(member=ada).sealed))

    assert len(lengths) == 1


# ── other doors ──────────────────────────────────────────────────────────────
def test_no_room_of_the_panel_holds_terms_or_offers() -> None:
    shown = set(panel.site._registry)

    assert not shown & {Terms, Offer}
    for model in shown:
        listed = {getattr(inline, "model", None) for inline in panel.site._registry[model].inlines}
        assert not listed & {Terms, Offer}, model


def _names_in(path: Path) -> set[str]:
    """Every name and attribute a file uses, and every module it imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found |= {node.name, node.name.rsplit(".", 1)[-1]}
    return found


def _files() -> list[Path]:
    floors = ("foundation", "accounts", "vetting", "network", "frontend", "config")
    return [path for floor in floors for path in sorted((HOME / floor).rglob("*.py"))]


def _who_says(name: str) -> set[str]:
    return {str(path.relative_to(HOME)) for path in _files() if name in _names_in(path)}


def test_only_the_workers_room_opens_terms_for_the_matcher() -> None:
    """`settling` alone calls the door, `tasks` alone calls `settling`, and the sealed column has one reader."""
    assert _who_says("for_the_matcher") == {"network/offers/settling.py"}
    room = {path for path in _who_says("settling") if path.startswith(("network/offers", "frontend", "config"))}
    assert {path for path in room if "network.offers" in _imports(path, "settling")} == {"network/offers/tasks.py"}
    rooms = {path for path in _who_says("Terms") if "offers" in path}
    assert rooms == {"network/offers/terms.py", "network/offers/erasing.py"}  # which only deletes
    assert _who_says("unsealed") == {"network/offers/terms.py"}


def _imports(path: str, room: str) -> set[str]:
    """From which packages a file imports that room."""
    tree = ast.parse((HOME / path).read_text())
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {node.module or "" for node in froms if room in {alias.name for alias in node.names}}


def test_terms_are_in_no_log(ada: Member, bo: Member, hunter: Member, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    stage.listens(bo, FULL)
    stage.sends(hunter, bo)

    assert "91357" not in caplog.text
    assert "anarienwerke" not in caplog.text


def test_a_refusal_carries_nothing_of_the_terms(ada: Member) -> None:
    with pytest.raises(terms.TermsWrong) as refused:
        terms.change(ada, replace(FULL, level="king"))

    assert "91357" not in f"{refused.value} {refused.value!r} {refused.value.values}"


# ── excluded, by whatever name ───────────────────────────────────────────────
@pytest.fixture
def big_blue(mo: Member) -> None:
    """One organisation under three names: two of them came by a merge."""
    ibm = organisations.find_or_make("International Business Machines")
    for other in ("IBM", "Big Blue"):
        organisations.merge(organisations.find_or_make(other), ibm, by=mo)


NAMES = ["IBM", "Big Blue Inc.", "international business machines", "IBM Deutschland GmbH", "I.B.M."]


@pytest.mark.usefixtures("big_blue")
@pytest.mark.parametrize("excluded", ["IBM", "Big Blue", "International Business Machines Corp"])
@pytest.mark.parametrize("name", NAMES)
def test_an_excluded_employer_does_not_come_in_by_another_name(
    bo: Member, hunter: Member, excluded: str, name: str
) -> None:
    stage.listens(bo, excluded=(excluded,))

    assert not stage.arrives(hunter, bo, employer=name)


@pytest.mark.usefixtures("big_blue")
@pytest.mark.parametrize("name", ["ІВМ", "IBΜ Inc.", "Bіg Bluе", "ΙΒΜ GmbH"])
def test_letters_of_another_script_make_no_other_employer(bo: Member, hunter: Member, name: str) -> None:
    """Cyrillic and Greek letters in the offer, or in the terms."""
    stage.listens(bo, excluded=("IBM",))
    assert not stage.arrives(hunter, bo, employer=name)
    stage.listens(bo, excluded=(name,))
    assert not stage.arrives(stage.head_hunter("harry"), bo, employer="Big Blue", role="Head of sales")
    assert stage.arrives(stage.head_hunter("hilda"), bo, employer="Nordlicht", role="Curator")


def test_names_of_another_script_stay_names(bo: Member, hunter: Member) -> None:
    stage.listens(bo, excluded=("Московский завод",))

    assert not stage.arrives(hunter, bo, employer="ООО Московский завод")
    assert stage.arrives(stage.head_hunter("harry"), bo, employer="Киевский завод", role="Head of sales")


@pytest.mark.usefixtures("big_blue")
def test_an_excluded_agency_neither(bo: Member, hunter: Member) -> None:
    stage.listens(bo, excluded=("IBM",), confidential=True)

    assert not stage.arrives(hunter, bo, agency="Big Blue")
    assert not stage.arrives(stage.head_hunter("harry"), bo, agency="Big Blue", employer="", role="Head of sales")


def test_a_merge_after_the_terms_were_written_counts(bo: Member, hunter: Member, mo: Member) -> None:
    stage.listens(bo, excluded=("IBM",))
    one, other = (organisations.find_or_make(name) for name in ("IBM", "Kyndryl"))
    organisations.merge(other, one, by=mo)

    assert not stage.arrives(hunter, bo, employer="Kyndryl")


def test_a_name_that_merely_resembles_comes_in(bo: Member, hunter: Member) -> None:
    stage.listens(bo, excluded=("Deutsche Bank", "!!!", " "))

    assert terms.of(bo, by=bo).excluded == ("Deutsche Bank",)
    assert stage.arrives(hunter, bo, employer="Deutsche Bahn")


def test_the_member_reads_the_names_as_typed(bo: Member) -> None:
    stage.listens(bo, excluded=("  Müller &  Söhne GmbH ", "Acme"))

    assert terms.of(bo, by=bo).excluded == ("Müller & Söhne GmbH", "Acme")
