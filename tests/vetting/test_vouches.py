"""Public vouches given and answered: who may, who may not, and what the voucher learns of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts import people
from accounts.models import Member, Visibility
from foundation import clock, jobs
from foundation.models import Letter
from network.contacts import blocks, quiet
from network.moderation import freezing
from tests.cast import DAY, befriend, key, new_member, was_at
from tests.frontend.vouched import SENTENCE, offered, vouched
from tests.vetting import town
from vetting import credentials, proofs, vouches
from vetting.models import ProofKind, Vouch


@pytest.mark.usefixtures("colleagues")
def test_a_countersigned_vouch_is_a_credential_that_proves_itself(ada: Member, bo: Member) -> None:
    vouch = vouched(ada, bo)

    assert vouch.credential is not None
    proved = credentials.verify(vouch.credential, now=clock.now() + timedelta(seconds=1), status=town.status_of(vouch))
    assert (proved.statement, proved.status, proved.countersigned) == (SENTENCE, "current", True)
    assert proved.context.organisation == "Meeting of ada and bob"
    assert proved.address.endswith(f"/credentials/{vouch.token}/")
    assert len(str(vouch.token)) == 43
    assert town.lends_by_vouch(ada, bo)
    assert not town.lends_by_vouch(bo, ada)


@pytest.mark.usefixtures("colleagues")
def test_nothing_shows_and_nothing_is_lent_before_the_countersignature(ada: Member, bo: Member, cleo: Member) -> None:
    befriend(cleo, bo)
    vouch = offered(ada, bo)

    for viewer, near in ((bo, Visibility.ME), (cleo, Visibility.CONTACTS), (None, Visibility.EVERYONE)):
        assert not vouches.seen_by(viewer, bo, near).exists()
    assert (vouch.token, vouch.credential, vouch.status_index) == (None, None, None)
    assert not town.lends_by_vouch(ada, bo)
    assert list(vouches.offered_to(bo)) == list(vouches.given_by(ada)) == [vouch]


def stranger(ada: Member, bo: Member) -> None:
    """Nothing between the two."""


def contact_left(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    contact = quiet.between(ada, bo)
    assert contact is not None
    quiet.end(contact, by=bo)


def blocked(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    blocks.block(bo, ada)


@pytest.mark.parametrize("how", [stranger, contact_left, blocked])
def test_without_a_contact_there_is_no_vouch_and_one_answer(
    how: Callable[[Member, Member], None], ada: Member, bo: Member
) -> None:
    how(ada, bo)
    was_at(ada, "Acme")

    with pytest.raises(vouches.NothingShared):
        offered(ada, bo)
    assert not Vouch.objects.exists()


def test_a_contact_without_a_confirmed_context_is_not_enough(ada: Member, bo: Member) -> None:
    befriend(ada, bo, confirmed=False)

    with pytest.raises(vouches.NothingShared):
        offered(ada, bo)


def test_newcomers_wait_ninety_days(bo: Member) -> None:
    young = new_member("youngster", joined=89 * DAY)
    town.confirmed(young, bo, ago=10 * DAY)
    was_at(young, "Acme", age=5 * DAY)

    with pytest.raises(vouches.NotYetToVouch):
        offered(young, bo)
    with clock.at(clock.now() + 1 * DAY + timedelta(minutes=1)):
        assert offered(young, bo).pk


@pytest.mark.parametrize("kind", [ProofKind.MET, ProofKind.CHECKED_IN, ProofKind.WORK_MAIL])
def test_who_was_met_vouches_from_the_first_day_and_half_an_anchor_does_not(
    kind: ProofKind, mo: Member, bo: Member
) -> None:
    fresh = new_member("freshly_met", joined=1 * DAY)
    befriend(fresh, bo, confirmed=False)
    proofs.enter(fresh, kind, by=mo, actor="test")

    if kind == ProofKind.MET:
        assert offered(fresh, bo).pk
    else:
        with pytest.raises(vouches.NotYetToVouch):
            offered(fresh, bo)


@pytest.mark.usefixtures("colleagues")
def test_the_context_is_an_entry_of_the_vouchers_own(ada: Member, bo: Member) -> None:
    for entry in (None, was_at(bo, "Acme")):
        with pytest.raises(vouches.NoContextForVouch):
            vouches.offer(ada, bo, entry=entry, sentence=SENTENCE, key=key())


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "  \n ",
        "x" * 301,
        "See https://evil.example",
        "Call 0171 1234567",
        "Write to bo@evil.example",
        "evil.de/x",
    ],
)
@pytest.mark.usefixtures("colleagues")
def test_a_sentence_carries_no_address_of_any_kind(sentence: str, ada: Member, bo: Member) -> None:
    with pytest.raises(vouches.SentenceWrong):
        offered(ada, bo, sentence=sentence)
    assert not Vouch.objects.exists()


@pytest.mark.usefixtures("colleagues")
def test_a_form_sent_twice_is_one_vouch(ada: Member, bo: Member) -> None:
    form: dict[str, Any] = {"entry": ada.entries.first(), "sentence": SENTENCE, "key": key()}

    assert vouches.offer(ada, bo, **form) == vouches.offer(ada, bo, **form)
    with pytest.raises(vouches.VouchedAlready):
        offered(ada, bo)


def many_contacts(ada: Member, count: int) -> list[Member]:
    subjects = town.people(count)
    for subject in subjects:
        town.confirmed(ada, subject)
    was_at(ada, "Acme")
    return subjects


def test_five_in_thirty_days_whatever_becomes_of_them(ada: Member) -> None:
    subjects = many_contacts(ada, 6)
    made = [offered(ada, subject) for subject in subjects[:5]]
    vouches.withdraw(made[0], by=ada)
    vouches.refuse(made[1], by=subjects[1])

    with pytest.raises(vouches.VouchesSpent):
        offered(ada, subjects[5])
    with clock.at(clock.now() + 30 * DAY + timedelta(minutes=1)):
        assert offered(ada, subjects[5]).pk


@pytest.mark.parametrize("last", ["countersigned", "waiting", "refused"])
def test_twenty_are_live_and_withdrawing_one_makes_room(last: str, ada: Member, settings: Any) -> None:
    """A refused one takes room like one that waits, or the count would tell."""
    assert settings.VOUCHES_LIVE_MAX == 20
    settings.VOUCHES_LIVE_MAX = 4
    subjects = many_contacts(ada, 5)
    for subject in subjects[:3]:
        vouched(ada, subject)
    made = offered(ada, subjects[3])
    if last == "countersigned":
        vouches.countersign(made, by=subjects[3], visible_to=Visibility.ME)
    if last == "refused":
        vouches.refuse(made, by=subjects[3])

    with pytest.raises(vouches.VouchesLive):
        offered(ada, subjects[4])
    vouches.withdraw(made, by=ada)
    assert offered(ada, subjects[4]).pk


@pytest.mark.django_db(transaction=True)
def test_many_offers_at_once_are_five_at_most() -> None:
    ada = new_member("ada")
    subjects = many_contacts(ada, 10)

    def try_to_offer(subject: Member) -> bool:
        try:
            return bool(offered(ada, subject))
        except vouches.VouchesSpent:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to_offer, subjects)) == 5


@pytest.mark.usefixtures("colleagues")
def test_only_the_subject_countersigns_refuses_and_chooses_who_sees_it(
    ada: Member, bo: Member, mallory: Member
) -> None:
    vouch = offered(ada, bo)

    for other in (ada, mallory):
        with pytest.raises(vouches.NotYourVouch):
            vouches.countersign(vouch, by=other, visible_to=Visibility.EVERYONE)
        with pytest.raises(vouches.NotYourVouch):
            vouches.refuse(vouch, by=other)
    vouches.countersign(vouch, by=bo, visible_to=Visibility.ME)
    for other in (ada, mallory):
        with pytest.raises(vouches.NotYourVouch):
            vouches.show_to(vouch, by=other, visible_to=Visibility.EVERYONE)

    vouches.show_to(vouch, by=bo, visible_to=Visibility.CONTACTS)
    assert Vouch.objects.get().visible_to == Visibility.CONTACTS


@pytest.mark.usefixtures("colleagues")
def test_only_the_voucher_withdraws(ada: Member, bo: Member, mallory: Member) -> None:
    vouch = vouched(ada, bo)

    for other in (bo, mallory):
        with pytest.raises(vouches.NotYourVouch):
            vouches.withdraw(vouch, by=other)
    assert town.lends_by_vouch(ada, bo)


@pytest.mark.usefixtures("colleagues")
def test_an_answer_stands(ada: Member, bo: Member) -> None:
    vouch = vouched(ada, bo)
    with pytest.raises(vouches.VouchAnswered):
        vouches.countersign(vouch, by=bo, visible_to=Visibility.ME)
    with pytest.raises(vouches.VouchAnswered):
        vouches.refuse(vouch, by=bo)
    vouches.withdraw(vouch, by=ada)
    with pytest.raises(vouches.VouchAnswered):
        vouches.show_to(vouch, by=bo, visible_to=Visibility.EVERYONE)

    second = offered(ada, bo)
    vouches.refuse(second, by=bo)
    with pytest.raises(vouches.VouchAnswered):
        vouches.countersign(second, by=bo, visible_to=Visibility.ME)
    vouches.withdraw(second, by=ada)
    third = offered(ada, bo)
    vouches.withdraw(third, by=ada)
    with pytest.raises(vouches.VouchAnswered):
        vouches.countersign(third, by=bo, visible_to=Visibility.ME)


@pytest.mark.usefixtures("colleagues")
def test_who_is_frozen_neither_offers_nor_countersigns_and_may_withdraw(ada: Member, bo: Member, mo: Member) -> None:
    vouch = offered(ada, bo)
    given = vouched(bo, ada)
    freezing.freeze(bo, by=mo, reason="We look into it.")

    with pytest.raises(people.Frozen):
        vouches.countersign(vouch, by=bo, visible_to=Visibility.ME)
    with pytest.raises(people.Frozen):
        offered(bo, ada)
    vouches.withdraw(given, by=bo)
    assert not town.lends_by_vouch(bo, ada)


@pytest.mark.usefixtures("colleagues")
def test_to_the_voucher_a_refusal_looks_like_no_answer(ada: Member, bo: Member, cleo: Member) -> None:
    befriend(ada, cleo)
    waits, refused = offered(ada, cleo), offered(ada, bo)
    jobs.drain_everything(strict=True)
    letters = Letter.objects.count()

    vouches.refuse(refused, by=bo)
    jobs.drain_everything(strict=True)

    assert set(vouches.given_by(ada)) == {waits, refused}
    assert Letter.objects.count() == letters
    assert type(vouches.why_not(ada, bo)) is type(vouches.why_not(ada, cleo)) is vouches.VouchedAlready
    for vouch in (waits, refused):
        vouches.withdraw(vouch, by=ada)
    assert not vouches.given_by(ada).exists()
    assert vouches.why_not(ada, bo) is vouches.why_not(ada, cleo) is None
