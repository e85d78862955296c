"""What this server says to others in the contract between two, scene by scene: examples for whoever writes a server."""

from typing import Any

from accounts import keys
from accounts.models import Member
from foundation import jobs, signing
from foundation.signing import Document
from network.contacts import answers, follows, quiet, requests, vouching
from network.contacts.models import Contact
from network.federation import addresses, documents, nodeinfo, webfinger
from network.federation.models import Outbound
from network.messages import threads
from tests.cast import befriend, key, new_member, was_at
from tests.federation.conftest import Abroad, arrives, said
from tests.federation.story import asked_by, in_contact, know_each_other, note, offer, ours_to

Examples = dict[str, Any]


def says(type_: str, *, about: str = "") -> Document:
    """The latest activity of that type on its way, about an object of that type, as it is sent."""
    jobs.drain_everything(strict=True)
    for row in Outbound.objects.order_by("-made_at", "-pk"):
        body: Document = row.body
        inner = body.get("object")
        kind = inner.get("type", "") if isinstance(inner, dict) else ""
        if body["type"] == type_ and (not about or kind == about):
            return _proved(body, row.sender) if row.proved and row.sender else body
    raise AssertionError(f"nothing like {type_} {about} is on its way")


def _proved(body: Document, sender: Member) -> Document:
    return signing.secure(body, private=keys.private_key(sender), method=addresses.assertion_key(sender))


def people_and_house(ada: Member, zoe: Abroad) -> Examples:
    know_each_other(ada, zoe.member)
    Member.objects.filter(pk=ada.pk).update(headline="Keeps pumps running", headline_to=3, name_to=3, about_to=3)
    ada.refresh_from_db()
    return {
        "person": documents.actor(ada),
        "house": documents.house(),
        "webfinger": webfinger.answer("acct:ada@one.example"),
        "nodeinfo": nodeinfo.of("2.1"),
        "followers": documents.people(ada, "followers"),
        "connections": documents.connected(ada, zoe.actor),
    }


def asking(ada: Member, zoe: Abroad) -> Examples:
    was_at(ada, "Acme Werke", unit="Kiel")
    request, name = ours_to(ada, zoe, note="Do you remember the pump of 2003?")
    question = note(zoe, ada, "Which pump was that?", name="question")
    question["object"]["inReplyTo"] = name
    assert arrives(zoe, question).outcome == "done"
    request.refresh_from_db()
    answers.reply(request, by=ada, text="The one that never stopped.")
    told = {"offer-request": says("Offer"), "create-reply": says("Create", about="Note")}
    requests.withdraw(request, by=ada)
    return told | {"undo-request": says("Undo")}


def answering(ada: Member, zoe: Abroad) -> Examples:
    was_at(ada, "Acme Werke")
    request = asked_by(zoe, ada, note="Do you remember the pump?")
    answers.ask_back(request, by=ada, question="Which pump was that?")
    told = {"create-question": says("Create", about="Note")}
    answers.accept(request, by=ada, both_there=True)
    told |= {"accept-request": says("Accept")}
    contact = Contact.objects.get()
    quiet.lift(contact, by=ada)
    told |= {"update-accept": says("Update")}
    contact.refresh_from_db()
    quiet.end(contact, by=ada)
    return told | {"undo-accept": says("Undo")}


def rejecting(ada: Member, zoe: Abroad) -> Examples:
    arrives(zoe, offer(zoe, ada, note="Look at https://pumps.example"))
    return {"reject-request": says("Reject")}


def ending(ada: Member, zoe: Abroad) -> Examples:
    contact = in_contact(ada, zoe)
    threads.write(ada, zoe.member, text="Good to hear from you.", key=key())
    told = {"create-message": says("Create", about="Note")}
    quiet.end(contact, by=ada)
    return told | {"undo-request-accepted": says("Undo")}


def vouching_for_a_request(ada: Member, zoe: Abroad, yan: Abroad) -> Examples:
    know_each_other(ada, yan.member, confirmed=False)
    ours_to(ada, zoe, vouchers=[yan.member], note="Do you remember?")
    told = {"invite-voucher": says("Invite")}
    cleo = new_member("cleo")
    know_each_other(cleo, zoe.member)
    befriend(ada, cleo)
    bob = new_member("bob")
    was_at(bob, "Acme Werke")
    befriend(bob, cleo)
    ours_to(bob, zoe, vouchers=[cleo])
    vouching.answer(vouching.waiting_for(cleo).get(), by=cleo, answer="vouch", sentence="We built the pump together.")
    return told | {"accept-invite": says("Accept", about="Invite")}


def asking_somebody_without_requests(ada: Member, mia: Abroad) -> Examples:
    was_at(ada, "Acme Werke")
    ours_to(ada, mia, note="Do you remember the pump?")
    return {"follow": says("Follow"), "create-approach": says("Create", about="Note")}


def following(ada: Member, mia: Abroad) -> Examples:
    asked = said(mia, "Follow", addresses.actor(ada))
    arrives(mia, asked, inbox_of="ada")
    follows.accept(follows.from_whom(ada, mia.member))
    told = {"accept-follow": says("Accept")}
    follows.end(mia.member, ada, by=ada)
    told |= {"reject-follow": says("Reject")}
    follows.follow(ada, mia.member)
    jobs.drain_everything(strict=True)
    follows.end(ada, mia.member)
    return told | {"undo-follow": says("Undo")}
