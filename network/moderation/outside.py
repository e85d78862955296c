"""Notices of people without an account (DSA Art. 16): by the exact address of what they mean, with a reason.

A notice waits in the queue like any report. It weighs nothing by itself, since nobody here stands behind it; the same
person and the same thing in an open case are one notice. Name and address are sealed and nobody but moderators who may
decide the case reads them; they go when nobody can object any more (`forget`).
"""

import hashlib
import hmac
import ipaddress
import re
import secrets
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import people
from accounts.models import Member
from foundation import clock, jobs, ratelimit, retention, sealing, wording
from foundation.refusals import Invalid, NotThere, Refusal
from network.moderation import evidence, reports
from network.moderation.models import AppealState, Notifier, Report, SourceKind, State
from network.moderation.models.outside import where
from vetting import vouches

NAME_MAX_CHARACTERS = 120
URL_MAX_CHARACTERS = 500
TOKEN_BYTES = 24
_PAGE = re.compile(r"/@([A-Za-z0-9_]{1,30})(?:/.*)?")
_VOUCH = re.compile(r"/credentials/([A-Za-z0-9_-]{20,64})(?:/.*)?")


class NothingAtThatAddress(Invalid):
    code = "notice-address"
    message = _(
        "We find nothing that everybody can see at this address. Copy it from your browser, beginning with %(site)s."
        " If what you mean is not public, write to us: the Impressum says where."
    )


class NotSaidInGoodFaith(Invalid):
    code = "notice-good-faith"
    message = _("Please confirm that what you say is accurate and complete as far as you know.")


class NameAndMailNeeded(Invalid):
    code = "notice-name"
    message = _(
        "Please give your name and an e-mail address, so that we can answer. You may leave them out only if it is about"
        " the sexual abuse of children."
    )


class NoSuchNotice(NotThere):
    code = "no-such-notice"
    message = _("This link works no longer. The newest letter about your report has one that does.")


class Thing(NamedTuple):
    """What stands at an address, as everybody sees it."""

    about: Member
    kind: SourceKind
    source: str
    kept: evidence.Kept


def give(
    url: str, *, words: str, name: str, email: str, unnamed: bool, good_faith: bool, language: str, network: str
) -> Report:
    """Moderators have a case about whoever answers for what stands at `url`; a receipt is on its way.

    `unnamed`: about an offence of which the law lets one report without a name. `network`: the address the notice came
    from, which is counted and not kept. The same person about the same thing in an open case is once. Raises
    `NotSaidInGoodFaith`, `NameAndMailNeeded`, `ReportWordsNeeded`, `NothingAtThatAddress`, `TooMany`, `NotNow`.
    """
    if not good_faith:
        raise NotSaidInGoodFaith
    text, person = reports.checked(words), _checked(name, email, unnamed=unnamed)
    _count(network, person[1])
    thing = find(url)
    with transaction.atomic():
        case = reports.open_case(thing.about)
        key = _key(person[1]) if person[1] else ""
        same = case.reports.filter(source_kind=thing.kind, notifier__address_key=key, evidence=thing.kept)
        before = same.exclude(notifier__address_key="").first()
        if before:
            return before
        notifier = _keep(url, *person, key=key, unnamed=unnamed, language=language)
        values = {"source_kind": thing.kind, "source": thing.source, "evidence": thing.kept, "words": text}
        made = Report.objects.create(
            case=case, notifier=notifier, key=str(notifier.public_id), at=clock.now(), **values
        )
        jobs.announce("report-arrived", {"report": made.pk})
    return made


def find(url: str) -> Thing:
    """What an address of this server shows to everybody. Raises `NothingAtThatAddress`."""
    parts = urlsplit(url.strip()[:URL_MAX_CHARACTERS]) if _is_address(url) else None
    path = parts.path if parts and parts.netloc.lower() in _hosts() else ""
    try:
        if page := _PAGE.fullmatch(path):
            about = people.by_handle(page[1].lower())
            return Thing(about, SourceKind.MEMBER, "", evidence.of_member(about, seen_by=None))
        if vouch := _VOUCH.fullmatch(path):
            row = vouches.by_token(vouch[1])
            if row.is_live(clock.now()):
                return Thing(row.voucher, SourceKind.VOUCH, "", evidence.of_vouch(row))
    except Refusal:
        pass
    raise NothingAtThatAddress(site=settings.SITE_URL)


def new_token(notifier: Notifier) -> str:
    """The secret of a letter; the one of an earlier letter opens nothing any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Notifier.objects.filter(pk=notifier.pk).update(token_hash=_hash(token))
    return token


def by_token(token: str) -> Notifier:
    """Raises `NoSuchNotice`."""
    found = Notifier.objects.filter(token_hash=_hash(token)).select_related("report__case").first()
    if found is None:
        raise NoSuchNotice
    return found


@retention.keeps(
    "notifiers",
    setting="APPEAL_DAYS",
    what=_("Name and address of whoever reported without an account, after the decision"),
)
def forget(before: datetime) -> None:
    """Nobody can object any more; where an appeal waits, they stay."""
    done = Notifier.objects.filter(~Q(report__case__state=State.OPEN), report__case__decided_at__lt=before)
    waiting = done.filter(report__case__appeals__state=AppealState.OPEN).values("pk")
    blank = {"sealed_name": "", "sealed_email": "", "address_key": "", "token_hash": ""}
    Notifier.objects.filter(pk__in=done.exclude(pk__in=waiting).values("pk")).update(**blank)


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme in ("http", "https")
    except ValueError:
        return False


def _hosts() -> set[str]:
    return {str(settings.SITE_HOST).lower(), urlsplit(settings.SITE_URL).netloc, urlsplit(settings.PAGES_URL).netloc}


def _checked(name: str, email: str, *, unnamed: bool) -> tuple[str, str]:
    named = " ".join(wording.clean(name).split())[:NAME_MAX_CHARACTERS]
    address = email.strip()
    try:
        if address or not unnamed:
            validate_email(address)
    except ValidationError:
        raise NameAndMailNeeded from None
    if not named and not unnamed:
        raise NameAndMailNeeded
    return named, address


def _count(network: str, email: str) -> None:
    """By network address (of IPv6 the /64), and by mail address, so that nobody's letter box is flooded."""
    ratelimit.hit("notice", _network(network), limit=settings.NOTICES_AN_HOUR, per_s=3600)
    if email:
        ratelimit.hit("notice-mail", email.lower(), limit=settings.NOTICES_AN_HOUR, per_s=3600)


def _network(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((read, 64), strict=False)) if read.version == 6 else str(read)


def _keep(url: str, name: str, email: str, *, key: str, unnamed: bool, language: str) -> Notifier:
    notifier = Notifier(
        at=clock.now(), url=url.strip()[:URL_MAX_CHARACTERS], address_key=key, unnamed=unnamed, language=language
    )
    notifier.sealed_name = sealing.seal(name.encode(), where=where(notifier, "name")) if name else ""
    notifier.sealed_email = sealing.seal(email.encode(), where=where(notifier, "email")) if email else ""
    notifier.save(force_insert=True)
    return notifier


def _key(email: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"notifier:{email.lower()}".encode(), hashlib.sha256).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
