"""What somebody on a closed server has said does not come in by another hand (federation.md, 28; security.md, 34)."""

from typing import Any

import pytest

from accounts.models import Member
from network.federation import client, hosts, peers, vocabulary
from network.federation.gate import Ignored
from network.federation.models import ActorKey, Policy, Reference
from network.messages.models import Message
from tests.federation.conftest import Abroad, arrives, said
from tests.federation.keyring import Keyring, refused
from tests.federation.signed import posted
from tests.federation.test_passed_on import prove


@pytest.fixture
def closed(zoe: Abroad) -> Abroad:
    zoe.actor.peer.policy = Policy.CLOSED
    zoe.actor.peer.save()
    return zoe


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "get", lambda *_args, **_more: pytest.fail("something was fetched"))


def note(by: Abroad, **more: Any) -> dict[str, Any]:
    return {"id": f"{by.uri}notes/1", "type": "Note", "attributedTo": by.uri, "content": "<p>hello</p>", **more}


@pytest.mark.adversarial(28)  # CVE-2026-23961
@pytest.mark.parametrize("kind", ["Announce", "Like"])
def test_a_copy_in_anothers_hand_is_not_taken_for_the_thing(
    closed: Abroad, mia: Abroad, ada: Member, kind: str
) -> None:
    for thing in (note(closed, to=[vocabulary.PUBLIC]), closed.uri, f"{closed.uri}notes/1"):
        row = arrives(mia, said(mia, kind, thing, to=ada))
        assert row.outcome.partition(":")[0] in ("ignored", "refused")
    assert not Message.objects.exists()
    assert not Reference.objects.exists()


@pytest.mark.adversarial(28)
def test_nobody_says_it_as_if_it_were_theirs(closed: Abroad, mia: Abroad, ada: Member) -> None:
    refused(posted(mia, said(mia, "Create", note(closed), to=ada)), Ignored)
    refused(posted(mia, said(mia, "Create", note(closed, id=f"{mia.uri}notes/1"), to=ada)), Ignored)


@pytest.mark.adversarial(28)
@pytest.mark.parametrize("host", ["two.example", "a.two.example"])
def test_a_proof_does_not_carry_it_past_the_closed_door(closed: Abroad, mia: Abroad, host: str) -> None:
    """Not for a server under the closed domain either: what is closed covers what is below."""
    theirs = closed.uri.replace("two.example", host)
    activity = said(closed, "Create", note(closed), to=None)
    text = {**activity, "id": f"{theirs}1", "actor": theirs, "object": {**note(closed), "id": f"{theirs}n"}}
    refused(posted(mia, prove(text, closed, method=f"{theirs}#ed25519-key")), peers.Closed, ByHost())


class ByHost(Keyring):
    """Fetches as the real one does: a closed server is not asked."""

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        peers.check(hosts.of(actor_uri))
        return super().refetch(actor_uri, key_id)
