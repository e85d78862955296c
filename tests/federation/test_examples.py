"""The examples in docs/federation-examples are what this server really says: made anew here, and compared.

`WRITE_EXAMPLES=1 script/test tests/federation/test_examples.py` writes them.
"""

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from accounts import keys
from accounts.models import Member
from foundation import clock, jobs, signing
from foundation.signing import Document
from network.contacts import answers, follows, quiet, requests
from network.contacts.models import Contact
from network.federation import addresses, documents, nodeinfo, webfinger
from network.federation.models import Outbound
from network.messages import threads
from tests.cast import key, new_member, was_at
from tests.federation import vouching_abroad as abroad
from tests.federation.conftest import Abroad, arrives, lives_abroad, said
from tests.federation.story import (
    asked_by,
    in_contact,
    know_each_other,
    note,
    offer,
    ours_to,
)
from vetting import vouches

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "federation-examples"
WRITE = bool(os.environ.get("WRITE_EXAMPLES"))
MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
DRAWN = re.compile(
    r"(?<=did:key:)z[1-9A-HJ-NP-Za-km-z]{40,}|z6Mk[1-9A-HJ-NP-Za-km-z]{40,}|(?<=\")z[1-9A-HJ-NP-Za-km-z]{80,}"
)
PEM = re.compile(r"-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----(?:\\n)?")
PLACE = re.compile(r"(?<=\"statusListIndex\": \")[0-9]+(?=\")")
LIST = re.compile(r"(?<=/credentials/status/)[0-9]+(?=/)")
TOKEN = re.compile(r"(?<=/credentials/)[A-Za-z0-9_-]{20,}(?=/)")
MARK = "context number"
FIRST = ("@context", "id", "type", "actor", "attributedTo", "issuer", "to", "cc", "published", "object")
Examples = dict[str, Any]


@pytest.fixture(autouse=True)
def _ours(settings: Settings) -> None:
    settings.SITE_URL, settings.SITE_HOST, settings.FEDERATION = "https://one.example", "one.example", True


@pytest.fixture
def yan(db: None) -> Abroad:
    """Lives on a third server."""
    return lives_abroad("yan", "three.example")


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
    Member.objects.filter(pk=ada.pk).update(headline="Keeps pumps running", headline_to=3, name_to=3, about_to=3)
    ada.refresh_from_db()
    return {
        "person": documents.actor(ada),
        "house": documents.house(),
        "webfinger": webfinger.answer("acct:ada@one.example"),
        "nodeinfo": nodeinfo.of("2.1"),
        "followers": documents.people(ada, "followers"),
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
    from network.contacts import vouching
    from tests.cast import befriend

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


def vouching(ada: Member, zoe: Abroad) -> Examples:
    abroad.colleagues(ada, zoe)
    vouch = abroad.offered_to(zoe, ada)
    told = {"offer-vouch": says("Offer")}
    offered = told["offer-vouch"]
    arrives(zoe, abroad.accept(zoe, offered, abroad.agreed_by(zoe, offered)))
    told |= {"create-vouch": says("Create", about="Note")}
    vouch.refresh_from_db()
    vouches.withdraw(vouch, by=ada)
    return told | {"delete-vouch": says("Delete")}


def being_vouched_for(ada: Member, zoe: Abroad) -> Examples:
    abroad.colleagues(ada, zoe)
    abroad.given(zoe, ada)
    return {"accept-vouch": says("Accept"), "add-vouch": says("Add")}


TOPICS: dict[str, Callable[..., Examples]] = {
    scene.__name__: scene
    for scene in (
        people_and_house,
        asking,
        answering,
        rejecting,
        ending,
        vouching_for_a_request,
        asking_somebody_without_requests,
        following,
        vouching,
        being_vouched_for,
    )
}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_examples_are_what_we_say(topic: str, db: None, request: pytest.FixtureRequest) -> None:
    with clock.at(MOMENT):
        names = TOPICS[topic].__code__.co_varnames[: TOPICS[topic].__code__.co_argcount]
        told = TOPICS[topic](*(request.getfixturevalue(name) for name in names))

    for name, document in told.items():
        file, text = FOLDER / f"{name}.json", as_written(document)
        if WRITE:
            FOLDER.mkdir(exist_ok=True)
            file.write_text(text)
        assert file.read_text() == text, f"{file.name} is stale: WRITE_EXAMPLES=1 writes it anew"


def test_every_example_is_shown_in_the_description() -> None:
    described = (FOLDER.parents[1] / "FEDERATION.md").read_text()

    assert {file.name for file in FOLDER.iterdir()} == set(
        re.findall(r"federation-examples/([a-z-]+\.json)", described)
    )


def as_written(document: Document) -> str:
    """Readable, and the same each time: what is drawn by lot is numbered or left out, contexts stand on one line."""
    contexts: list[str] = []
    text = json.dumps(_in_order(document, contexts), indent=2, ensure_ascii=False)
    for pattern, form in ((UUID, "00000000-0000-4000-8000-{:012}"), (TOKEN, "unguessable-{}"), (DRAWN, "z…{}")):
        for number, drawn in enumerate(dict.fromkeys(pattern.findall(text)), start=1):
            text = text.replace(drawn, form.format(number))
    text = PEM.sub("-----BEGIN PUBLIC KEY-----\\\\n…\\\\n-----END PUBLIC KEY-----\\\\n", text)
    text = LIST.sub("1", PLACE.sub("12345", text))
    for number, context in enumerate(contexts):
        text = text.replace(f'"{MARK} {number}"', context)
    return text + "\n"


def _in_order(value: Any, contexts: list[str]) -> Any:
    """The same document, what everybody looks for first at the top."""
    if isinstance(value, list):
        return [_in_order(one, contexts) for one in value]
    if not isinstance(value, dict):
        return value
    names = sorted(value, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    ordered = {name: _in_order(value[name], contexts) for name in names}
    if "@context" in ordered:
        contexts.append(json.dumps(value["@context"], ensure_ascii=False, sort_keys=True))
        ordered["@context"] = f"{MARK} {len(contexts) - 1}"
    return ordered
