"""Entries: whose, how many, how old; what starts the 30 days anew; organisations found and merged."""

from dataclasses import replace

import pytest

from accounts import entries, months, organisations, powers
from accounts.entries import Facts
from accounts.models import Entry, EntryChange, Member, Merge, Organisation
from foundation import clock, jobs
from network.contacts.models import Request
from tests.cast import DAY, asks, new_member, was_at

BASE = Facts(
    kind="employment",
    organisation="Acme Werke",
    unit="Hall 4",
    starts=months.Month(2001 * 12),
    ends=months.Month(2004 * 12),
    title="Fitter",
    matchable=True,
)


def counts_anew(member: Member, **changed: object) -> bool:
    """Whether changing these facts of a 100 days old entry starts its age anew."""
    with clock.at(clock.now() - 100 * DAY):
        entry = entries.add(member, BASE)
    before = entry.counts_from
    after = entries.change(entry, replace(BASE, **changed), by=member)  # type: ignore[arg-type]
    return after.counts_from != before


@pytest.mark.parametrize(
    "changed",
    [
        {"organisation": "Elsewhere"},
        {"unit": "Hall 5"},
        {"unit": ""},
        {"kind": "project"},
        {"starts": months.Month(2000 * 12)},
        {"ends": months.Month(2005 * 12)},
        {"ends": None},
    ],
)
def test_place_kind_and_wider_months_start_the_age_anew(changed: dict[str, object], ada: Member) -> None:
    assert counts_anew(ada, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Engineer"},
        {"text": "Pumps."},
        {"visible_to": 3},
        {"matchable": False},
        {"starts": months.Month(2002 * 12)},
        {"ends": months.Month(2003 * 12)},
        {"organisation": "ACME Werke GmbH"},
    ],
)
def test_words_circles_and_narrower_months_do_not(changed: dict[str, object], ada: Member) -> None:
    assert not counts_anew(ada, **changed)


def test_the_change_log_says_what_changed_and_when(ada: Member) -> None:
    assert counts_anew(ada, unit="Hall 5", title="Engineer")

    log = [(row.act, row.fields, row.resets_age) for row in EntryChange.objects.filter(member=ada)]
    assert log == [("changed", ["unit", "title"], True), ("added", [], False)]


def test_nobody_changes_or_removes_anothers_entry(at_acme: Entry, bo: Member) -> None:
    with pytest.raises(entries.NotYourEntry):
        entries.change(at_acme, BASE, by=bo)
    with pytest.raises(entries.NotYourEntry):
        entries.remove(at_acme, by=bo)
    assert Entry.objects.filter(pk=at_acme.pk).exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "holiday"},
        {"organisation": " \u200b "},
        {"organisation": "x" * 121},
        {"starts": months.Month(2999 * 12)},
        {"ends": months.Month(2000 * 12)},
        {"ends": months.Month(2999 * 12)},
        {"visible_to": 9},
    ],
)
def test_what_cannot_be_is_refused_in_words(changed: dict[str, object], ada: Member) -> None:
    with pytest.raises((entries.EntryWrong, organisations.NameNeeded)) as refusal:
        entries.add(ada, replace(BASE, **changed))  # type: ignore[arg-type]
    assert str(refusal.value)
    assert not Entry.objects.exists()


def test_at_most_forty_entries(ada: Member) -> None:
    with clock.at(ada.joined_at + DAY):
        for number in range(40):
            entries.add(ada, replace(BASE, organisation=f"Place {number}", matchable=False))
        with pytest.raises(entries.TooManyEntries):
            entries.add(ada, replace(BASE, matchable=False))


def test_after_the_first_week_five_organisations_a_day(ada: Member) -> None:
    made = [entries.add(ada, replace(BASE, organisation=f"Place {n}", matchable=False)) for n in range(5)]

    with pytest.raises(entries.TooManyOrganisations):
        entries.add(ada, replace(BASE, organisation="One more", matchable=False))
    with pytest.raises(entries.TooManyOrganisations):
        entries.change(made[0], replace(BASE, organisation="Another", matchable=False), by=ada)
    entries.change(made[0], replace(BASE, organisation="Place 0", title="Lead", matchable=False), by=ada)


def test_at_most_three_matchable_employments_of_one_time(ada: Member) -> None:
    for number in range(3):
        entries.add(ada, replace(BASE, organisation=f"Place {number}"))
    with pytest.raises(entries.TooManyAtOnce):
        entries.add(ada, replace(BASE, organisation="Fourth"))

    entries.add(ada, replace(BASE, organisation="Fourth", matchable=False))
    entries.add(ada, replace(BASE, organisation="Fifth", starts=months.Month(2010 * 12), ends=None))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Werke GmbH", "acme  WERKE"),
        ("Universität Köln", "Universitaet Koeln"),
        ("Café Central e.V.", "cafe central"),
        ("Müller & Söhne KG", "Mueller Soehne"),
    ],
)
def test_a_name_typed_differently_finds_the_same_organisation(one: str, other: str, ada: Member) -> None:
    first = organisations.find_or_make(one)

    assert organisations.find_or_make(other) == first
    assert not organisations.suggest(other[:6])
    was_at(ada, one)
    assert [alias.organisation for alias in organisations.suggest(other[:6])] == [first]


def test_a_name_that_stands_in_private_entries_alone_is_never_suggested(ada: Member) -> None:
    was_at(ada, "Secret Works", unit="Hidden Hall", visible_to=0)

    assert not organisations.suggest("Secret")
    assert not organisations.suggest_units("Secret Works", "Hid")


def test_two_hundred_matchable_entries_need_a_unit(settings: object, ada: Member, bo: Member) -> None:
    settings.NEEDS_UNIT_FROM_ENTRIES = 2  # type: ignore[attr-defined]
    was_at(bo, "Acme Werke", "2002-01", "2005-12")
    request = asks(ada, bo, was_at(ada, "Acme Werke"))

    jobs.drain_everything()

    request.refresh_from_db()
    assert Organisation.objects.get(name="Acme Werke").needs_unit
    assert (request.grade, request.reasons) == ("C", ["unit-differs"])


def test_a_merge_regrades_open_requests_and_can_be_undone(ada: Member, bo: Member, mo: Member) -> None:
    was_at(bo, "Acme Pumps", "2002-01", "2005-12", unit="Hall 4")
    entry = was_at(ada, "Acme Werke", unit="Hall 4")
    request = asks(ada, bo, entry)
    assert request.grade == "C"
    pumps, works = Organisation.objects.get(name="Acme Pumps"), Organisation.objects.get(name="Acme Werke")

    merge = organisations.merge(pumps, works, by=mo)
    jobs.drain_everything()
    assert Request.objects.get().grade == "B"
    assert organisations.find_or_make("Acme Pumps") == works
    assert Entry.objects.get(pk=entry.pk).counts_from == entry.counts_from

    organisations.undo(merge, by=mo)
    jobs.drain_everything()
    assert Request.objects.get().grade == "C"
    assert Entry.objects.get(member=bo).unit != Entry.objects.get(member=ada).unit
    assert organisations.find_or_make("Acme Pumps") == pumps


def test_a_merge_is_undone_once_and_never_into_itself(mo: Member) -> None:
    one, other = organisations.find_or_make("One"), organisations.find_or_make("Other")
    with pytest.raises(organisations.CannotMerge):
        organisations.merge(one, one, by=mo)
    merge = organisations.merge(one, other, by=mo)
    with pytest.raises(organisations.CannotMerge):
        organisations.merge(one, other, by=mo)
    organisations.undo(merge, by=mo)

    with pytest.raises(organisations.CannotMerge):
        organisations.undo(Merge.objects.get(), by=mo)


def test_an_entry_removed_leaves_others_alone(at_acme: Entry, ada: Member) -> None:
    entries.remove(at_acme, by=ada)

    assert not ada.entries.exists()
    assert new_member("someone").entries.count() == 0


def test_only_moderators_merge_undo_and_ask_for_units(ada: Member, mo: Member) -> None:
    one, other = organisations.find_or_make("One"), organisations.find_or_make("Other")
    merge = organisations.merge(one, other, by=mo)

    with pytest.raises(powers.NotAModerator):
        organisations.merge(other, organisations.find_or_make("Third"), by=ada)
    with pytest.raises(powers.NotAModerator):
        organisations.undo(merge, by=ada)
    with pytest.raises(powers.NotAModerator):
        organisations.set_needs_unit(other, True, by=ada)
