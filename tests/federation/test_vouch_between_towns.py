"""A public vouch across two real towns: offered in one, countersigned in the other, read and verified in both, gone."""

import json
import re
from urllib.parse import urlencode, urlsplit

import pytest

from accounts.models import Visibility
from foundation import clock, strict_json
from foundation.signing import Document
from tests.federation.test_two_towns import know
from tests.federation.towns import Answer, Town
from vetting import credentials

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
SENTENCE = "We rebuilt the switchboard together, and I would take her call at night."
PAGE = {"Accept": "text/html", "Accept-Language": "en"}
VC = "application/vc+json"
GENUINE, NOTHING, WITHDRAWN = "This vouch is genuine", "This proves nothing", "This vouch was withdrawn."


def test_a_vouch_across_two_towns_is_read_and_verified_in_both_until_it_is_withdrawn(harburg: Town, lund: Town) -> None:
    ziva = given(harburg, lund)
    cookie = {"Cookie": harburg.do("signs_in", handle="vera")}
    assert SENTENCE in read(lund, "/@ziva/").body.decode()
    assert SENTENCE in read(harburg, f"/@{ziva}/", cookie).body.decode()
    address = at(harburg, lund.get("/@ziva/vouches").document["items"][0])
    credential = harburg.get(at(harburg, harburg.get(address).document["credential"]["id"]), VC).document
    status = listed(harburg, credential)
    assert credentials.verify(credential, now=clock.now(), status=status).status == "current"
    assert GENUINE in judged(lund, credential, status)
    touched = credential | {"issuer": credential["issuer"] | {"name": "Somebody Else"}}
    assert NOTHING in judged(lund, touched, status)
    assert GENUINE in read(harburg, at(harburg, credential["id"])).body.decode()

    harburg.do("withdraws_vouch", voucher="vera", subject=ziva)
    lund.becomes([], "vouched", subject="ziva")
    assert harburg.do("vouched", subject=ziva) == []
    assert SENTENCE not in read(lund, "/@ziva/").body.decode()
    assert SENTENCE not in read(harburg, f"/@{ziva}/", cookie).body.decode()
    assert lund.get("/@ziva/vouches").document["items"] == []
    assert [harburg.get(address).status, harburg.get(at(harburg, credential["id"]), VC).status] == [410, 410]
    status = listed(harburg, credential)
    with pytest.raises(credentials.Withdrawn):
        credentials.verify(credential, now=clock.now(), status=status)
    assert WITHDRAWN in judged(lund, credential, status)
    assert WITHDRAWN in judged(harburg, credential)


def given(harburg: Town, lund: Town) -> str:
    """Vera's word for Ziva, who lives in Lund, countersigned there and shown to everyone; what Ziva is called abroad.

    It shows nowhere before.
    """
    _vera, ziva = know(harburg, lund, "vera", "ziva")
    harburg.do("vouches_publicly", voucher="vera", subject=ziva, sentence=SENTENCE)
    lund.becomes([SENTENCE], "to_countersign", subject="ziva")
    assert harburg.do("vouched", subject=ziva) == lund.do("vouched", subject="ziva") == []

    lund.do("countersigns", subject="ziva", visible_to=Visibility.EVERYONE)
    harburg.becomes([SENTENCE], "vouched", subject=ziva)
    lund.becomes([SENTENCE], "vouched", subject="ziva")
    return ziva


def at(town: Town, address: str) -> str:
    """The path, of an address in that town."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("https", town.host)
    return parts.path


def read(town: Town, path: str, headers: dict[str, str] | None = None) -> Answer:
    """The page as a browser gets it."""
    answer = town.ask("GET", path, PAGE | (headers or {}))
    assert answer.status == 200, answer.body.decode()[:2000]
    return answer


def listed(town: Town, credential: Document) -> Document:
    """The town's list of withdrawn vouches that the credential names, as it is now."""
    where = at(town, credential["credentialStatus"]["statusListCredential"])
    return strict_json.read(town.get(where, VC).body)


def judged(town: Town, credential: Document, status: Document | None = None) -> str:
    """What the town's page for verifying says of a vouch that somebody pastes there."""
    form = read(town, "/verify/")
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.body.decode())[:1]
    values = {"csrfmiddlewaretoken": token, "text": json.dumps(credential)}
    values |= {"status_text": json.dumps(status)} if status else {}
    headers = {"Cookie": form.headers["set-cookie"].partition(";")[0], "Referer": f"https://{town.host}/verify/"}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = town.ask("POST", "/verify/", PAGE | headers | kind, urlencode(values).encode())
    return answer.body.decode()
