"""Our server and Fedify, a full server of other hands: each finds, believes and understands the other, over TLS."""

import uuid
from typing import Any

import pytest

from accounts.models import Visibility
from foundation.signing import Document
from network.federation import vocabulary
from tests.federation.peer import Peer
from tests.federation.towns import Town
from tests.flows.running import until

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"]
MIA = "mia@fedi.localhost"
SENTENCE = "We rebuilt the switchboard together, and I would take his call at night."
VC = "application/vc+json"


@pytest.fixture(scope="module")
def ada(towns: tuple[Town, Town]) -> str:
    """Lives in Harburg and knows Mia's address."""
    harburg = towns[0]
    handle: str = harburg.do("joins", handle="fabia")
    return handle


@pytest.fixture
def mia(fedi: Peer, harburg: Town, ada: str) -> str:
    """Her address, as Harburg knows her; which signature her server took last, it does not."""
    harburg.do("looks_up", handle=ada, address=MIA)
    harburg.becomes(MIA, "looked_up", address=MIA)
    harburg.do("forgets_how_they_sign", host=fedi.name)
    return fedi.uri("mia")


def note(by: str, to: str, text: str = "Hello from elsewhere") -> dict[str, Any]:
    number = uuid.uuid4()
    thing = {"id": f"{by}/notes/{number}", "type": "Note", "attributedTo": by, "to": to, "content": f"<p>{text}</p>"}
    thing["tag"] = [{"type": "Mention", "href": to, "name": "@somebody"}]  # type: ignore[assignment]
    said = {"@context": CONTEXT, "id": f"{by}/creates/{number}", "type": "Create", "actor": by, "to": to}
    return said | {"object": thing}


def came_in(fedi: Peer, type_: str) -> dict[str, Any]:
    """The first activity of that type that Fedify has taken as proved, as it came over the wire."""

    def found() -> dict[str, Any] | None:
        return next((one for one in fedi.tell("received") if one["type"] == type_), None)

    return until(found, within_s=30)


def test_each_finds_the_other_by_their_address(fedi: Peer, harburg: Town, ada: str, mia: str) -> None:
    assert harburg.do("known", called=MIA) == {"uri": mia, "name": "MIA", "about": "Writes elsewhere.", "speaks": False}

    found = fedi.tell("lookup", what=f"@{ada}@harburg.localhost", by="mia")

    assert found["id"] == harburg.uri(ada)
    assert found["preferredUsername"] == ada
    assert fedi.tell("get", url=harburg.uri(ada), by="mia")["id"] == harburg.uri(ada)


@pytest.mark.parametrize("spec", ["rfc9421", "draft-cavage-http-signatures-12"])
def test_both_signatures_of_theirs_are_believed(fedi: Peer, harburg: Town, ada: str, mia: str, spec: str) -> None:
    activity = note(mia, harburg.uri(ada))

    status = fedi.tell("post", by="mia", inbox=f"{harburg.uri(ada)}inbox", body=activity, spec=spec)

    assert status == 202
    harburg.becomes(True, "has_heard", activity=activity["id"])


@pytest.mark.parametrize("spec", ["rfc9421", "draft-cavage-http-signatures-12"])
def test_nobody_is_believed_who_signs_for_another(fedi: Peer, harburg: Town, ada: str, mia: str, spec: str) -> None:
    activity = note(mia, harburg.uri(ada))

    status = fedi.tell("post", by="noa", inbox=f"{harburg.uri(ada)}inbox", body=activity, spec=spec)

    assert status == 401
    assert harburg.do("has_heard", activity=activity["id"]) is False


def test_what_another_passes_on_is_believed_for_its_proof(fedi: Peer, harburg: Town, ada: str, mia: str) -> None:
    activity = fedi.tell("prove", by="mia", activity=note(mia, harburg.uri(ada)))

    status = fedi.tell("post", by="noa", inbox="https://harburg.localhost/inbox", body=activity, spec="rfc9421")

    assert status == 202
    harburg.becomes(True, "has_heard", activity=activity["id"])


def test_a_tampered_proof_is_refused(fedi: Peer, harburg: Town, ada: str, mia: str) -> None:
    activity = fedi.tell("prove", by="mia", activity=note(mia, harburg.uri(ada), "I owe you nothing"))
    activity["object"]["content"] = "<p>I owe you a thousand</p>"

    status = fedi.tell("post", by="noa", inbox="https://harburg.localhost/inbox", body=activity, spec="rfc9421")

    assert status == 401
    assert harburg.do("has_heard", activity=activity["id"]) is False


def test_our_proofs_hold_there_and_break_when_touched(fedi: Peer, harburg: Town, ada: str, mia: str) -> None:
    harburg.do("says", handle=ada, to=MIA, proved=True, text="Signed in Harburg")

    came = came_in(fedi, "Create")

    assert came["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    assert fedi.tell("verify", document=came) is True
    assert fedi.tell("verify", document={**came, "actor": mia}) is False
    came["object"]["content"] = "<p>Signed in Lund</p>"
    assert fedi.tell("verify", document=came) is False


def test_what_is_meant_for_one_carries_no_proof(fedi: Peer, harburg: Town, ada: str, mia: str) -> None:
    harburg.do("says", handle=ada, to=MIA, proved=False, text="Between us")

    assert "proof" not in came_in(fedi, "Create")


def test_we_knock_as_most_expect_and_once_more_where_that_is_refused(
    fedi: Peer, harburg: Town, ada: str, mia: str
) -> None:
    harburg.do("says", handle=ada, to=MIA, text="First")
    came_in(fedi, "Create")
    assert [old(knock) for knock in fedi.tell("knocks")] == [True]

    fedi.tell("forget")
    fedi.tell("set", takes="rfc9421")
    harburg.do("says", handle=ada, to=MIA, text="Second")
    came_in(fedi, "Create")
    assert [(old(knock), knock["status"]) for knock in fedi.tell("knocks")] == [(True, 401), (False, 202)]

    fedi.tell("forget")
    harburg.do("says", handle=ada, to=MIA, text="Third")
    came_in(fedi, "Create")
    assert [(old(knock), knock["status"]) for knock in fedi.tell("knocks")] == [(False, 202)]


def test_a_challenge_is_answered_with_its_nonce(fedi: Peer, harburg: Town, ada: str, mia: str) -> None:
    """Fedify challenges RFC 9421 alone: before, it refuses the older signature, as it was told to."""
    fedi.tell("set", challenge=True, takes="rfc9421")

    for text, statuses in (("Never seen", [401, 401, 202]), ("Seen before", [401, 202])):
        fedi.tell("forget")
        harburg.do("says", handle=ada, to=MIA, text=text)
        came_in(fedi, "Create")
        knocks = fedi.tell("knocks")
        assert [knock["status"] for knock in knocks] == statuses
        assert "nonce=" in knocks[-1]["headers"]["signature-input"]


def test_each_can_follow_the_other(fedi: Peer, harburg: Town, ada: str, mia: str) -> None:
    harburg.do("follows", follower=ada, followed=MIA)
    assert came_in(fedi, "Follow")["object"] == mia
    harburg.becomes("accepted", "follow", follower=ada, followed=MIA)

    follow = {"@context": CONTEXT, "id": f"{mia}/follows/1", "type": "Follow", "actor": mia}
    fedi.tell("send", by="mia", to=harburg.uri(ada), activity=follow | {"object": harburg.uri(ada)})
    harburg.becomes("asked", "follow", follower=MIA, followed=ada)
    harburg.do("lets_follow", followed=ada, follower=MIA)

    accept = came_in(fedi, "Accept")
    assert (accept["actor"], accept["object"]["id"]) == (harburg.uri(ada), f"{mia}/follows/1")


def test_a_private_note_from_there_is_a_request_and_once_accepted_a_conversation(
    fedi: Peer, harburg: Town, mia: str
) -> None:
    harburg.do("joins", handle="wanda")
    wanda = harburg.uri("wanda")
    fedi.tell("send", by="mia", to=wanda, activity=note(mia, wanda, "We met in Lund, in the rain."))
    waits = {"where": "delivered", "grade": "C", "answer": ""}
    harburg.becomes(waits, "request", asker=MIA, recipient="wanda")

    harburg.do("accepts", recipient="wanda", asker=MIA, both_there=False)
    harburg.do("writes", writer="wanda", reader=MIA, text="I remember the rain.")

    came = came_in(fedi, "Create")
    assert "I remember the rain." in came["object"]["content"]
    assert came["to"] in (mia, [mia])
    assert "proof" not in came
    fedi.tell("send", by="mia", to=wanda, activity=note(mia, wanda, "And the umbrella?"))
    harburg.becomes("And the umbrella?", "last_message", one="wanda", other=MIA)


def test_a_vouch_is_published_and_read_and_both_signatures_hold_there(fedi: Peer, harburg: Town, mia: str) -> None:
    """Two of Harburg; Mia follows the one who vouches. What she is told leads her to the credential itself."""
    for handle in ("paula", "quentin"):
        harburg.do("joins", handle=handle, at="Acme Werke")
    harburg.do("know_each_other", one="paula", other="quentin")
    follow = {"@context": CONTEXT, "id": f"{mia}/follows/paula", "type": "Follow", "actor": mia}
    fedi.tell("send", by="mia", to=harburg.uri("paula"), activity=follow | {"object": harburg.uri("paula")})
    harburg.becomes("asked", "follow", follower=MIA, followed="paula")
    harburg.do("lets_follow", followed="paula", follower=MIA)

    harburg.do("vouches_publicly", voucher="paula", subject="quentin", sentence=SENTENCE)
    harburg.do("countersigns", subject="quentin", visible_to=Visibility.EVERYONE)

    came = came_in(fedi, "Create")
    note = came["object"]
    assert fedi.tell("verify", document=came) is True
    assert SENTENCE in note["content"]
    vouches = fedi.tell("get", url=f"{harburg.uri('quentin')}vouches", by="mia")
    assert vouches["items"] == [note["id"]]
    assert fedi.tell("get", url=note["id"], by="mia")["credential"] == note["credential"]
    [link] = note["attachment"]
    found = fedi.tell("fetch", url=link["url"], kind=link["mediaType"])
    assert (found["status"], found["kind"], found["body"]) == (200, VC, note["credential"])
    assert fedi.tell("verifyVouch", document=found["body"]) is True
    for touched in touched_copies(found["body"]):
        assert fedi.tell("verifyVouch", document=touched) is False

    harburg.do("withdraws_vouch", voucher="paula", subject="quentin")
    assert vocabulary.uri_of(came_in(fedi, "Delete")["object"]) == note["id"]
    assert fedi.tell("fetch", url=link["url"], kind=VC)["status"] == 410
    assert fedi.tell("get", url=f"{harburg.uri('quentin')}vouches", by="mia")["items"] == []


def touched_copies(document: Document) -> list[Document]:
    """The credential with other words, another voucher, another agreement, and another's key for both."""
    about = document["credentialSubject"]
    return [
        document | {"credentialSubject": about | {"statement": "I owe him a thousand."}},
        document | {"issuer": document["issuer"] | {"name": "Somebody Else"}},
        document | {"evidence": {**document["evidence"], "proof": document["proof"]}},
        document | {"proof": document["evidence"]["proof"]},
        document | {"issuer": document["issuer"] | {"id": about["id"]}},
    ]


def old(knock: dict[str, Any]) -> bool:
    """Whether the request came with draft-cavage's signature."""
    return "signature-input" not in knock["headers"]
