"""What this server says beside requests and messages, scene by scene; and what it takes and never says."""

from accounts import homes, people
from accounts.models import Member
from foundation import jobs
from foundation.signing import Document
from network.contacts import moves, quiet
from network.federation import addresses, documents
from network.messages.models import Message
from network.moderation import decisions, reports
from network.moderation.models import Case
from tests.cast import key
from tests.federation import vouching_abroad as abroad
from tests.federation.conftest import Abroad, arrives, said
from tests.federation.documents_abroad import Servers, may_be_asked_again
from tests.federation.scenes import Examples, says
from tests.federation.story import know_each_other, note, signed
from vetting import documents as credentials
from vetting import vouches
from vetting.models import Vouch

REASONS = {"to_reporter": "We asked him to stop.", "to_subject": "Please sell nothing in messages."}


def vouching(ada: Member, zoe: Abroad) -> Examples:
    abroad.colleagues(ada, zoe)
    vouch = abroad.offered_to(zoe, ada)
    told = {"offer-vouch": says("Offer")}
    offered = told["offer-vouch"]
    arrives(zoe, abroad.accept(zoe, offered, abroad.agreed_by(zoe, offered)))
    told |= {"create-vouch": says("Create", about="Note")}
    vouch.refresh_from_db()
    assert vouch.credential
    told |= {"credential": vouch.credential, "status-list": _status_list(vouch)}
    vouches.withdraw(vouch, by=ada)
    return told | {"delete-vouch": says("Delete")}


def _status_list(vouch: Vouch) -> Document:
    assert vouch.status_key_id
    found = credentials.status(vouch.status_key_id, 0)
    assert found
    return found


def being_vouched_for(ada: Member, zoe: Abroad) -> Examples:
    abroad.colleagues(ada, zoe)
    vouch = abroad.given(zoe, ada)
    told = {"accept-vouch": says("Accept"), "add-vouch": says("Add"), "vouches": documents.vouched(ada)}
    vouches.show_to(vouch, by=ada, visible_to=0)
    return told | {"remove-vouch": says("Remove")}


def changing_a_profile_and_leaving(ada: Member, zoe: Abroad) -> Examples:
    know_each_other(ada, zoe.member)
    people.change_profile(ada, {"headline": "Keeps pumps running", "headline_to": 3, "name_to": 3})
    told = {"update-person": says("Update")}
    jobs.announce("member-left", {"member": ada.pk})
    return told | {"delete-person": says("Delete")}


def moving_away(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> Examples:
    know_each_other(ada, zoe.member)
    servers.describe(zora, alsoKnownAs=[addresses.actor(ada)])
    may_be_asked_again(zora)
    homes.move(ada, zora.member)
    return {"move": says("Move")}


def keeping_who_moves(ada: Member, zoe: Abroad, zora: Abroad, servers: Servers) -> Examples:
    """Zoe's new home is with Zora's server."""
    abroad.colleagues(ada, zoe)
    servers.describe(zoe, movedTo=zora.uri)
    servers.describe(zora, alsoKnownAs=[zoe.uri])
    may_be_asked_again(zoe, zora)
    arrives(zoe, said(zoe, "Move", zoe.uri, target=zora.uri))
    contact = moves.keep(moves.waiting_for(ada).get(), by=ada)
    told = {"accept-move": says("Accept", about="Move")}
    quiet.end(contact, by=ada)
    return told | {"undo-accept-move": says("Undo")}


def reporting(ada: Member, zoe: Abroad) -> Examples:
    abroad.colleagues(ada, zoe)
    arrives(zoe, note(zoe, ada, "Buy my snake oil."))
    message = Message.objects.get()
    words = "Sells snake oil to everybody."
    reports.report(ada, zoe.member, words=words, key=key(), message=message, tell_their_server=True)
    return {"flag": says("Flag")}


def answering_reports(ada: Member, bo: Member, mo: Member, zoe: Abroad) -> Examples:
    arrives(zoe, said(zoe, "Flag", [addresses.actor(ada)], content="<p>Sells snake oil.</p>"))
    decisions.uphold(Case.objects.get(), by=mo, **REASONS)
    told = {"accept-flag": says("Accept")}
    arrives(zoe, said(zoe, "Flag", [addresses.actor(bo)], content="<p>Looks like snake oil.</p>"))
    decisions.dismiss(Case.objects.get(about=bo), by=mo, to_reporter="We found nothing.", to_subject="All is well.")
    return told | {"reject-flag": says("Reject")}


def what_is_taken_and_never_sent(ada: Member, zoe: Abroad, mia: Abroad) -> Examples:
    """Other servers say it, and something comes of it here."""
    abroad.colleagues(ada, zoe)
    block = said(zoe, "Block", addresses.actor(ada))
    offered = abroad.offer_from(zoe, ada)
    words = note(mia, ada, "We met in Lund.")
    deleted = {"id": words["object"]["id"], "type": "Tombstone"}
    taken = {
        "undo-vouch-offer": said(zoe, "Undo", {"id": offered["id"], "type": "Offer"}, to=ada),
        "block": block,
        "undo-block": said(zoe, "Undo", block),
        "delete-note": said(mia, "Delete", deleted, to=ada),
    }
    for by, activity in ((zoe, offered), (mia, words)):
        assert arrives(by, activity).outcome == "done"
    for activity in taken.values():
        assert arrives(mia if activity["actor"] == mia.uri else zoe, activity).outcome == "done"
    return {name: signed(mia if name == "delete-note" else zoe, activity) for name, activity in taken.items()}
