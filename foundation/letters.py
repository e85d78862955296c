"""Mail: a sealed row, and a job that sends it. The Message-ID comes from the row, so a repeat is seen to be one."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.utils import getaddresses
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from foundation import clock, jobs, retention, sealing, wording
from foundation.models import Letter
from foundation.refusals import Invalid

LANE = "mail"
SEND_LIMIT_S = 15  # two sockets' time-outs and some; its lease is three times that, under a minute
SUBJECT_MAX_CHARACTERS = 150
NAME_MAX_CHARACTERS = 60

BLANK = {"sealed_to": "", "sealed_subject": "", "sealed_body": ""}

_fleeting: set[str] = set()
_NOT_OF_A_NAME = re.compile(r"[^\w .'’&+-]")


class NoAddress(Invalid):
    code = "no-address"
    message = _("This is not an e-mail address we can write to.")


class Text(NamedTuple):
    """A letter, opened."""

    to: str
    subject: str
    text: str
    html: str | None
    unsubscribe: str = ""


def write(
    to: str,
    subject: str,
    text: str,
    *,
    html: str | None = None,
    kind: str,
    reader: str = "",
    held: bool = False,
    unsubscribe: str = "",
) -> Letter:
    """A letter will be sent once this transaction is committed; nobody can read it in the database.

    `to` is an address or `Name <address>`; line breaks, control and bidirectional characters in it and in the
    subject are dropped. `reader` is the plain id of whom it is for. `held`: it waits for `release` or `blank`.
    `unsubscribe`: an address where one POST ends letters of this sort, with nobody signed in (RFC 8058).
    Raises `NoAddress`.
    """
    letter = Letter(kind=kind, reader=reader, made_at=clock.now())
    letter.sealed_to = _seal(letter, "to", _addressed(to))
    letter.sealed_subject = _seal(letter, "subject", one_line(subject)[:SUBJECT_MAX_CHARACTERS])
    letter.sealed_body = _seal(letter, "body", json.dumps({"text": text, "html": html, "unsubscribe": unsubscribe}))
    letter.save(force_insert=True)
    if not held:
        release(letter)
    return letter


def release(letter: Letter) -> None:
    """It will be sent once this transaction is committed."""
    jobs.add("letter", {"letter": letter.pk})


def blank(letter: Letter) -> None:
    """To whom it was and what it said is gone; that it was written stays."""
    Letter.objects.filter(pk=letter.pk).update(**BLANK)


def blank_all(reader: str) -> None:
    """Whatever was written to that reader is blank, and what was not sent yet is not sent any more."""
    Letter.objects.filter(reader=reader).update(**BLANK)


def fleeting(kind: str) -> None:
    """Letters of this kind are blank as soon as they are sent: their reader's address is nowhere else in the house."""
    _fleeting.add(kind)


def text_of(letter: Letter) -> Text:
    """What the letter says; a blanked one is empty. Raises `sealing.Broken`, `sealing.KeyLost`."""
    body = json.loads(_open(letter, "body") or "{}")
    return Text(
        _open(letter, "to"),
        _open(letter, "subject"),
        body.get("text", ""),
        body.get("html"),
        body.get("unsubscribe", ""),
    )


def all_letters() -> Iterator[tuple[Letter, Text]]:
    """Every letter, newest first. For the demo's page, which is on loopback only."""
    for letter in Letter.objects.order_by("-made_at", "-id")[:1000]:
        yield letter, text_of(letter)


@jobs.handles("letter", lane=LANE, time_limit_s=SEND_LIMIT_S, deadline=settings.MAIL_DEADLINE, outside=True)
def send(letter: str) -> None:
    """Hand the letter to the mail server; sent or blanked already, or erased, nothing happens."""
    row = Letter.objects.filter(pk=letter, sent_at=None).first()
    if row is None or not row.sealed_body:
        return
    message(row).send()
    forgotten = BLANK if row.kind in _fleeting and not settings.DEMO else {}
    Letter.objects.filter(pk=row.pk).update(sent_at=clock.now(), **forgotten)


@retention.keeps("letters", setting="LETTER_BODY_DAYS", what=_("Text and address of the letters we sent"))
def forget_before(before: datetime) -> None:
    forget()


def forget() -> None:
    """Letters older than LETTER_BODY_DAYS are empty: that they were sent stays, to whom and what does not."""
    if settings.DEMO:
        return
    before = clock.now() - timedelta(days=settings.LETTER_BODY_DAYS)
    old = Letter.objects.filter(made_at__lt=before).exclude(sealed_body="")
    old.update(**BLANK)


def message(letter: Letter) -> EmailMultiAlternatives:
    """The mail as it goes out: text, perhaps HTML, and headers that answering machines leave alone (RFC 3834)."""
    said = text_of(letter)
    headers = {
        "Message-ID": f"<{letter.pk}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if said.unsubscribe:
        headers |= {"List-Unsubscribe": f"<{said.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = EmailMultiAlternatives(said.subject, said.text, to=[said.to], headers=headers)
    if said.html:
        mail.attach_alternative(said.html, "text/html")
    return mail


def one_line(text: str) -> str:
    """`text` fit for a header: cleaned, all white space single spaces, and no encoded word (RFC 2047) begins in it."""
    return " ".join(wording.clean(text).replace("=?", "= ?").split())


class Pigeonhole(BaseEmailBackend):
    """For laptops: takes every letter and sends none. The letters page reads the sealed rows."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)


def _addressed(to: str) -> str:
    """`to` with nothing in it but one address, and a name that cannot pass for anything else."""
    try:
        ((name, address),) = getaddresses([one_line(to)])
        validate_email(address)
    except (ValueError, ValidationError):
        raise NoAddress from None
    name = " ".join(_NOT_OF_A_NAME.sub(" ", name).split())[:NAME_MAX_CHARACTERS]
    return str(Address(display_name=name, addr_spec=address)) if name else address


def _seal(letter: Letter, part: str, text: str) -> str:
    return sealing.seal(text.encode(), where=_where(letter, part))


def _open(letter: Letter, part: str) -> str:
    sealed: str = getattr(letter, f"sealed_{part}")
    return sealing.open_(sealed, where=_where(letter, part)).decode() if sealed else ""


def _where(letter: Letter, part: str) -> str:
    return f"foundation_letter:{part}:{letter.pk}"


sealing.registers(Letter, "sealed_to", where=partial(_where, part="to"))
sealing.registers(Letter, "sealed_subject", where=partial(_where, part="subject"))
sealing.registers(Letter, "sealed_body", where=partial(_where, part="body"))
