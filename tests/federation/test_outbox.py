"""What must go out is a row, made with the fact."""

from accounts.models import Member
from network.federation import outbox
from network.federation.models import Delivery, Policy
from tests.federation.conftest import Abroad, arrives, leaving_for, said


def test_the_same_key_is_one_activity_to_one_inbox(ada: Member, zoe: Abroad) -> None:
    first = outbox.send(ada, {"type": "Follow", "object": zoe.uri}, to=[zoe.actor], key="follow:1")
    again = outbox.send(ada, {"type": "Follow", "object": zoe.uri}, to=[zoe.actor], key="follow:1")
    assert first.pk == again.pk
    assert [sent["id"] for sent in leaving_for(zoe)] == [first.uri]


def test_nothing_goes_to_a_closed_peer(ada: Member, zoe: Abroad) -> None:
    zoe.actor.peer.policy = Policy.CLOSED
    outbox.send(ada, {"type": "Follow", "object": zoe.uri}, to=[zoe.actor], key="follow:1")
    assert not Delivery.objects.exists()


def test_what_nobody_understands_is_kept_and_has_no_effect(ada: Member, zoe: Abroad) -> None:
    activity = said(zoe, "Like", {"type": "Nothing", "id": "https://two.example/1"}, to=ada)
    assert arrives(zoe, activity).outcome == "ignored"
    assert arrives(zoe, activity).outcome == "ignored"
