"""Which servers may deal with us, how much they may ask, and who decides."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from accounts.models import Member
from accounts.powers import NotAModerator
from foundation.models import AuditEntry
from network.federation import blocklists, delivery, hosts, outbox, peers, policies
from network.federation.models import Delivery, Peer, Policy
from tests.federation.conftest import Abroad, lives_abroad

HEAD = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"


@pytest.mark.adversarial(30)
@pytest.mark.parametrize(
    "host", ["evil.example", "a.evil.example", "b.a.evil.example", "EVIL.example", "evil.example.", "evil.example:8443"]
)
def test_a_closed_domain_is_closed_however_it_is_written_and_below(host: str, db: None) -> None:
    Peer.objects.create(host="evil.example", policy=Policy.CLOSED)

    with pytest.raises(peers.Closed):
        peers.check(host)


@pytest.mark.parametrize("host", ["notevil.example", "evil.example.org", "example", "good.example"])
def test_no_other_is(host: str, db: None, settings: LazySettings) -> None:
    settings.FEDERATION_NETWORKS = ["127.0.0.0/8"]
    Peer.objects.create(host="evil.example", policy=Policy.CLOSED)

    peers.check(host)


def test_a_closed_domain_closes_a_server_whose_own_policy_is_open(db: None) -> None:
    Peer.objects.create(host="evil.example", policy=Policy.CLOSED)
    Peer.objects.create(host="a.evil.example", policy=Policy.OPEN)

    assert peers.policy_of("a.evil.example") == Policy.CLOSED


def test_what_is_limited_is_so_below_too_unless_it_has_its_own_policy(db: None) -> None:
    Peer.objects.create(host="loud.example", policy=Policy.LIMITED)
    Peer.objects.create(host="b.loud.example", policy=Policy.LISTEN)

    assert peers.policy_of("a.loud.example") == Policy.LIMITED
    assert peers.policy_of("b.loud.example") == Policy.LISTEN


def test_people_of_a_limited_server_are_limited_and_ours_never(zoe: Abroad, mia: Abroad, ada: Member) -> None:
    Peer.objects.filter(host="two.example").update(policy=Policy.LIMITED)

    assert peers.is_limited(zoe.member)
    assert not peers.is_limited(mia.member)
    assert not peers.is_limited(ada)


def test_in_allow_list_mode_everybody_else_is_closed(settings: LazySettings, zoe: Abroad) -> None:
    settings.FEDERATION_ALLOW_LIST = True
    with pytest.raises(peers.Closed):
        peers.check("two.example")
    Peer.objects.filter(host="two.example").update(allowed=True)

    peers.check("two.example")
    assert peers.may_send(Peer.objects.get(host="two.example"))


@pytest.mark.parametrize("what", ["requests", "messages", "follows", "reports", "lookups"])
def test_a_server_has_a_quota_a_day_whoever_of_its_people_asks(what: str, settings: LazySettings, zoe: Abroad) -> None:
    settings.PEER_QUOTAS = {**settings.PEER_QUOTAS, what: 2}
    peer = zoe.actor.peer
    peers.spend(peer, what)
    peers.spend(peer, what)
    with pytest.raises(peers.ServerQuotaSpent) as refusal:
        peers.spend(peer, what)

    assert refusal.value.again_at is not None


def test_servers_below_one_name_share_its_quota(settings: LazySettings, db: None) -> None:
    settings.PEER_QUOTAS = {**settings.PEER_QUOTAS, "requests": 1}
    peers.spend(peers.of("a.farm.example"), "requests")

    with pytest.raises(peers.ServerQuotaSpent):
        peers.spend(peers.of("b.farm.example"), "requests")


@pytest.mark.parametrize("verb", ["decide", "allow", "try_now", "give_up", "adopt", "key"])
def test_only_moderators_decide_about_servers(verb: str, ada: Member, zoe: Abroad) -> None:
    peer = zoe.actor.peer
    verbs: dict[str, Callable[[], object]] = {
        "decide": lambda: policies.decide("two.example", Policy.CLOSED, why="x", by=ada),
        "allow": lambda: policies.allow(peer, by=ada),
        "try_now": lambda: policies.try_now(peer, by=ada),
        "give_up": lambda: policies.give_up(peer, by=None),
        "adopt": lambda: blocklists.adopt(HEAD + "two.example,suspend,,,,\n", by=ada),
        "key": lambda: policies.new_house_key(by=ada),
    }
    with pytest.raises(NotAModerator):
        verbs[verb]()

    peer.refresh_from_db()
    assert (peer.policy, peer.allowed) == (Policy.OPEN, False)


def test_a_decision_is_noted_and_what_waits_for_a_closed_server_is_dropped(
    settings: LazySettings, mo: Member, ada: Member, zoe: Abroad
) -> None:
    settings.FEDERATION = True
    outbox.send(ada, {"type": "Note"}, to=[zoe.actor], key="x")
    policies.decide("two.example", Policy.CLOSED, why="spam", by=mo)
    delivery.send_due(zoe.actor.peer_id)

    assert Delivery.objects.get().dead_at is not None
    line = AuditEntry.objects.get(act="decided-about-server")
    assert (line.actor, line.about) == (f"member:{mo.pk}", "peer:two.example")
    assert line.detail == {"from": "open", "to": "closed"}


def test_a_server_is_not_closed_without_a_reason(mo: Member, db: None) -> None:
    with pytest.raises(policies.ReasonMissing):
        policies.decide("two.example", Policy.CLOSED, why="  ", by=mo)


@pytest.mark.parametrize("name", ["our.house.example", "house.example"])
def test_nobody_closes_our_own_house(name: str, settings: LazySettings, mo: Member) -> None:
    settings.SITE_HOST = "our.house.example"
    with pytest.raises(policies.OurOwnHouse):
        policies.decide(name, Policy.CLOSED, why="by mistake", by=mo)


def test_what_is_no_host_is_no_server(mo: Member) -> None:
    with pytest.raises(hosts.NoHost):
        policies.decide("no host/at all", Policy.CLOSED, why="x", by=mo)


def test_a_given_up_delivery_can_be_sent_again_once(mo: Member, ada: Member, zoe: Abroad) -> None:
    outbox.send(ada, {"type": "Note"}, to=[zoe.actor], key="x")
    assert policies.give_up(zoe.actor.peer, by=mo) == 1
    row = Delivery.objects.get()
    policies.send_again(row, by=mo)
    assert Delivery.objects.get().dead_at is None
    with pytest.raises(policies.NothingWaits):
        policies.send_again(row, by=mo)


def test_a_block_list_closes_and_limits_and_opens_nothing(mo: Member, zoe: Abroad) -> None:
    Peer.objects.create(host="shut.example", policy=Policy.CLOSED)
    text = (
        HEAD
        + "evil.example,suspend,False,False,spam,False\n"
        + "LOUD.example,silence,,,,\n"
        + "shut.example,silence,,,,\n"
        + "two.example,noop,,,,\n"
        + "e*l.example,suspend,,,obfuscated,True\n"
    )
    changes = blocklists.adopt(text, by=mo)

    assert peers.policy_of("evil.example") == Policy.CLOSED
    assert Peer.objects.get(host="evil.example").why == "spam"
    assert peers.policy_of("loud.example") == Policy.LIMITED
    assert peers.policy_of("shut.example") == Policy.CLOSED
    assert peers.policy_of("two.example") == Policy.OPEN
    assert (changes.unread, changes.same) == (["e*l.example"], 1)


def test_a_block_list_never_closes_an_allowed_server(mo: Member, zoe: Abroad) -> None:
    policies.allow(zoe.actor.peer, by=mo)
    changes = blocklists.adopt(HEAD + "two.example,suspend,,,,\n", by=mo)

    assert changes.allowed == ["two.example"]
    assert peers.policy_of("two.example") == Policy.OPEN


@pytest.mark.adversarial(30)
def test_a_block_list_never_closes_the_domain_above_an_allowed_server(mo: Member, db: None) -> None:
    sue = lives_abroad("sue", "social.two.example")
    policies.allow(sue.actor.peer, by=mo)
    changes = blocklists.adopt(HEAD + "two.example,suspend,,,,\n", by=mo)

    assert changes.allowed == ["two.example"]
    assert peers.policy_of("social.two.example") == Policy.OPEN


def test_what_is_looked_at_changes_nothing(zoe: Abroad) -> None:
    changes = blocklists.compare(HEAD + "two.example,suspend,,,spam,\n")

    assert changes.decisions == [("two.example", Policy.CLOSED, "spam")]
    assert peers.policy_of("two.example") == Policy.OPEN


@pytest.mark.parametrize("text", ["", "two.example\n", "a,b\n1,2\n", "<html>"])
def test_what_is_no_block_list_is_refused(text: str, mo: Member) -> None:
    with pytest.raises(blocklists.NoBlockList):
        blocklists.adopt(text, by=mo)


def test_what_is_exported_can_be_imported_and_is_no_formula(mo: Member, db: None) -> None:
    policies.decide("evil.example", Policy.CLOSED, why='=HYPERLINK("x")', by=mo)
    policies.decide("loud.example", Policy.LIMITED, why="noise, much", by=mo)
    text = blocklists.export()
    assert "\n'=HYPER" not in text.split("\n", 1)[0]
    assert ",\"'=HYPERLINK" in text
    Peer.objects.all().delete()
    blocklists.adopt(text, by=mo)

    assert peers.policy_of("evil.example") == Policy.CLOSED
    assert Peer.objects.get(host="loud.example").why == "noise, much"
