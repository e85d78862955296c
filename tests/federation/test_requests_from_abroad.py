"""The contract between two servers: a request from elsewhere, and what of it leaves again."""

from datetime import timedelta

import pytest

from accounts import organisations, visibility
from accounts.models import Door, Entry, Member, Organisation
from foundation import clock, jobs
from foundation.models import AuditEntry
from network.contacts import answers, blocks, quiet, requests
from network.contacts.models import Request, Whereabouts
from network.federation import references
from network.federation.models import Outbound, Policy
from tests.cast import DAY, asks, new_member, was_at
from tests.federation.conftest import Abroad, arrives, said
from tests.federation.story import (
    AT_ACME,
    asked_by,
    in_contact,
    last_to,
    offer,
    types_to,
)
from vetting import contexts


def test_a_request_from_elsewhere_waits_like_any(ada: Member, at_acme: Entry, zoe: Abroad) -> None:
    request = asked_by(zoe, ada, note="<p>The <b>pump</b>?</p>")

    assert (request.asker, request.recipient, request.note) == (zoe.member, ada, "The pump?")
    assert (request.grade, request.reasons) == ("C", ["too-young"])
    assert requests.in_the_tray(ada).get() == request
    assert requests.disclosed(request).shown_name == "Zoe Z (two.example)"
    assert types_to(zoe) == []


def test_the_age_of_what_they_say_counts_from_our_first_sight(ada: Member, bo: Member, zoe: Abroad) -> None:
    was_at(ada, "Acme Werke")
    with clock.at(clock.now() - 40 * DAY):
        was_at(bo, "Somewhere Else")
        asked_by(zoe, bo)

    request = asked_by(zoe, ada)

    assert (request.grade, request.reasons, request.whereabouts) == ("B", ["overlap"], Whereabouts.DELIVERED)
    assert zoe.member.entries.count() == 1


def test_narrower_months_keep_their_age_and_wider_ones_do_not(ada: Member, bo: Member, zoe: Abroad) -> None:
    was_at(ada, "Acme Werke")
    with clock.at(clock.now() - 40 * DAY):
        asked_by(zoe, bo)

    narrow = asked_by(zoe, ada, context={**AT_ACME, "ends": "2003-12"})

    assert narrow.grade == "B"
    arrives(zoe, said(zoe, "Undo", references.name_of("request", narrow), to=ada))
    wide = offer(zoe, bo, context={**AT_ACME, "ends": "2008-12"})
    arrives(zoe, wide)
    assert zoe.member.entries.get(ends=2008 * 12 + 11).counts_from > clock.now() - DAY


def test_what_they_say_is_seen_by_nobody_and_found_by_nobody(ada: Member, bo: Member, zoe: Abroad) -> None:
    asked_by(zoe, ada, context={**AT_ACME, "organisation": "Quux Pumpen", "unit": "Halle"})

    entry = zoe.member.entries.get()

    assert not visibility.entries(zoe.member, ada).exists()
    assert not entry.matchable
    assert not organisations.suggest("Quux").exists()
    assert not organisations.suggest_units("Quux Pumpen", "").exists()


def test_members_of_other_servers_have_no_free_week_of_new_places(ada: Member, zoe: Abroad) -> None:
    for number in range(5):
        with clock.at(clock.now() + timedelta(minutes=number)):
            arrives(zoe, offer(zoe, ada, context={**AT_ACME, "organisation": f"Place {number}"}))
            arrives(zoe, said(zoe, "Undo", references.name_of("request", Request.objects.latest("pk")), to=ada))
    assert Organisation.objects.filter(name__startswith="Place").count() == 5

    sixth = offer(zoe, ada, context={**AT_ACME, "organisation": "Place 5"})

    assert arrives(zoe, sixth).outcome in ("refused:too-many-organisations", "refused:requests-today")


def test_an_honest_server_never_meets_a_smaller_limit_here_than_at_home(ada: Member, bo: Member, zoe: Abroad) -> None:
    cast = [ada, bo]
    for member in cast:
        asked_by(zoe, member)
    for number in range(3):
        asked_by(zoe, new_member(f"more{number}"))
    sixth = offer(zoe, new_member("sixth"))
    assert arrives(zoe, sixth).outcome == "refused:requests-today"
    assert "Reject" not in types_to(zoe)


def test_only_what_everyone_may_see_proves_a_context_to_strangers_elsewhere(
    ada: Member, bo: Member, zoe: Abroad
) -> None:
    was_at(ada, "Acme Werke", matchable=False)
    with clock.at(clock.now() - 40 * DAY):
        asked_by(zoe, bo)
    assert asked_by(zoe, ada).reasons == ["only-asker"]


def test_requests_of_a_limited_server_wait_in_the_tray(ada: Member, zoe: Abroad) -> None:
    Door.objects.filter(member=ada).update(lowest="C")
    zoe.actor.peer.policy = Policy.LIMITED
    zoe.actor.peer.save()
    assert asked_by(zoe, ada).whereabouts == Whereabouts.TRAY


def test_a_blocked_asker_elsewhere_is_swallowed_and_told_nothing(ada: Member, zoe: Abroad) -> None:
    blocks.block(ada, zoe.member)
    assert asked_by(zoe, ada).whereabouts == Whereabouts.NOWHERE
    assert not requests.waiting_for(ada).exists()
    assert types_to(zoe) == []


@pytest.mark.parametrize("answer", ["tray", "door", "blocked", "known door", *answers.DECLINES])
def test_nothing_leaves_that_tells_what_became_of_a_request(answer: str, ada: Member, zoe: Abroad) -> None:
    Door.objects.filter(member=ada).update(lowest="K" if answer == "known door" else "A" if answer == "tray" else "C")
    if answer == "blocked":
        blocks.block(ada, zoe.member)
    request = asked_by(zoe, ada)
    if answer in answers.DECLINES:
        answers.decline(request, by=ada, answer=answer)
    jobs.drain_everything(strict=True)
    assert not Outbound.objects.exists()


def test_an_acceptance_leaves_and_names_their_offer(ada: Member, zoe: Abroad) -> None:
    request = asked_by(zoe, ada)
    contact = answers.accept(request, by=ada)

    sent = last_to(zoe, "Accept")

    assert sent["object"] == references.name_of("request", request)
    assert "confirmed" not in sent
    assert "quiet" not in sent
    assert (contact.asker, contact.recipient) == (zoe.member, ada)
    assert quiet.keeps_quiet(zoe.member, ada)


def test_both_there_leaves_with_exactly_the_words_they_signed(ada: Member, zoe: Abroad) -> None:
    request = asked_by(zoe, ada, context={**AT_ACME, "organisation": "ACME Werke GmbH"})
    answers.accept(request, by=ada, both_there=True)
    assert last_to(zoe, "Accept")["confirmed"] == {**AT_ACME, "organisation": "ACME Werke GmbH"}
    assert contexts.confirmed(ada, zoe.member)


def test_by_two_inboxes_it_is_one_request(ada: Member, zoe: Abroad) -> None:
    activity = offer(zoe, ada)
    arrives(zoe, activity)
    assert arrives(zoe, activity, inbox_of="ada").outcome == "done"
    assert Request.objects.count() == 1


def test_within_180_days_they_are_answered_the_same_and_delivered_nowhere(ada: Member, zoe: Abroad) -> None:
    with clock.at(clock.now() - 100 * DAY):
        first = asked_by(zoe, ada)
        arrives(zoe, said(zoe, "Undo", references.name_of("request", first), to=ada))
    assert asked_by(zoe, ada).whereabouts == Whereabouts.NOWHERE
    assert types_to(zoe) == []


def test_withdrawn_there_it_disappears_here(ada: Member, zoe: Abroad) -> None:
    request = asked_by(zoe, ada)
    arrives(zoe, said(zoe, "Undo", {"id": references.name_of("request", request), "type": "Offer"}, to=ada))
    assert not requests.waiting_for(ada).exists()
    assert not requests.for_recipient(ada, request.public_id)


@pytest.mark.parametrize("as_", ["address", "whole"])
def test_withdrawn_before_it_came_it_never_comes(as_: str, ada: Member, zoe: Abroad) -> None:
    activity = offer(zoe, ada)
    arrives(zoe, said(zoe, "Undo", activity["id"] if as_ == "address" else activity, to=ada))
    assert arrives(zoe, activity).outcome == "ignored:deleted"
    assert not Request.objects.exists()


@pytest.mark.adversarial(14)
def test_nobody_undoes_what_another_did(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    request = asked_by(zoe, ada)
    contact = answers.accept(request, by=ada)
    jobs.drain_everything(strict=True)
    name = references.name_of("request", request)

    for target in (name, last_to(zoe, "Accept")["id"]):
        assert arrives(mallory_abroad, said(mallory_abroad, "Undo", target, to=ada)).outcome == "refused:not-theirs"

    contact.refresh_from_db()
    assert contact.ended_at is None
    assert AuditEntry.objects.filter(act="was-refused-undo", actor=mallory_abroad.uri).count() == 2


@pytest.mark.adversarial(14)
def test_nobody_buries_the_name_of_what_another_server_has_yet_to_send(
    ada: Member, zoe: Abroad, mallory_abroad: Abroad
) -> None:
    activity = offer(zoe, ada)
    assert arrives(mallory_abroad, said(mallory_abroad, "Undo", activity["id"], to=ada)).outcome == "ignored"
    assert arrives(zoe, activity).outcome == "done"


@pytest.mark.adversarial(16)
def test_what_was_undone_does_not_rise_again(ada: Member, zoe: Abroad) -> None:
    activity = offer(zoe, ada)
    arrives(zoe, activity)
    arrives(zoe, said(zoe, "Undo", activity["id"], to=ada))
    arrives(zoe, activity, inbox_of="ada")
    assert Request.objects.get().withdrawn_at
    assert not requests.waiting_for(ada).exists()


def test_the_asker_elsewhere_ends_the_contact(ada: Member, zoe: Abroad) -> None:
    request = asked_by(zoe, ada)
    answers.accept(request, by=ada)
    arrives(zoe, said(zoe, "Undo", {"id": references.name_of("request", request), "type": "Offer"}, to=ada))
    assert not quiet.between(ada, zoe.member)
    assert types_to(zoe) == ["Accept"]


def test_an_old_request_undone_late_does_not_end_a_younger_contact(ada: Member, zoe: Abroad) -> None:
    with clock.at(clock.now() - 200 * DAY):
        first = asked_by(zoe, ada)
        quiet.end(answers.accept(first, by=ada), by=ada)
        jobs.drain_everything(strict=True)
    contact = in_contact(ada, zoe)
    arrives(zoe, said(zoe, "Undo", {"id": references.name_of("request", first), "type": "Offer"}, to=ada))
    contact.refresh_from_db()
    assert contact.ended_at is None


def test_ended_by_who_accepted_it_is_the_acceptance_that_is_undone(ada: Member, zoe: Abroad) -> None:
    contact = answers.accept(asked_by(zoe, ada), by=ada)
    accepted = last_to(zoe, "Accept")
    quiet.end(contact, by=ada)
    assert last_to(zoe, "Undo")["object"] == {"id": accepted["id"], "type": "Accept", "object": accepted["object"]}


def test_lifting_the_quiet_period_of_somebody_elsewhere_is_told_to_them(ada: Member, zoe: Abroad) -> None:
    contact = answers.accept(asked_by(zoe, ada), by=ada)
    accepted = last_to(zoe, "Accept")
    quiet.lift(contact, by=ada)
    sent = last_to(zoe, "Update")["object"]
    assert (sent["id"], sent["type"]) == (accepted["id"], "Accept")
    assert sent["endTime"]


def test_asking_somebody_elsewhere_whose_request_waits_accepts_it(ada: Member, zoe: Abroad) -> None:
    request = asked_by(zoe, ada)
    assert asks(ada, zoe.member, was_at(ada, "Acme Werke")) == request
    assert types_to(zoe) == ["Accept"]
