"""The addresses of credentials: the same bytes for everybody, gone alike, listed nowhere; status lists; our words."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts import keys
from accounts.models import Entry, Member, Visibility
from foundation import clock, did, signing
from tests.cast import befriend
from tests.frontend.pages import signed_in
from tests.frontend.vouched import SENTENCE, offered, vouched
from vetting import credential_shape, credentials, namespace, status_list, vouches
from vetting.models import Vouch

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
KEPT_QUIET = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@pytest.fixture
def vouch(ada: Member, bo: Member, at_acme: Entry) -> Vouch:
    """Ada's word for Bo, which only Bo sees on pages."""
    befriend(ada, bo)
    return vouched(ada, bo, to=Visibility.ME)


def at(vouch: Vouch, more: str = "") -> str:
    return f"/credentials/{vouch.token}/{more}"


def status_at(vouch: Vouch) -> str:
    assert vouch.credential is not None
    return str(vouch.credential["credentialStatus"]["statusListCredential"].removeprefix(settings.SITE_URL))


def test_a_machine_gets_the_document_and_can_prove_it(vouch: Vouch, client: Client) -> None:
    answers = [client.get(at(vouch)), client.get(at(vouch), headers={"Accept": "application/vc+json"})]

    for answer in answers:
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/vc+json"
        assert "Content-Disposition" not in answer
        assert answer.content == signing.canonical(vouch.credential)
    status = credentials.read(client.get(status_at(vouch)).content)
    proved = credentials.verify(credentials.read(answers[0].content), now=clock.now(), status=status)
    assert (proved.issuer.name, proved.subject.name, proved.status) == ("Ada Adler", "Bo Berg", "current")
    assert proved.address == f"{settings.SITE_URL}{at(vouch)}"


def test_a_reader_gets_a_page_and_a_download_is_a_file(vouch: Vouch, client: Client) -> None:
    page = client.get(at(vouch), headers=BROWSER)
    assert page["Content-Type"].startswith("text/html")
    assert "This vouch is genuine" in page.content.decode()
    assert SENTENCE in page.content.decode()

    file = client.get(at(vouch), {"download": ""}, headers=BROWSER)
    assert file["Content-Disposition"] == 'attachment; filename="vouch.json"'
    assert file.content == signing.canonical(vouch.credential)
    assert not client.cookies


@pytest.mark.parametrize("headers", [BROWSER, {}])
def test_nobody_keeps_lists_or_passes_on_the_address(vouch: Vouch, client: Client, headers: dict[str, str]) -> None:
    for path in (at(vouch), at(vouch, "identity/")):
        answer = client.get(path, headers=headers)
        assert {name: answer.get(name) for name in KEPT_QUIET} == KEPT_QUIET
        assert client.head(path, headers=headers).status_code == 200
        assert client.post(path, headers=headers).status_code == 405
    assert "Accept" in client.get(at(vouch), headers=headers)["Vary"]


@pytest.mark.parametrize("headers", [BROWSER, {}])
def test_withdrawn_and_run_out_are_gone_alike(vouch: Vouch, bo: Member, headers: dict[str, str]) -> None:
    told = []
    with clock.at(clock.now() + timedelta(days=731)):
        told.append([Client().get(path, headers=headers) for path in (at(vouch), at(vouch, "identity/"))])
    vouches.withdraw(vouch, by=vouch.voucher)
    told.append([Client().get(path, headers=headers) for path in (at(vouch), at(vouch, "identity/"))])

    for ended, withdrawn in zip(*told, strict=True):
        assert ended.status_code == withdrawn.status_code == 410
        assert ended.content == withdrawn.content
        assert {name: withdrawn.get(name) for name in KEPT_QUIET} == KEPT_QUIET
        assert "Ada" not in withdrawn.content.decode()
    assert signed_in(bo).get(at(vouch)).status_code == 410


@pytest.mark.parametrize("token", ["nonsense", "None", "%00", "a" * 3000, "\u0661", "..%2f"])
def test_unknown_addresses_are_unknown(vouch: Vouch, client: Client, token: str) -> None:
    assert client.get(f"/credentials/{token}/").status_code == 404
    assert client.get(f"/credentials/{token}/identity/").status_code == 404


def test_what_is_not_countersigned_has_no_address(vouch: Vouch, ada: Member, bo: Member, client: Client) -> None:
    """Neither by its public id nor by what a page of its two sides shows."""
    waiting = offered(bo, ada)
    refused = Vouch.objects.create(
        voucher=bo, subject=ada, key="other", sentence=SENTENCE, context=waiting.context, refused_at=clock.now()
    )
    for row in (waiting, refused):
        assert row.token is None
        assert client.get(f"/credentials/{row.public_id}/").status_code == 404


def test_the_voucher_says_whose_key_it_is_also_with_a_new_key(vouch: Vouch, ada: Member, client: Client) -> None:
    assert vouch.credential is not None
    issuer = vouch.credential["issuer"]
    first = client.get(at(vouch, "identity/"))
    keys.give(ada)
    again = client.get(at(vouch, "identity/"))

    assert first.content == again.content
    identity = did.check_identity(json.loads(again.content), actor=issuer["alsoKnownAs"])
    assert identity.did == issuer["id"] != keys.did(ada)


def test_a_withdrawal_shows_in_the_list(vouch: Vouch, client: Client) -> None:
    assert vouch.credential is not None
    entry = vouch.credential["credentialStatus"]

    def withdrawn() -> bool:
        answer = client.get(status_at(vouch))
        assert answer["Content-Type"] == "application/vc+json"
        assert answer["Cache-Control"] == "public, max-age=300"
        return status_list.revoked_in(json.loads(answer.content), entry, now=clock.now())

    assert not withdrawn()
    vouches.withdraw(vouch, by=vouch.voucher)
    assert withdrawn()


@pytest.mark.parametrize("path", ["0/0", "999999/0", "1/999999", "9" * 30 + "/0", "1/" + "9" * 30])
def test_there_are_no_other_lists(vouch: Vouch, client: Client, path: str) -> None:
    assert client.get(f"/credentials/status/{path}/").status_code == 404


def test_the_words_are_explained_where_the_context_points(vouch: Vouch, client: Client) -> None:
    answer = client.get("/ns/v1")
    terms = json.loads(answer.content)["@context"]

    assert answer["Content-Type"] == "application/ld+json"
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert credential_shape.context()[1] == f"{settings.NAMESPACE}/v1"
    assert vouch.credential is not None
    said = _words(vouch.credential)
    known = _words(terms) | {"Vouch", "Countersignature"}
    assert said - known - W3C == set()
    assert terms == namespace.v1(settings.NAMESPACE)["@context"]


W3C = {
    *("@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus", "name"),
    *("evidence", "proof", "statusPurpose", "statusListIndex", "statusListCredential", "cryptosuite", "created"),
    *("verificationMethod", "proofPurpose", "proofValue"),
}


def _words(document: object) -> set[str]:
    if isinstance(document, list):
        return set().union(*map(_words, document))
    if not isinstance(document, dict):
        return set()
    return set(document) | set().union(*map(_words, document.values()))
