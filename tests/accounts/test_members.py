"""Who you are: handles and names nobody can counterfeit, circles that hold, keys sealed at rest."""

import unicodedata

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import keys, people, signup, ties, visibility
from accounts.models import Account, Door, Member, Visibility
from foundation import clock, sealing, signing
from tests.cast import DAY, befriend, was_at


@pytest.mark.parametrize(
    "handle",
    [
        "ad",
        "x" * 31,
        "_ada",
        "ada_",
        "ада",
        "ada\u200b",
        "a da",
        "ａｄａ",
        "ada-l",
        "ada.l",
        "<b>",
        "",
        "a\u0301da",
        "ádа",
    ],
)
def test_a_handle_is_plain_ascii(handle: str, db: None) -> None:
    with pytest.raises(signup.HandleWrong):
        signup.check_handle(handle)


@pytest.mark.parametrize("handle", ["admin", "Admin", "mod_erator", "support", "leu_mund"])
def test_reserved_handles_are_taken(handle: str, db: None) -> None:
    with pytest.raises(signup.HandleTaken):
        signup.check_handle(handle)


@pytest.mark.parametrize("handle", ["b0b", "bo_b", "B0B"])
def test_nobody_joins_with_a_handle_that_looks_like_anothers(handle: str, bo: Member) -> None:
    with pytest.raises(signup.HandleTaken):
        signup.check_handle(handle)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(handle="b_o_b", look=bo.look, account=Account.objects.create_user("two@example.org"))


def test_a_handle_is_once_whatever_its_case(ada: Member) -> None:
    with pytest.raises(signup.HandleTaken):
        signup.check_handle("ADA")
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(handle="ada", account=Account.objects.create_user("two@example.org"))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u202e\u200b",
        "http://evil.tld",
        "Bank <b>",
        "evil.com",
        "x" * 81,
        "123",
        "Ada\\Bo",
        "ada@example.org",
    ],
)
def test_a_name_is_no_address_and_no_markup(name: str) -> None:
    with pytest.raises(signup.NameWrong):
        signup.check_name(name)


@given(st.text(max_size=60))
def test_a_kept_name_has_no_control_or_bidirectional_characters(text: str) -> None:
    try:
        name = signup.check_name(text)
    except signup.NameWrong:
        return
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name)
    assert "\n" not in name


def test_an_unconfirmed_member_is_there_for_nobody(db: None) -> None:
    member = signup.join(Account.objects.create_user("new@example.org"), handle="newcomer", name="New Comer")

    with pytest.raises(people.NoSuchMember):
        people.by_handle("newcomer")
    signup.confirm(member)
    assert people.by_handle("@newcomer") == member


def test_a_fresh_member_shows_nothing_but_the_handle(ada: Member, bo: Member) -> None:
    people.change_profile(ada, {"headline": "canary", "place": "canary", "languages": "canary", "about": "canary"})

    shown = visibility.show(ada, bo)

    assert (shown.name, shown.headline, shown.place, shown.languages, shown.about) == ("", "", "", "", "")
    assert shown.shown_name == "@ada"


def test_each_field_reaches_just_its_circle(ada: Member, bo: Member, cleo: Member, mallory: Member) -> None:
    befriend(ada, bo)
    ties.block(ada, mallory)
    viewers = {"me": ada, "contact": bo, "member": cleo, "blocked": mallory, "anonymous": None}
    expected = {
        Visibility.ME: {"me"},
        Visibility.CONTACTS: {"me", "contact"},
        Visibility.MEMBERS: {"me", "contact", "member"},
        Visibility.EVERYONE: set(viewers),
    }
    for circle, seers in expected.items():
        people.change_profile(ada, {"headline": "canary", "headline_to": circle})
        was_at(ada, f"Place {circle.value}", visible_to=circle, matchable=False)
        ada.refresh_from_db()
        assert {who for who, viewer in viewers.items() if visibility.show(ada, viewer).headline} == seers
        for who, viewer in viewers.items():
            seen = visibility.entries(ada, viewer).filter(organisation__name=f"Place {circle.value}").exists()
            assert seen == (who in seers)


def test_search_finds_by_exact_handle_or_visible_name_only(ada: Member, bo: Member, cleo: Member) -> None:
    assert [found.handle for found in people.search(bo, "ada")] == ["ada"]
    assert not people.search(bo, "ad")
    assert not people.search(bo, "Ada Ad")
    people.change_profile(ada, {"name_to": Visibility.MEMBERS})
    assert list(people.search(bo, "Ada Ad")) == [ada]
    ties.block(ada, bo)
    assert not people.search(bo, "Ada Ad")
    assert list(people.search(cleo, "ada adler")) == [ada]


@pytest.mark.parametrize(
    "field", ["frozen_at", "ledger_id", "account", "handle", "is_staff", "confirmed_at", "data_key"]
)
def test_a_crafted_form_writes_no_other_field(field: str, ada: Member) -> None:
    before = Member.objects.values().get(pk=ada.pk)
    with pytest.raises(people.ProfileWrong):
        people.change_profile(ada, {"headline": "x", field: "x"})
    assert Member.objects.values().get(pk=ada.pk) == before


@pytest.mark.parametrize(("field", "value"), [("headline_to", 9), ("time_zone", "Mars/Phobos"), ("language", "xx")])
def test_a_value_that_was_not_offered_is_refused(field: str, value: object, ada: Member) -> None:
    with pytest.raises(people.ProfileWrong):
        people.change_profile(ada, {field: value})


def test_the_door_is_b_unless_set(ada: Member) -> None:
    assert Door.objects.get(member=ada).lowest == "B"
    people.set_door(ada, "K")
    assert Door.objects.get(member=ada).lowest == "K"
    with pytest.raises(people.ProfileWrong):
        people.set_door(ada, "X")


def test_a_members_key_signs_and_is_sealed_to_its_row(ada: Member, bo: Member) -> None:
    signature = signing.sign(keys.private_key(ada), b"words")
    current = ada.keys.get(retired_at=None)
    assert signing.verify(bytes(current.public), b"words", signature)

    bo.keys.update(private=current.private)
    with pytest.raises(sealing.Broken):
        keys.private_key(bo)


def test_a_rotated_key_retires_the_old_one(ada: Member) -> None:
    keys.give(ada)

    assert ada.keys.filter(retired_at=None).count() == 1
    assert ada.keys.count() == 2


def test_an_older_moment_never_replaces_the_last_contact(ada: Member, bo: Member) -> None:
    now = clock.now()
    ties.met(ada, bo, how="message", at=now)
    ties.met(bo, ada, how="contact", at=now - DAY)

    met = ties.last_met(ada, bo)
    assert met is not None
    assert (met.how, met.at) == ("message", now)


def test_unconfirmed_signups_are_forgotten_after_three_days(ada: Member) -> None:
    from accounts.tasks import forget_unconfirmed

    with clock.at(clock.now() - 4 * DAY):
        signup.join(Account.objects.create_user("old@example.org"), handle="oldie", name="Old Ie")
    signup.join(Account.objects.create_user("young@example.org"), handle="younger", name="Young Er")

    forget_unconfirmed()

    assert set(Member.objects.values_list("handle", flat=True)) == {"ada", "younger"}
    assert not Account.objects.filter(email="old@example.org").exists()
