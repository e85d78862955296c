"""Invitations: spent once, by POST, within 14 days; whoever joins is a confirmed contact."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import ties
from accounts.models import Member
from foundation import clock
from network.contacts import invitations
from network.contacts.models import Contact, Invitation
from tests.cast import DAY, asks, new_member, was_at
from vetting import contexts


def test_who_spends_it_is_a_confirmed_contact_of_the_inviter(ada: Member, bo: Member) -> None:
    invitation, token = invitations.make(ada, label="Bo from the pump hall")

    contact = invitations.spend(token, by=bo)

    assert ties.in_contact(ada, bo)
    assert contexts.confirmed(ada, bo)
    assert contact.asker == ada
    assert Invitation.objects.get(pk=invitation.pk).spent_by == bo


def test_the_token_is_kept_nowhere_and_has_192_bits(ada: Member) -> None:
    invitation, token = invitations.make(ada)

    assert len(token) >= 32
    assert token not in str(Invitation.objects.values().get(pk=invitation.pk))


def test_a_spent_old_called_back_or_invented_one_is_gone(ada: Member, bo: Member, cleo: Member) -> None:
    _spent, spent = invitations.make(ada)
    invitations.spend(spent, by=bo)
    back, called_back = invitations.make(ada)
    invitations.call_back(back, by=ada)
    with clock.at(clock.now() - 14 * DAY):
        _old, old = invitations.make(ada)

    for token in (spent, called_back, old, "invented", ""):
        with pytest.raises(invitations.InvitationGone):
            invitations.spend(token, by=cleo)
    assert not ties.in_contact(ada, cleo)


def test_nobody_calls_back_anothers_or_spends_their_own(ada: Member, bo: Member) -> None:
    invitation, token = invitations.make(ada)

    with pytest.raises(invitations.InvitationGone):
        invitations.call_back(invitation, by=bo)
    with pytest.raises(invitations.InvitationGone):
        invitations.spend(token, by=ada)
    invitations.find(token)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_spend_one(ada: Member) -> None:
    _invitation, token = invitations.make(ada)
    people = [new_member(f"guest{number}") for number in range(50)]

    def spend(guest: Member) -> bool:
        try:
            invitations.spend(token, by=guest)
        except invitations.InvitationGone:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(spend, people)) == 1
    assert Contact.objects.count() == 1


def test_at_most_ten_are_out_at_once(ada: Member) -> None:
    for _ in range(10):
        invitations.make(ada)

    with pytest.raises(invitations.EnoughInvitations):
        invitations.make(ada)


def test_a_newcomer_asks_at_grade_c_except_through_an_invitation(ada: Member) -> None:
    newcomer = new_member("newcomer", joined=1 * DAY)
    was_at(ada, "Acme Werke", "2001-01", "2004-12")
    entry = was_at(newcomer, "Acme Werke", "2001-01", "2004-12", age=0 * DAY)
    assert asks(newcomer, ada, entry).grade == "C"

    other = new_member("other")
    _invitation, token = invitations.make(other)
    contact = invitations.spend(token, by=newcomer)
    assert contexts.confirmed(newcomer, other)
    assert contact.recipient == newcomer
