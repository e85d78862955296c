"""The contract between two servers of ours, each real and over TLS: the whole story, and what goes wrong on the way."""

import pytest

from tests.federation.towns import Town

pytestmark = [pytest.mark.flow, pytest.mark.xdist_group("towns"), pytest.mark.timeout(300)]


def test_each_town_says_who_lives_there(harburg: Town, lund: Town) -> None:
    harburg.do("joins", handle="ada")
    found = harburg.get("/.well-known/webfinger?resource=acct:ada@harburg.localhost").document
    assert found["links"][0]["href"] == harburg.uri("ada")
    assert harburg.get("/@ada/").document["id"] == harburg.uri("ada")
    assert lund.get("/@ada/").status == 404


def test_somebody_of_the_other_town_is_found_by_their_address(harburg: Town, lund: Town) -> None:
    lund.do("joins", handle="zoe")
    harburg.do("joins", handle="bob")
    harburg.do("looks_up", handle="bob", address="zoe@lund.localhost")
    harburg.becomes("zoe@lund.localhost", "looked_up", address="zoe@lund.localhost")
