"""Anybody verifies a vouch: the verdict in plain words, from the document alone and our own rows; nothing is kept."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import keys
from accounts.models import Entry, Member
from foundation import clock, did, signing
from tests.cast import befriend
from tests.frontend.vouched import SENTENCE, vouched
from vetting import credentials, documents, status_list, vouches
from vetting.models import Vouch

pytestmark = pytest.mark.django_db
GENUINE, NOTHING = "This vouch is genuine", "This proves nothing"
KIB = 1024


@pytest.fixture
def vouch(ada: Member, bo: Member, at_acme: Entry) -> Vouch:
    befriend(ada, bo)
    return vouched(ada, bo)


def verified(document: object = None, *, raw: bytes = b"", status: object = None, as_file: bool = False) -> str:
    sent = raw or json.dumps(document).encode()
    form: dict[str, Any] = {"file": SimpleUploadedFile("a.json", sent)} if as_file else {"text": sent.decode()}
    if status is not None:
        form["status_text"] = json.dumps(status)
    answer = Client().post("/verify/", form)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def foreign(page: str = "https://elsewhere.example/@zoe/") -> dict[str, Any]:
    """A vouch of two strangers on another server, and who signs its list."""
    pairs = [signing.new_key() for _who in range(3)]
    names = [did.of(public) for _private, public in pairs]
    began = datetime(2026, 1, 5, 12, tzinfo=UTC)
    facts = credentials.Facts(
        address="https://elsewhere.example/credentials/xyz/",
        voucher=credentials.Party(did=names[0], actor=page, name="Zoe"),
        subject=credentials.Party(did=names[1], actor="https://elsewhere.example/@yan/", name="Yan"),
        context=credentials.Shared(kind="employment", organisation="Elsewhere Ltd", starts="2001", ends="2004-06"),
        statement="Zoe remembers.",
        valid_from=began,
        valid_until=began + timedelta(days=700),
        status_list="https://elsewhere.example/status/1/",
        status_index=7,
        status_issuer=names[2],
    )
    agreed = credentials.countersign(credentials.draft(facts), private=pairs[1][0], created=began)
    issued = credentials.issue(agreed, private=pairs[0][0], created=began)
    return {"document": issued, "house": pairs[2][0]}


def listed(made: dict[str, Any], *withdrawn: int) -> dict[str, Any]:
    address = made["document"]["credentialStatus"]["statusListCredential"]
    return status_list.credential(address, status_list.bits(withdrawn), made["house"], clock.now())


def test_looking_asks_for_nothing(client: Client) -> None:
    answer = client.get("/verify/")
    assert answer.status_code == 200
    assert GENUINE not in answer.content.decode()
    assert NOTHING not in client.get("/verify/", {"text": "{}"}).content.decode()


def test_a_foreign_site_cannot_send_the_form(db: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/verify/", {"text": "{}"}).status_code == 403


@pytest.mark.parametrize("as_file", [True, False])
def test_one_of_ours_is_genuine_and_stands(vouch: Vouch, as_file: bool) -> None:
    page = verified(vouch.credential, as_file=as_file)

    assert GENUINE in page
    for words in ("Ada Adler", "Bo Berg", SENTENCE, "Acme Werke", "it was issued here, and stands"):
        assert words in page


def test_nothing_is_written(vouch: Vouch) -> None:
    with CaptureQueriesContext(connection) as caught:
        verified(vouch.credential, as_file=True)
    assert {query["sql"].split()[0] for query in caught} <= {"SELECT"}


def test_one_of_ours_that_was_withdrawn_or_ran_out(vouch: Vouch) -> None:
    assert vouch.status_key_id
    stale = documents.status(vouch.status_key_id, 0)
    with clock.at(clock.now() + timedelta(days=731)):
        assert "has run out" in verified(vouch.credential)
    vouches.withdraw(vouch, by=vouch.voucher)
    page = verified(vouch.credential, status=stale)

    assert NOTHING in page
    assert "This vouch was withdrawn." in page
    assert SENTENCE not in page.split('<form class="form"')[0]


@pytest.mark.parametrize("place", ["statement", "name", "unit", "proof"])
def test_a_changed_word_proves_nothing(vouch: Vouch, place: str) -> None:
    document = json.loads(json.dumps(vouch.credential))
    if place == "statement":
        document["credentialSubject"]["statement"] += " Truly."
    if place == "name":
        document["issuer"]["name"] = "Somebody Else"
    if place == "unit":
        document["credentialSubject"]["context"]["unit"] = "Board"
    if place == "proof":
        del document["evidence"]
    assert NOTHING in verified(document)


def test_somebody_else_cannot_speak_for_a_member_here(vouch: Vouch) -> None:
    """Both signatures fit, with keys that the forger made, but the page is of a member of this server."""
    assert vouch.credential is not None
    page = str(vouch.credential["issuer"]["alsoKnownAs"])

    for spelled in (page, page.removesuffix("/"), f"{page}?x=1"):
        assert "that member&#x27;s key did not sign it" in verified(foreign(spelled)["document"])


def test_an_address_of_ours_that_was_never_given(vouch: Vouch, ada: Member, bo: Member) -> None:
    """Ada and Bo sign with their own keys, by themselves, at addresses this server does not know."""
    assert vouch.credential is not None
    for address in (f"{vouch.credential['id'][:-2]}/", vouch.credential["id"]):
        bare = {name: value for name, value in vouch.credential.items() if name not in ("proof", "evidence")}
        bare["credentialSubject"] = {**bare["credentialSubject"], "statement": "Other words."}
        bare["id"] = address
        agreed = credentials.countersign(bare, private=keys.private_key(bo))
        page = verified(credentials.issue(agreed, private=keys.private_key(ada)))
        assert NOTHING in page
        assert "never issued it" in page


def test_of_another_server_the_status_is_unknown_unless_the_list_is_there(db: None) -> None:
    made = foreign()
    page = verified(made["document"])
    assert GENUINE in page
    assert "Not known here" in page
    assert "says the list that came with it" in verified(made["document"], status=listed(made, 8))
    gone = verified(made["document"], status=listed(made, 7))
    assert NOTHING in gone
    assert "This vouch was withdrawn." in gone


@pytest.mark.parametrize("wrong", ["another key", "old", "no list"])
def test_a_list_that_is_not_the_one_tells_nothing(db: None, wrong: str) -> None:
    made = foreign()
    with clock.at(clock.now() - timedelta(days=8)):
        old = listed(made)
    lists: dict[str, object] = {
        "another key": listed({**made, "house": signing.new_key()[0]}),
        "old": old,
        "no list": {"type": "nothing"},
    }
    page = verified(made["document"], status=lists[wrong])
    assert GENUINE in page
    assert "Not known here" in page
    assert "list of withdrawn vouches" in page


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b"null", b'{"a": NaN}', b'{"a":1,"a":2}', b"[" * 99, b"\xff\xfe{}", b"words", b'{"proof": {}}']
)
def test_what_is_no_vouch_proves_nothing(db: None, raw: bytes) -> None:
    assert NOTHING in verified(raw=raw, as_file=True)


@pytest.mark.parametrize("form", ["empty", "both", "too large", "file too large", "blank"])
def test_a_form_that_cannot_be_read_is_kept(db: None, form: str, client: Client) -> None:
    forms: dict[str, dict[str, Any]] = {
        "empty": {},
        "blank": {"text": "   "},
        "both": {"text": "{1}", "file": SimpleUploadedFile("a.json", b"{}")},
        "too large": {"text": "a" * (256 * KIB + 1)},
        "file too large": {"file": SimpleUploadedFile("a.json", b"a" * (256 * KIB + 1))},
    }
    sent = forms[form]
    answer = client.post("/verify/", sent)
    assert answer.status_code == 400
    assert NOTHING not in answer.content.decode()
    assert str(sent.get("text", "")).strip() in answer.content.decode()


def test_strangers_words_do_not_run(db: None) -> None:
    page = verified(raw=b'{"id": "<script>alert(1)</script>"}')
    assert "<script>alert" not in page
