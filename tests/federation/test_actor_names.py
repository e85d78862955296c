"""What people elsewhere are called, and what is left of their words."""

from typing import Any

import pytest
from django.core.cache import cache

from network.federation import actors, described, plain, registered
from tests.federation.people import fingered, lives_at, person
from tests.federation.tls import Server
from tests.federation.world import World, says

# ── names ───────────────────────────────────────────────────────────────────


def test_an_address_at_another_server_counts_if_that_one_says_the_same(world: World, two: Server) -> None:
    apex = world.server("apex.example", "127.0.0.5")
    uri = lives_at(two, person(two.url("/@zoe/")))
    fingered(two, "acct:zoe@apex.example", uri)
    fingered(apex, "acct:zoe@apex.example", uri)
    member = actors.learn(uri).member
    assert member is not None
    assert member.address == "zoe@apex.example"


@pytest.mark.parametrize("apex_says", ["another", "nothing"])
def test_an_address_at_another_server_that_does_not_know_them_is_not_theirs(
    world: World, two: Server, apex_says: str
) -> None:
    apex = world.server("apex.example", "127.0.0.5")
    uri = lives_at(two, person(two.url("/@zoe/"), webfinger="zoe@apex.example"))
    fingered(two, "acct:zoe@apex.example", uri)
    if apex_says == "another":
        fingered(apex, "acct:zoe@apex.example", two.url("/@somebody-else/"))
    member = actors.learn(uri).member
    assert member is not None
    assert member.address == "zoe@two.example"


def test_without_webfinger_their_own_server_speaks_for_its_names(two: Server) -> None:
    two.paths["/@zoe/"] = says(person(two.url("/@zoe/")))
    member = actors.learn(two.url("/@zoe/")).member
    assert member is not None
    assert member.address == "zoe@two.example"


def test_a_name_is_given_to_one_at_a_time(two: Server) -> None:
    first = actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    second = lives_at(two, person(two.url("/users/7"), "zoe"), target="/users/7")
    with pytest.raises(registered.NameTaken):
        actors.learn(second)

    cache.clear()
    actors.mark_gone(first)
    assert first.member is not None
    member = actors.learn(second).member
    assert member is not None
    assert member.handle == "zoe"
    first.member.refresh_from_db()
    assert first.member.handle.startswith("gone-")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Zoe Zimmer", "Zoe Zimmer"),
        ("  Zoe \n Zimmer ", "Zoe Zimmer"),
        ("Zoe\u202eremmiZ", "ZoeremmiZ"),
        ("Z\u200boe", "Zoe"),
        ("<b>Zoe</b>", "b Zoe b"),
        ("Zoe (she/her)", "Zoe (she her)"),
        ("buy at shop.example.com", ""),
        ("🦊", ""),
        (None, ""),
        (7, ""),
        ("Z" * 500, "Z" * 80),
    ],
)
def test_a_name_is_shown_without_what_misleads(said: Any, kept: str) -> None:
    assert plain.name(said, most=80) == kept


@pytest.mark.adversarial(34)
@pytest.mark.parametrize(
    "piece", ["<a href=", "<!--", "&", "<p><b><i>", "</p>", '"', "<![CDATA[", "&#x", "\u202e", "<svg/onload="]
)
def test_no_markup_takes_long_or_gets_through(piece: str) -> None:
    text = plain.text_of_markup(piece * 200_000 + "<script>alert(1)</script>", most=2000)
    assert len(text) <= 2000
    assert "<script" not in plain.text_of_markup(f"{piece}<script>alert(1)</script>x", most=2000)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ('<a href="https://x.example"><span class="invisible">https://</span>x.example</a>', "https://x.example"),
        ("<style>p{}</style><script>x</script>kept", "kept"),
        ("", ""),
        (None, ""),
    ],
)
def test_markup_becomes_text(markup: Any, text: str) -> None:
    assert plain.text_of_markup(markup, most=2000) == text


@pytest.mark.adversarial(25)
def test_lists_without_limit_are_cut() -> None:
    many = [{"type": "PropertyValue", "name": f"n{n}", "value": "v" * 5000} for n in range(10_000)]
    uris = [f"https://two.example/{n}" for n in range(10_000)]
    keys = [person("https://two.example/@zoe/")["publicKey"] | {"id": f"https://two.example/{n}"} for n in range(100)]
    found = described.read(
        person(
            "https://two.example/@zoe/",
            attachment=many,
            alsoKnownAs=uris,
            generator={"implements": uris},
            publicKey=keys,
        )
    )
    assert len(found.fields) == described.MOST_FIELDS
    assert all(len(row["value"]) <= 300 for row in found.fields)
    assert len(found.also_known_as) == len(found.implements) == described.MOST_NAMES
    assert len(found.http_keys) == described.MOST_KEYS
