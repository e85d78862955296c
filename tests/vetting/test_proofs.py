"""Anchors: proved by somebody with the power to say so, never by oneself, on record, and only while it lasts."""

import pytest

from accounts import powers
from accounts.models import Member
from foundation import clock
from foundation.models import AuditEntry, Job
from network.moderation import freezing, moderators
from tests.cast import DAY, new_member
from tests.vetting import town
from vetting import proofs, standing
from vetting.models import Proof, ProofKind

BY_HAND = sorted(proofs.BY_HAND)


def noted(act: str) -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(act=act).values_list("actor", "about"))


@pytest.mark.parametrize("kind", BY_HAND)
def test_a_moderator_grants_and_it_is_on_record(kind: str, mo: Member, ada: Member) -> None:
    proof = proofs.grant(ada, kind, by=mo)

    assert (proof.member, proof.by, proof.share) == (ada, mo, proofs.share_for(kind))
    assert noted(f"proved-{kind}") == [(f"member:{mo.pk}", f"member:{ada.pk}")]
    assert Job.objects.filter(dedup_key=f"standing:{ada.pk}", done_at=None).exists()
    town.work_standings()
    assert standing.of(ada).anchor == proof.share


@pytest.mark.parametrize("who", ["nobody", "a member", "a frozen moderator", "a dismissed moderator"])
def test_nobody_else_grants_or_revokes_and_the_attempt_is_noted(who: str, mo: Member, ada: Member, bo: Member) -> None:
    proof = proofs.grant(bo, ProofKind.MET, by=mo)
    by: Member | None = {"nobody": None, "a member": bo}.get(who, mo)
    if who == "a frozen moderator":
        judge = town.founder()
        freezing.freeze(mo, by=judge, reason="We look into it.")
    if who == "a dismissed moderator":
        moderators.dismiss(mo)
    by = by and Member.objects.get(pk=by.pk)

    with pytest.raises(powers.NotAModerator):
        proofs.grant(ada, ProofKind.MET, by=by)
    with pytest.raises(powers.NotAModerator):
        proofs.revoke(proof, by=by)

    assert not Proof.objects.filter(member=ada).exists()
    assert Proof.objects.get(pk=proof.pk).ended_at is None
    assert [about for _actor, about in noted("was-refused-proof")] == [f"member:{ada.pk}", f"member:{bo.pk}"]


@pytest.mark.parametrize("kind", BY_HAND)
def test_nobody_proves_themselves_and_the_attempt_is_noted(kind: str, mo: Member) -> None:
    with pytest.raises(proofs.NotToBeProved):
        proofs.grant(mo, kind, by=mo)

    assert Proof.objects.filter(member=mo).count() == 1
    assert noted("was-refused-proof") == [(f"member:{mo.pk}", f"member:{mo.pk}")]


@pytest.mark.parametrize("kind", [ProofKind.MODERATOR, ProofKind.WORK_MAIL, "friend", ""])
def test_what_moderators_cannot_witness_they_cannot_grant(kind: str, mo: Member, ada: Member) -> None:
    with pytest.raises(proofs.NoSuchProof):
        proofs.grant(ada, kind, by=mo)

    assert not Proof.objects.filter(member=ada).exists()


@pytest.mark.parametrize("who", ["unconfirmed", "remote"])
def test_only_confirmed_members_of_this_server_are_anchors(who: str, mo: Member, ada: Member) -> None:
    if who == "unconfirmed":
        Member.objects.filter(pk=ada.pk).update(confirmed_at=None)
        member = Member.objects.get(pk=ada.pk)
    else:
        member = Member.objects.create(handle="zoe", host="elsewhere.example", confirmed_at=clock.now())

    with pytest.raises(proofs.NotToBeProved):
        proofs.grant(member, ProofKind.MET, by=mo)


def test_twice_is_once(mo: Member, ada: Member) -> None:
    first = proofs.grant(ada, ProofKind.MET, by=mo)
    second = proofs.grant(ada, ProofKind.MET, by=mo)

    assert first == second
    assert len(noted("proved-met")) == 1


def test_what_is_revoked_counts_no_more_and_cannot_be_revoked_again(mo: Member, ada: Member) -> None:
    proof = proofs.grant(ada, ProofKind.MET, by=mo)
    town.work_standings()

    proofs.revoke(proof, by=mo)
    town.work_standings()

    assert proofs.share_of(ada, clock.now()) == standing.of(ada).anchor == 0
    assert town.points(ada) == pytest.approx(0)
    assert noted("revoked-met") == [(f"member:{mo.pk}", f"member:{ada.pk}")]
    with pytest.raises(proofs.ProvedAlready):
        proofs.revoke(proof, by=mo)
    assert town.night().anchors == 1


def test_shares_add_up_to_one_anchor_at_most(mo: Member, ada: Member) -> None:
    now = clock.now()
    for kind, share in ((ProofKind.CHECKED_IN, 0.5), (ProofKind.WORK_MAIL, 1.0), (ProofKind.MET, 1.0)):
        proofs.enter(ada, kind, by=mo, actor="test")
        assert proofs.share_of(ada, now + DAY) == share

    town.night()
    assert standing.of(ada).anchor == 1


def test_a_proof_lasts_two_years_and_can_be_taken_up_again(mo: Member, ada: Member) -> None:
    with clock.at(clock.now() - 731 * DAY):
        first = proofs.grant(ada, ProofKind.CHECKED_IN, by=mo)
        assert proofs.share_of(ada, clock.now() + 729 * DAY) == 0.5
    assert proofs.share_of(ada, clock.now()) == 0

    again = proofs.grant(ada, ProofKind.CHECKED_IN, by=mo)

    assert again != first
    assert proofs.share_of(ada, clock.now()) == 0.5


def test_having_met_somebody_does_not_run_out(mo: Member, ada: Member) -> None:
    proofs.grant(ada, ProofKind.MET, by=mo)

    assert proofs.share_of(ada, clock.now() + 9999 * DAY) == 1


def test_moderators_are_anchors_and_cease_to_be_with_the_office(mo: Member) -> None:
    assert proofs.share_of(mo, clock.now()) == 1

    moderators.dismiss(mo)

    assert proofs.share_of(mo, clock.now()) == 0


def test_a_thousand_proofs_of_puppets_need_a_thousand_acts_of_a_moderator(mo: Member) -> None:
    """No verb grants in bulk, and who was proved cannot prove others."""
    first, second = new_member("first_puppet"), new_member("second_puppet")
    proofs.grant(first, ProofKind.MET, by=mo)

    with pytest.raises(powers.NotAModerator):
        proofs.grant(second, ProofKind.MET, by=first)
