"""Tokens: shown once, kept as a hash, limited by scopes and an end, revoked at once."""

import uuid
from datetime import timedelta

import pytest
from pytest_django import Settings

from accounts import people, tokens
from accounts.models import Member, Scope, Token
from foundation import clock, letters
from foundation.models import AuditEntry
from tests.cast import DAY

ME = [Scope.ME_READ]


def make(member: Member, **more: object) -> tuple[Token, str]:
    values = {"name": "A script", "scopes": ME, "days": 30, **more}
    return tokens.make(member, **values)  # type: ignore[arg-type]


def test_a_token_is_kept_as_a_hash_with_a_beginning_to_know_it_by(ada: Member) -> None:
    row, text = make(ada)
    kept = Token.objects.values().get()
    assert text not in str(kept)
    assert text.startswith(row.prefix)
    assert len(text) - len(row.prefix) >= 36  # 6 bits each: what is not shown cannot be guessed
    assert tokens.recognise(text).member == ada


def test_a_letter_and_the_log_tell_of_a_new_token_and_neither_holds_it(ada: Member) -> None:
    _row, text = make(ada, name="Buy cheap pills")
    (_letter, said), *_more = letters.all_letters()
    assert said.to == "ada@example.org"
    assert "/tokens/" in said.text
    assert "pills" not in said.text
    assert text not in said.text
    assert text not in str(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.filter(act="made-token", actor=f"member:{ada.pk}").exists()


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"name": " \u202e "}, tokens.TokenNameless),
        ({"scopes": []}, tokens.TokenUnlimited),
        ({"scopes": ["panel:open"]}, tokens.TokenUnlimited),
        ({"scopes": ["me:read", "everything"]}, tokens.TokenUnlimited),
        ({"days": 36500}, tokens.TokenUnlimited),
        ({"days": 0}, tokens.TokenUnlimited),
    ],
    ids=["no name", "no scope", "unknown scope", "one unknown", "for ever", "no day"],
)
def test_a_token_has_a_name_scopes_that_there_are_and_an_end(
    ada: Member, more: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        make(ada, **more)
    assert not Token.objects.exists()


def test_a_member_has_only_so_many_tokens_at_once(ada: Member, settings: Settings) -> None:
    settings.TOKENS_MAX = 2
    first, _text = make(ada)
    make(ada)
    with pytest.raises(tokens.EnoughTokens):
        make(ada)
    tokens.revoke(ada, first.public_id)
    make(ada)


def test_the_frozen_make_no_token(ada: Member) -> None:
    ada.frozen_at = clock.now()
    with pytest.raises(people.Frozen):
        make(ada)


@pytest.mark.parametrize(
    "text", ["", "leumund_", "leumund_nonsense", "x" * 5000, "leumund_" + "ü" * 43, "\x00", "\ud800"]
)
def test_what_is_no_token_is_refused(db: None, text: str) -> None:
    with pytest.raises(tokens.TokenRefused):
        tokens.recognise(text)


def test_a_token_ends_when_it_was_said_to(ada: Member) -> None:
    _row, text = make(ada, days=30)
    with clock.at(clock.now() + 29 * DAY):
        tokens.recognise(text)
    with clock.at(clock.now() + 30 * DAY), pytest.raises(tokens.TokenRefused):
        tokens.recognise(text)


def test_a_revoked_token_works_no_longer_and_others_go_on(ada: Member) -> None:
    row, text = make(ada)
    _other, another = make(ada)
    tokens.revoke(ada, row.public_id)
    with pytest.raises(tokens.TokenRefused):
        tokens.recognise(text)
    tokens.recognise(another)
    assert [one.prefix for one in tokens.of(ada)] == [another[: tokens.PREFIX_CHARACTERS]]


@pytest.mark.parametrize("whose", ["another's", "nobody's", "revoked before"])
def test_nobody_revokes_what_is_not_theirs(ada: Member, bo: Member, whose: str) -> None:
    row, text = make(bo)
    number = row.public_id if whose == "another's" else uuid.uuid4()
    if whose == "revoked before":
        number = make(ada)[0].public_id
        tokens.revoke(ada, number)
    with pytest.raises(tokens.NoSuchToken):
        tokens.revoke(ada, number)
    assert tokens.recognise(text).member == bo


def test_tokens_of_the_frozen_sleep_and_of_the_thawed_wake(ada: Member) -> None:
    _row, text = make(ada)
    Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
    with pytest.raises(tokens.TokenAsleep):
        tokens.recognise(text)
    Member.objects.filter(pk=ada.pk).update(frozen_at=None)
    assert tokens.recognise(text).member == ada


@pytest.mark.parametrize("how", ["account closed", "member gone", "never confirmed"])
def test_tokens_of_those_who_left_are_refused(ada: Member, how: str) -> None:
    _row, text = make(ada)
    assert ada.account is not None
    if how == "account closed":
        ada.account.is_active = False
        ada.account.save()
    elif how == "member gone":
        ada.account.delete()
    else:
        Member.objects.filter(pk=ada.pk).update(confirmed_at=None)
    with pytest.raises(tokens.TokenRefused):
        tokens.recognise(text)


def test_the_day_of_the_last_use_is_kept_and_not_the_moment(ada: Member) -> None:
    row, text = make(ada)
    assert row.used_on is None
    tokens.recognise(text)
    row.refresh_from_db()
    assert row.used_on == clock.today()
    with clock.at(clock.now() + timedelta(days=1)):
        tokens.recognise(text)
        row.refresh_from_db()
        assert row.used_on == clock.today()


def test_ended_tokens_are_forgotten_after_a_month(ada: Member) -> None:
    revoked, _text = make(ada)
    make(ada, days=365)
    tokens.revoke(ada, revoked.public_id)
    assert tokens.forget() == 0
    with clock.at(clock.now() + 31 * DAY):
        assert tokens.forget() == 1
    assert Token.objects.count() == 1
