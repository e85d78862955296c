"""Join and confirm: how an account gets its member."""

import re

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import keys, resting
from accounts.models import Account, Door, Member
from foundation import clock, jobs, wording
from foundation.refusals import Conflict, Invalid

HANDLE = re.compile(r"^[a-z0-9](?:[a-z0-9_]{1,28})[a-z0-9]$")
RESERVED = frozenset(
    {
        "about", "abuse", "account", "accounts", "actor", "admin", "administrator", "all", "anonymous", "api", "ask",
        "everyone", "help", "home", "host", "house", "impressum", "info", "inbox", "join", "legal", "leumund",
        "login", "logout", "mail", "me", "member", "members", "moderator", "moderators", "nobody", "null",
        "operator", "postmaster", "privacy", "root", "rules", "security", "server", "settings", "signup", "support",
        "system", "team", "undefined", "vouch", "webmaster", "you",
    }
)  # fmt: skip
_LOOK_RESERVED = frozenset(wording.confusable_handle(handle) for handle in RESERVED)
"""What they look like at a glance: `m0derator` and `adrnin` are as reserved as what they pretend to be."""


class HandleTaken(Conflict):
    code = "handle-taken"
    message = _("This handle is taken. Try another.")


class HandleWrong(Invalid):
    code = "handle-wrong"
    message = _(
        "A handle has 3 to 30 small letters a–z, digits or underscores, and starts and ends with a letter or digit."
    )


class NameWrong(Invalid):
    code = "name-wrong"
    message = _("Write your name in letters, at most 80 of them, without web addresses.")


def check_handle(text: str) -> str:
    """The handle in its kept form, or `HandleWrong`/`HandleTaken`. ASCII only, so nobody can wear another's handle
    in look-alike letters (security.md, threat 24)."""
    handle = text.strip().lower()
    if not text.isascii() or not HANDLE.match(handle):
        raise HandleWrong
    look = wording.confusable_handle(handle)
    if (
        look in _LOOK_RESERVED
        or resting.rests(look)
        or Member.objects.filter(Q(handle=handle) | Q(look=look), host="").exists()
    ):
        raise HandleTaken
    return handle


def check_name(text: str) -> str:
    """The name without control, invisible and bidirectional characters, or `NameWrong`."""
    name = " ".join(wording.clean(text).split())
    if (
        not name
        or len(name) > 80
        or not any(c.isalpha() for c in name)
        or wording.links(name)
        or set("<>@/\\") & set(name)
    ):
        raise NameWrong
    return name


@transaction.atomic
def join(account: Account, *, handle: str, name: str) -> Member:
    """The account has a member with keys and a door. Nobody sees them before the address is confirmed."""
    checked = {"handle": check_handle(handle), "name": check_name(name)}
    try:
        with transaction.atomic():
            language = (translation.get_language() or "en").split("-")[0]
            look = wording.confusable_handle(checked["handle"])
            joined = {"account": account, "joined_at": clock.now(), "language": language, "look": look}
            member = Member.objects.create(**joined, **checked)
    except IntegrityError:
        raise HandleTaken from None
    Door.objects.create(member=member)
    keys.give(member)
    return member


@transaction.atomic
def confirm(member: Member) -> None:
    """The address is proved: the member exists for others from now on. A second call changes nothing."""
    moved = Member.objects.filter(pk=member.pk, confirmed_at=None, left_at=None).update(confirmed_at=clock.now())
    member.refresh_from_db(fields=["confirmed_at"])
    if moved:
        jobs.announce("member-confirmed", {"member": member.pk})
