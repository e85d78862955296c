"""One click in a letter: no more of this kind, without signing in (RFC 8058).

The token is signed and bound to one member and one kind; it tells whoever holds the letter nothing but what they can
stop. `GET` of its address changes nothing, since readers of mail fetch links by themselves.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation.refusals import NotThere
from network.notices import wishes
from network.notices.models import Kind

DIGEST = "digest"
"""Stands for every kind that comes in the digest when the button is pressed."""
_SALT = "notices.unsubscribe"


class NoSuchLetter(NotThere):
    code = "no-such-letter"
    message = _("This link belongs to no letter of ours, or its member is gone. Your settings have all switches.")


@dataclass(frozen=True)
class Subscription:
    member: Member
    kind: str

    @property
    def kinds(self) -> list[str]:
        return wishes.in_digest(self.member) if self.kind == DIGEST else [self.kind]

    @property
    def names(self) -> list[str]:
        """What would stop, in words."""
        return [str(Kind(kind).label) for kind in self.kinds]


def address(member: Member, kind: str) -> str:
    token = Signer(salt=_SALT).sign_object([str(member.public_id), kind])
    return f"{settings.SITE_URL}/unsubscribe/{token}/"


def read(token: str) -> Subscription:
    """Whose letters of which kind. Raises `NoSuchLetter` alike for forged tokens and members who are gone."""
    try:
        public_id, kind = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        raise NoSuchLetter from None
    member = Member.objects.filter(public_id=public_id, account__isnull=False).first()
    if member is None or (kind != DIGEST and kind not in Kind.values):
        raise NoSuchLetter
    return Subscription(member, kind)


def stop(token: str) -> None:
    """No more of these letters: whoever holds the letter may say so. Raises `NoSuchLetter`."""
    found = read(token)
    wishes.stop(found.member, found.kinds)
