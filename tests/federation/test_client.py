"""Calls to other servers: only what was asked for comes back, and the house signs."""

import pytest
from pytest_django import Settings

from accounts.models import Member
from network.federation import client, guard, http_keys, media
from network.federation.client import Unreachable
from network.federation.models import Peer, SignsWith
from tests.federation.tls import Door, Server
from tests.federation.world import World, leads_to, says

NOTE = {"id": "https://two.example/notes/1", "type": "Note"}


@pytest.fixture(autouse=True)
def _a_note(two: Server) -> None:
    two.paths["/note"] = says(NOTE)


# ── what comes back ─────────────────────────────────────────────────────────


def test_a_document_comes_back_with_where_it_was_found(two: Server) -> None:
    answer = client.get(two.url("/note"))
    assert (answer.status, answer.url) == (200, two.url("/note"))
    assert answer.headers["content-type"] == "application/activity+json"
    assert b'"Note"' in answer.body


def test_the_server_is_told_who_asks_and_nothing_else(two: Server, settings: Settings) -> None:
    two.paths["/note"] = says(NOTE, Set_Cookie="seen=1; Path=/")
    client.get(two.url("/note"), signed=False)
    client.get(two.url("/note"), signed=False)
    for _method, _target, headers in two.asked:
        assert settings.SITE_URL in headers["user-agent"]
        assert headers.keys() <= {"host", "user-agent", "accept", "accept-encoding"}


def test_one_connection_is_kept_for_one_server(two: Server) -> None:
    for _ in range(3):
        client.get(two.url("/note"))
    assert two.connections == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_dialled_anew(two: Server) -> None:
    def hangs_up(door: Door) -> None:
        says(NOTE)(door)
        door.close_connection = True

    two.paths["/note"] = hangs_up
    assert [client.get(two.url("/note")).status for _ in range(3)] == [200, 200, 200]


def test_an_error_is_an_answer(two: Server) -> None:
    assert client.get(two.url("/nowhere")).status == 404


def test_the_name_stays_in_tls_and_has_to_be_in_the_certificate(world: World, two: Server) -> None:
    world.names["other.example"] = ["127.0.0.2"]
    with pytest.raises(Unreachable) as refused:
        client.get("https://other.example/note")
    assert "CERTIFICATE" in refused.value.why
    assert two.asked == []


def test_without_the_private_authority_nothing_private_is_trusted(two: Server, settings: Settings) -> None:
    settings.FEDERATION_CA_FILE = ""
    with pytest.raises(Unreachable):
        client.get(two.url("/note"))
    guard.close()


# ── signing ─────────────────────────────────────────────────────────────────


def test_the_house_signs_what_it_reads(two: Server, settings: Settings) -> None:
    assert client.get(two.url("/note")).signed_with == SignsWith.CAVAGE
    assert f"{settings.SITE_URL}/actor#main-key" in two.asked[0][2]["signature"]


def test_after_a_401_the_other_signature_is_tried_and_remembered(two: Server) -> None:
    peer = Peer.objects.create(host="two.example")

    def knows_only_rfc9421(door: Door) -> None:
        (says(NOTE) if door.headers["signature-input"] else says({}, status=401))(door)

    two.paths["/note"] = knows_only_rfc9421
    assert client.get(two.url("/note")).signed_with == SignsWith.RFC9421
    peer.refresh_from_db()
    assert peer.signs_with == SignsWith.RFC9421
    assert len(two.asked) == 2
    assert client.get(two.url("/note")).status == 200
    assert len(two.asked) == 3


def test_who_refuses_both_changes_nothing(two: Server) -> None:
    peer = Peer.objects.create(host="two.example")
    two.paths["/note"] = says({}, status=401)
    assert client.get(two.url("/note")).status == 401
    peer.refresh_from_db()
    assert peer.signs_with == SignsWith.CAVAGE


def test_each_redirect_is_signed_for_where_it_leads(two: Server) -> None:
    two.paths["/old"] = leads_to("/note")
    client.get(two.url("/old"))
    assert two.targets == ["/old", "/note"]
    assert all("signature" in headers for _method, _target, headers in two.asked)


def test_a_delivery_is_signed_by_its_sender_and_follows_nobody(two: Server, ada: Member) -> None:
    two.paths["/inbox"] = leads_to("/note", status=307)
    answer = client.post(two.url("/inbox"), b"{}", signer=http_keys.signer(ada), how=SignsWith.CAVAGE)
    assert answer.status == 307
    assert [(method, target) for method, target, _headers in two.asked] == [("POST", "/inbox")]
    assert two.asked[0][2]["content-type"] == "application/activity+json"
    assert "/@ada/#main-key" in two.asked[0][2]["signature"]


# ── kinds ───────────────────────────────────────────────────────────────────


@pytest.mark.adversarial(2)
@pytest.mark.parametrize(
    "kind", ["text/html", "image/png", "application/octet-stream", "application/json", "application/ld+json", "", "x"]
)
def test_an_uploaded_file_is_no_document(two: Server, kind: str) -> None:
    two.paths["/note"] = says(NOTE, kind=kind)
    with pytest.raises(media.WrongKind):
        client.get(two.url("/note"))


@pytest.mark.parametrize(
    "kind",
    [
        "application/activity+json",
        "Application/Activity+JSON; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json;charset=utf-8; profile="https://x.example https://www.w3.org/ns/activitystreams"',
    ],
)
def test_documents_come_under_their_own_kinds(kind: str) -> None:
    media.check(200, kind, "application/activity+json")


@pytest.mark.parametrize(
    ("kind", "fits"), [("application/jrd+json", True), ("application/json", True), ("text/html", False)]
)
def test_webfinger_may_be_plain_json(kind: str, fits: bool) -> None:
    assert media.fits(kind, media.JRD) is fits
