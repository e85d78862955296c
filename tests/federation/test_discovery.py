"""How others find our members (WebFinger, host-meta, NodeInfo), and what nobody learns from it."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Member
from foundation.signing import Document
from network.federation import addresses, vocabulary

WEBFINGER = "/.well-known/webfinger"


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.FEDERATION = True


def finger(client: Client, resource: str) -> Any:
    return client.get(WEBFINGER, {"resource": resource})


def self_link(found: Document) -> str:
    [link] = [one for one in found["links"] if one["rel"] == "self"]
    assert link["type"] == vocabulary.ACTIVITY_JSON
    return str(link["href"])


@pytest.mark.parametrize(
    "resource",
    ["acct:ada@{host}", "acct:ADA@{host}", "ada@{host}", "acct:@ada@{host}", "{url}/@ada/", "{url}/@ada"],
)
def test_a_member_is_found_by_address_and_by_page(
    client: Client, ada: Member, settings: Settings, resource: str
) -> None:
    answer = finger(client, resource.format(host=settings.SITE_HOST, url=settings.SITE_URL))
    assert answer["Content-Type"] == "application/jrd+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    found = json.loads(answer.content)
    assert found["subject"] == f"acct:ada@{settings.SITE_HOST}"
    assert self_link(found) == addresses.actor(ada)


@pytest.mark.parametrize("resource", ["{url}", "{url}/", "{url}/actor", "acct:{name}@{host}"])
def test_the_house_is_found_by_the_address_of_the_server(
    client: Client, db: None, settings: Settings, resource: str
) -> None:
    name = settings.SITE_HOST.partition(":")[0]
    asked = resource.format(host=settings.SITE_HOST, url=settings.SITE_URL, name=name)
    found = json.loads(finger(client, asked).content)
    assert self_link(found) == addresses.house()
    assert addresses.house() in [one["href"] for one in found["links"] if one["rel"] == vocabulary.SERVICE_REL]


def test_unknown_unconfirmed_and_foreign_are_one_answer(client: Client, ada: Member, settings: Settings) -> None:
    answers = [finger(client, f"acct:nobody@{settings.SITE_HOST}"), finger(client, "acct:ada@elsewhere.example")]
    Member.objects.filter(pk=ada.pk).update(confirmed_at=None)
    answers += [finger(client, f"acct:ada@{settings.SITE_HOST}"), finger(client, addresses.actor(ada))]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("resource", ["", "ada", "acct:", "acct:@", "acct:@host", "mailto:ada", "x" * 100_000])
def test_what_names_nobody_is_malformed(client: Client, db: None, resource: str) -> None:
    assert finger(client, resource).status_code == 400


def test_a_query_without_resource_is_malformed(client: Client, db: None) -> None:
    assert client.get(WEBFINGER).status_code == 400


def test_host_meta_leads_to_webfinger(client: Client, db: None, settings: Settings) -> None:
    answer = client.get("/.well-known/host-meta")
    assert answer["Content-Type"].startswith("application/xrd+xml")
    [link] = ET.fromstring(answer.content)  # noqa: S314  (our own)
    assert link.attrib["rel"] == "lrdd"
    assert link.attrib["template"] == f"{settings.SITE_URL}/.well-known/webfinger?resource={{uri}}"


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_nodeinfo_says_what_this_is(client: Client, ada: Member, settings: Settings, version: str) -> None:
    links = json.loads(client.get("/.well-known/nodeinfo").content)["links"]
    assert f"{settings.SITE_URL}/nodeinfo/{version}" in [one["href"] for one in links]
    answer = client.get(f"/nodeinfo/{version}")
    assert answer["Content-Type"].startswith("application/json")
    assert f"schema/{version}#" in answer["Content-Type"]
    found = json.loads(answer.content)
    assert (found["version"], found["software"]["name"], found["protocols"]) == (version, "leumund", ["activitypub"])


def test_nodeinfo_tells_no_more_than_how_many_members(client: Client, ada: Member, bo: Member) -> None:
    from django.core.cache import cache

    cache.clear()
    usage = json.loads(client.get("/nodeinfo/2.1").content)["usage"]
    assert usage == {"users": {"total": 2}}


def test_other_versions_of_nodeinfo_are_not_there(client: Client, db: None) -> None:
    assert client.get("/nodeinfo/1.0").status_code == 404


def test_who_reads_without_end_is_told_to_come_later(
    client: Client, ada: Member, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foundation import redis_door
    from network.federation import door

    redis_door.client().flushdb()
    monkeypatch.setattr(door, "READS_A_MINUTE", 3)
    answers = [finger(client, f"acct:ada@{settings.SITE_HOST}") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    redis_door.client().flushdb()
