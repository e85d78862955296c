"""Tokens of the API: made, shown once, recognised, revoked. A member lists their own; nobody else ever sees them."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import people, ties
from accounts.models import Member, Scope, Token
from foundation import audit, clock, letters, wording
from foundation.refusals import Forbidden, Forged, Invalid, NotThere, TooOften

MARK = "leumund_"
"""How every token begins, so that a search for leaked secrets finds it."""
TOKEN_BYTES = 32
PREFIX_CHARACTERS = len(MARK) + 6
LONGEST = 100
DAYS = (30, 90, 365)
"""How long a token may work, as its member chooses: none works for ever."""


class TokenRefused(Forged):
    """One answer for tokens that are unknown, revoked, or have run out, and for members who have left."""

    code = "token-refused"
    message = gettext_lazy("This token is unknown, revoked, or has run out.")


class TokenAsleep(Forbidden):
    code = "token-of-frozen"
    message = gettext_lazy("Your account is frozen while moderators look into a report. Tokens do not work meanwhile.")


class TokenNameless(Invalid):
    code = "token-nameless"
    message = gettext_lazy("Give the token a name by which you will know it again.")


class TokenUnlimited(Invalid):
    code = "token-unlimited"
    message = gettext_lazy("Choose what the token may do, and how long it works.")


class EnoughTokens(TooOften):
    code = "tokens-enough"
    message = gettext_lazy("You have %(limit)d tokens that work. Revoke one first.")


class NoSuchToken(NotThere):
    code = "no-such-token"
    message = gettext_lazy("There is no such token of yours.")


def _hash(token: str) -> str:
    """Unsalted and fast is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _working() -> QuerySet[Token]:
    return Token.objects.filter(revoked_at=None, expires_at__gt=clock.now())


@transaction.atomic
def make(member: Member, *, name: str, scopes: Sequence[str], days: int) -> tuple[Token, str]:
    """A new token, which is shown this once and kept nowhere; a letter tells its member.

    The page that calls this has asked for the password or a factor anew. Raises `Frozen`, `TokenNameless`,
    `TokenUnlimited`, `EnoughTokens`.
    """
    people.check_may_act(member)
    called = " ".join(wording.clean(name).split())[:60]
    if not called:
        raise TokenNameless
    wanted = [scope.value for scope in Scope if scope in scopes]
    if not wanted or len(wanted) != len(set(scopes)) or days not in DAYS:
        raise TokenUnlimited
    ties.lock(member)
    if _working().filter(member=member).count() >= settings.TOKENS_MAX:
        raise EnoughTokens(limit=settings.TOKENS_MAX)
    text = MARK + secrets.token_urlsafe(TOKEN_BYTES)
    token = Token.objects.create(
        member=member,
        name=called,
        prefix=text[:PREFIX_CHARACTERS],
        token_hash=_hash(text),
        scopes=wanted,
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days),
    )
    audit.note(f"member:{member.pk}", "made-token", f"token:{token.pk}", detail={"scopes": wanted, "days": days})
    _tell(member)
    return token, text


def _tell(member: Member) -> None:
    """A letter, without the name of the token, which whoever made it has chosen."""
    assert member.account is not None
    with translation.override(member.language):
        values = {
            "sentence": _(
                "A program can act for you through it, as far as you allowed. If you did not make it, revoke it and"
                " change your password."
            ),
            "url": f"{settings.SITE_URL}/tokens/",
            "site": settings.SITE_NAME,
        }
        subject = _("A token for your account was made")
        letters.write(member.account.email, subject, render_to_string("mail/notice.txt", values), kind="token-made")


def recognise(text: str) -> Token:
    """The token with its member, if it may be used now; that it was used today is written down.

    Raises `TokenRefused`, `TokenAsleep`.
    """
    if not text.startswith(MARK) or len(text) > LONGEST:
        raise TokenRefused
    known = _working().filter(token_hash=_hash(text), member__account__is_active=True)
    token = known.select_related("member").filter(member__confirmed_at__isnull=False).first()
    if token is None:
        raise TokenRefused
    if token.member.frozen_at is not None:
        raise TokenAsleep
    today = clock.today()
    if token.used_on != today:
        Token.objects.filter(Q(used_on=None) | Q(used_on__lt=today), pk=token.pk).update(used_on=today)
    return token


def of(member: Member) -> QuerySet[Token]:
    """The member's tokens that work, newest first."""
    return _working().filter(member=member).order_by("-made_at", "-pk")


def revoke(member: Member, public_id: UUID) -> None:
    """The member's token works no longer, from the next request on. Raises `NoSuchToken`."""
    now = clock.now()
    if not Token.objects.filter(member=member, public_id=public_id, revoked_at=None).update(revoked_at=now):
        raise NoSuchToken


def forget() -> int:
    """Tokens that ended a month ago are gone; how many."""
    before = clock.now() - timedelta(days=settings.TOKEN_ENDED_DAYS)
    return Token.objects.filter(Q(revoked_at__lt=before) | Q(expires_at__lt=before)).delete()[0]


audit.worded({"made-token": gettext_lazy("made a token for a program")})
