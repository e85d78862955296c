"""What a credential proves, in plain words: by itself, and by what this server knows of its own vouches.

Nobody is asked but our own rows; nothing is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Key
from foundation import did
from foundation.refusals import Refusal
from foundation.signing import Document, Unproven
from frontend import vouches_shown
from vetting import credentials, vouches
from vetting.credentials import Party, Verified


class NotIssuedHere(Unproven):
    code = "credential-not-ours"
    message = _("It names an address on this server, but this server never issued it.")


class NotTheirKey(Unproven):
    code = "credential-not-their-key"
    message = _("It names the page of a member here, but that member's key did not sign it.")


@dataclass(frozen=True)
class Verdict:
    """`proved` is None if it is not genuine, and `why` says so. `ours`: issued here, so whether it still stands is
    known. `list_trouble`: why the list that came along told nothing."""

    proved: Verified | None
    why: str = ""
    ours: bool = False
    list_trouble: str = ""

    @property
    def place(self) -> str:
        """Where the two worked together."""
        return vouches_shown.place_of(vars(self.proved.context)) if self.proved else ""


def judge(raw: bytes, status: bytes, *, now: datetime) -> Verdict:
    """The verdict on a credential, perhaps with a list of withdrawn vouches (empty: none)."""
    try:
        document = credentials.read(raw)
        proved = credentials.verify(document, now=now)
        ours = _is_ours(document)
        _check_pages(proved.issuer, proved.subject)
    except Refusal as refusal:
        return Verdict(None, str(refusal))
    return Verdict(proved, ours=ours) if ours or not status else _by_list(document, status, proved, now)


def _by_list(document: Document, status: bytes, proved: Verified, now: datetime) -> Verdict:
    try:
        return Verdict(credentials.verify(document, now=now, status=credentials.read(status)))
    except credentials.Withdrawn as refusal:
        return Verdict(None, str(refusal))
    except Refusal as refusal:
        return Verdict(proved, list_trouble=str(refusal))


def _is_ours(document: Document) -> bool:
    """Issued here and not withdrawn. Raises `NotIssuedHere`, `Withdrawn`; False for what names another server."""
    if not _is_here(document["id"]):
        return False
    token = urlsplit(document["id"]).path.removeprefix("/credentials/").removesuffix("/")
    try:
        row = vouches.by_token(token)
    except vouches.NotYourVouch:
        raise NotIssuedHere from None
    if row.credential != document:
        raise NotIssuedHere
    if row.withdrawn_at:
        raise credentials.Withdrawn
    return True


def _check_pages(*parties: Party) -> None:
    """Whoever claims a page on this server has the key of its member."""
    for party in parties:
        if _is_here(party.actor):
            handle = urlsplit(party.actor).path.strip("/").removeprefix("@")
            named = Key.objects.filter(member__handle=handle, member__host="", public=did.key_in(party.did))
            if not named.exists():
                raise NotTheirKey


def _is_here(address: str) -> bool:
    return urlsplit(address).netloc.lower() == settings.SITE_HOST.lower()
