"""One click ends a kind of letters (RFC 8058): nobody signs in, nothing happens on GET, no token fits another."""

from email import message_from_bytes, policy

import pytest
from django.core.signing import Signer
from django.test import Client

from accounts.models import Member
from foundation import letters
from foundation.models import Letter
from network.notices import unsubscribing, wishes
from network.notices.models import Kind, Way
from tests.cast import asks

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def path_for(member: Member, kind: str) -> str:
    return unsubscribing.address(member, kind).removeprefix("http://127.0.0.1:8000")


def test_a_letter_carries_both_headers(ada: Member, bo: Member, at_acme: object) -> None:
    asks(ada, bo)
    letter = Letter.objects.get(kind="request")
    mail = message_from_bytes(letters.message(letter).message().as_bytes(), policy=policy.default)
    address = unsubscribing.address(bo, "request")
    assert mail["List-Unsubscribe"].strip() == f"<{address}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in letters.text_of(letter).text


def test_a_letter_about_the_sign_in_has_nothing_to_end() -> None:
    letter = Letter(kind="reset")
    letter.sealed_to, letter.sealed_subject = letters._seal(letter, "to", "a@example.org"), ""
    letter.sealed_body = letters._seal(letter, "body", '{"text": "x"}')  # as letters were kept before
    assert "List-Unsubscribe" not in letters.message(letter).extra_headers


@pytest.mark.parametrize("kind", Kind.values)
def test_one_post_ends_that_kind_and_no_other(kind: str, bo: Member, ada: Member, strict: Client) -> None:
    before = wishes.of(bo).ways
    answer = strict.post(path_for(bo, kind), ONE_CLICK)
    assert answer.status_code == 200
    assert wishes.of(bo).ways == {**before, kind: Way.NEVER}
    assert wishes.of(ada).ways == before
    assert strict.post(path_for(bo, kind), ONE_CLICK).status_code == 200


def test_a_digest_is_ended_as_a_whole(bo: Member, strict: Client) -> None:
    strict.post(path_for(bo, unsubscribing.DIGEST), ONE_CLICK)
    ways = wishes.of(bo).ways
    assert Way.DIGEST not in ways.values()
    assert ways["request"] == Way.AT_ONCE


def test_looking_changes_nothing_and_shows_a_button(bo: Member, strict: Client) -> None:
    before = wishes.of(bo)
    page = strict.get(path_for(bo, "message"))
    assert strict.head(path_for(bo, "message")).status_code == 200
    assert wishes.of(bo) == before
    assert 'method="post"' in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"
    assert bo.handle not in page.content.decode()
    assert not strict.cookies


@pytest.mark.parametrize("way", ["changed", "other salt", "other kind", "gone", "no json", "empty"])
def test_a_token_that_is_not_ours_ends_nothing(way: str, bo: Member, ada: Member, strict: Client) -> None:
    good = path_for(bo, "message").split("/")[-2]
    payload, signature = good.split(":")
    token = {
        "changed": f"{payload}x:{signature}",
        "other salt": Signer(salt="other").sign_object([str(bo.public_id), "message"]),
        "other kind": Signer(salt="notices.unsubscribe").sign_object([str(bo.public_id), "sign-in"]),
        "gone": Signer(salt="notices.unsubscribe").sign_object(["00000000-0000-0000-0000-000000000000", "message"]),
        "no json": "x:y",
        "empty": ":",
    }[way]
    for answer in (strict.get(f"/unsubscribe/{token}/"), strict.post(f"/unsubscribe/{token}/", ONE_CLICK)):
        assert answer.status_code == 404
    assert wishes.of(bo).ways == wishes.of(ada).ways


def test_a_frozen_member_can_end_letters_too(bo: Member, strict: Client) -> None:
    Member.objects.filter(pk=bo.pk).update(frozen_at=bo.joined_at)
    strict.post(path_for(bo, "message"), ONE_CLICK)
    assert wishes.of(bo).ways["message"] == Way.NEVER
