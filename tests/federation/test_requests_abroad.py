"""The contract between two servers: our request, and what its recipient's server says to it."""

from datetime import timedelta

import pytest

from accounts.models import Member
from foundation import clock, jobs
from network.contacts import answers, blocks, places, quiet, requests, settling
from network.contacts.models import Contact, Request, Status, Whereabouts
from network.federation import references
from network.notices.models import Notice
from tests.cast import DAY, asks, key, was_at
from tests.federation.conftest import Abroad, arrives, said
from tests.federation.story import (
    AT_ACME,
    acceptance,
    in_contact,
    last_to,
    offer,
    ours_to,
    signed,
    types_to,
)
from vetting import allowance, contexts


def test_a_request_leaves_as_an_offer_with_its_entry_and_note(ada: Member, zoe: Abroad) -> None:
    was_at(ada, "Acme Werke", unit="Kiel")
    request, name = ours_to(ada, zoe, note="Do you remember the pump?")

    sent = last_to(zoe, "Offer")

    assert (sent["id"], sent["to"]) == (name, [zoe.uri])
    assert sent["object"]["type"] == "Relationship"
    assert (sent["object"]["subject"], sent["object"]["object"]) == (sent["actor"], zoe.uri)
    assert sent["content"] == "<p>Do you remember the pump?</p>"
    assert sent["context"] == {**AT_ACME, "unit": "Kiel", "name": ada.name}
    assert (request.status, request.whereabouts) == (Status.SENT, Whereabouts.AWAY)


def test_settled_again_it_leaves_once(ada: Member, zoe: Abroad) -> None:
    request, _name = ours_to(ada, zoe)
    settling.settle(request.pk)
    jobs.announce("request-for-elsewhere", {"request": request.pk})
    assert types_to(zoe) == ["Offer"]


def test_no_grade_is_promised_that_only_their_server_knows(ada: Member, zoe: Abroad) -> None:
    entry = was_at(ada, "Acme Werke")
    was_at(zoe.member, "Acme Werke")

    foreseen = settling.preview(ada, zoe.member, context="entry", entry=entry)
    request, _name = ours_to(ada, zoe)

    assert (foreseen.grade, foreseen.reasons) == ("", ("elsewhere",))
    assert (request.grade, request.reasons) == ("", ["elsewhere"])


def test_limits_hold_for_requests_abroad_as_for_any(ada: Member, bo: Member, zoe: Abroad, mia: Abroad) -> None:
    ours_to(ada, zoe)
    ours_to(ada, mia)
    assert places.left(ada).open == 2
    with pytest.raises(allowance.EnoughToday):
        asks(ada, bo)


def test_there_is_one_open_request_to_one_person(ada: Member, zoe: Abroad) -> None:
    first, _name = ours_to(ada, zoe)
    assert asks(ada, zoe.member, first.entry) == first
    assert types_to(zoe) == ["Offer"]


def test_asked_again_within_180_days_nothing_leaves(ada: Member, zoe: Abroad) -> None:
    with clock.at(clock.now() - 100 * DAY):
        first, _name = ours_to(ada, zoe)
        requests.withdraw(first, by=ada)
    before = types_to(zoe)

    again, name = ours_to(ada, zoe)

    assert (again.status, again.whereabouts, name) == (Status.SENT, Whereabouts.NOWHERE, "")
    assert types_to(zoe) == before


def test_somebody_who_has_left_their_server_cannot_be_asked(ada: Member, zoe: Abroad) -> None:
    zoe.member.elsewhere.gone_at = clock.now()
    zoe.member.elsewhere.save()
    with pytest.raises(requests.GoneElsewhere):
        requests.ask(ada, zoe.member, context="entry", entry=was_at(ada, "Acme Werke"), key=key())


def test_a_withdrawn_request_is_undone_there(ada: Member, zoe: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    requests.withdraw(request, by=ada)
    assert last_to(zoe, "Undo")["object"] == {"id": name, "type": "Offer"}


def test_a_request_withdrawn_before_it_left_never_leaves(ada: Member, zoe: Abroad) -> None:
    entry = was_at(ada, "Acme Werke")
    request = requests.ask(ada, zoe.member, context="entry", entry=entry, key=key())
    requests.withdraw(request, by=ada)
    assert types_to(zoe) == []


def test_blocking_somebody_elsewhere_withdraws_what_waits_there(ada: Member, zoe: Abroad) -> None:
    _request, name = ours_to(ada, zoe)
    blocks.block(ada, zoe.member)
    assert last_to(zoe, "Undo")["object"]["id"] == name


def test_their_acceptance_begins_the_contact_and_the_quiet_period(ada: Member, zoe: Abroad) -> None:
    contact = in_contact(ada, zoe)

    assert (contact.asker, contact.recipient) == (ada, zoe.member)
    assert contact.quiet_of(contact.asker)
    assert contact.request
    assert contact.request.status == Status.ACCEPTED
    assert Notice.objects.filter(what="accepted").count() == 1
    assert not contexts.confirmed(ada, zoe.member)


def test_their_acceptance_may_be_some_days_late_and_no_more(ada: Member, zoe: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    with clock.at(request.ends_at + timedelta(days=7)):
        assert request.status == Status.ENDED
        arrives(zoe, acceptance(zoe, name, ada))
        assert quiet.between(ada, zoe.member)


def test_an_acceptance_that_comes_too_late_is_answered_with_the_end(ada: Member, zoe: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    with clock.at(request.ends_at + timedelta(days=9)):
        arrives(zoe, acceptance(zoe, name, ada))
        assert not quiet.between(ada, zoe.member)
    assert last_to(zoe, "Undo")["object"]["id"] == name


def test_both_there_counts_with_both_words(ada: Member, zoe: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    arrives(zoe, acceptance(zoe, name, ada, confirmed=AT_ACME))
    assert contexts.confirmed(ada, zoe.member)
    assert contexts.confirmation(ada, zoe.member).entry == request.entry  # type: ignore[union-attr]


@pytest.mark.parametrize("how", ["unsigned", "by another", "other facts", "changed after signing"])
def test_both_there_is_believed_only_signed_and_for_the_facts_we_sent(
    how: str, ada: Member, zoe: Abroad, mallory_abroad: Abroad
) -> None:
    _request, name = ours_to(ada, zoe)
    other = {**AT_ACME, "ends": "2009-12"}
    activity = said(zoe, "Accept", name, to=ada, confirmed=other if how == "other facts" else AT_ACME)
    if how == "by another":
        activity = signed(mallory_abroad, activity)
    if how == "other facts":
        activity = signed(zoe, activity)
    if how == "changed after signing":
        activity = signed(zoe, {**activity, "confirmed": other}) | {"confirmed": AT_ACME}

    arrives(zoe, activity)

    assert quiet.between(ada, zoe.member)
    assert not contexts.confirmed(ada, zoe.member)


@pytest.mark.adversarial(17)
@pytest.mark.parametrize("whose", ["never sent", "another actor's", "their own"])
def test_an_acceptance_of_what_we_never_sent_to_them_is_dropped(
    whose: str, ada: Member, zoe: Abroad, mallory_abroad: Abroad
) -> None:
    _request, name = ours_to(ada, zoe)
    if whose == "never sent":
        arrival = arrives(zoe, acceptance(zoe, "https://testserver/activities/none", ada))
    elif whose == "another actor's":
        arrival = arrives(mallory_abroad, acceptance(mallory_abroad, name, ada))
    else:
        theirs = offer(zoe, ada)
        blocks.block(ada, zoe.member)
        arrives(zoe, theirs)
        arrival = arrives(zoe, acceptance(zoe, theirs["id"], ada))

    assert arrival.outcome in ("ignored", "refused:not-theirs")
    assert not Contact.objects.exists()


def test_a_reject_changes_nothing_that_the_asker_sees(ada: Member, zoe: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    before = Request.objects.values().get(pk=request.pk)
    assert arrives(zoe, said(zoe, "Reject", name, to=ada)).outcome == "done"
    assert Request.objects.values().get(pk=request.pk) == before


def test_a_contact_ended_here_is_undone_there_and_not_why(ada: Member, zoe: Abroad) -> None:
    contact = in_contact(ada, zoe)
    quiet.end(contact, by=ada)
    sent = last_to(zoe, "Undo")
    assert sent["object"] == {"id": references.ours("request", contact.request), "type": "Offer"}  # type: ignore[arg-type]
    assert set(sent) == {"@context", "id", "type", "actor", "to", "object"}


def test_a_contact_ended_there_ends_here_without_an_echo(ada: Member, zoe: Abroad) -> None:
    request, name = ours_to(ada, zoe)
    accepted = acceptance(zoe, name, ada)
    arrives(zoe, accepted)
    arrives(zoe, said(zoe, "Undo", {"id": accepted["id"], "type": "Accept", "object": name}, to=ada))

    assert not quiet.between(ada, zoe.member)
    assert Contact.objects.get(request=request).ended_by == zoe.member
    assert "Undo" not in types_to(zoe)


def test_the_recipient_elsewhere_lifts_the_quiet_period(ada: Member, zoe: Abroad) -> None:
    _request, name = ours_to(ada, zoe)
    accepted = acceptance(zoe, name, ada)
    arrives(zoe, accepted)
    inner = {"id": accepted["id"], "type": "Accept", "object": name, "endTime": "2026-01-01T00:00:00Z"}
    arrives(zoe, said(zoe, "Update", inner, to=ada))
    assert quiet.keeps_quiet(ada, zoe.member) is None
    assert quiet.between(ada, zoe.member)


def test_only_the_side_that_was_asked_lifts_the_quiet_period(ada: Member, zoe: Abroad) -> None:
    theirs = offer(zoe, ada)
    arrives(zoe, theirs)
    contact = answers.accept(Request.objects.get(asker=zoe.member), by=ada)
    inner = {"id": theirs["id"], "type": "Offer", "endTime": "2026-01-01T00:00:00Z"}
    assert arrives(zoe, said(zoe, "Update", inner, to=ada)).outcome == "refused:not-yours-to-lift"
    contact.refresh_from_db()
    assert contact.quiet_of(contact.asker)
