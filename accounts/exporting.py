"""Everything of a member's own, to take along: documented JSON and files in one ZIP (docs/export.md).

Each wing says what it keeps of a member (`part`), or why that is not the member's to take (`leaves_out`); a test holds
every table with members in it to one of the two. A part tells what its member sees on their own pages, and no more.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import keys, ties
from accounts.models import Export, Member
from foundation import clock, jobs, letters, quotas, rfc3339, sealing
from foundation.refusals import NotThere, TooOften

KIND = "export-ready"
SUBJECT = _("What you asked to take along is ready")
VERSION = 1
"""Of the format: counts up when a field changes its meaning or goes (docs/export.md)."""

Part = Callable[[Member], Any]
Files = Callable[[Member], Iterable[tuple[str, str]]]
PARTS: dict[str, Part] = {}
FILES: list[Files] = []
TABLES: dict[str, str] = {}
LEFT_OUT: dict[str, str] = {}


class ExportedToday(TooOften):
    code = "exported-today"
    message = _("You have asked for an export today. Ask again tomorrow.")


class NoSuchExport(NotThere):
    code = "no-such-export"
    message = _("There is nothing to fetch: it was fetched already, it has run out, or it is not made yet.")


# ── what the wings say ──────────────────────────────────────────────────────
def part(name: str, *tables: str) -> Callable[[Part], Part]:
    """The decorated function gives what goes into `NAME.json`; it stands for these tables (`app.Model`)."""

    def enter(work: Part) -> Part:
        PARTS[name] = work
        TABLES.update(dict.fromkeys(tables, name))
        return work

    return enter


def files(work: Files) -> Files:
    """The decorated function gives more files: path in the ZIP, and text."""
    FILES.append(work)
    return work


def leaves_out(table: str, why: str) -> None:
    """Rows of that table are not taken along."""
    LEFT_OUT[table] = why


def rows(found: Iterable[models.Model], *fields: str) -> list[dict[str, Any]]:
    """Each row as an object of these fields: people by their address, moments as RFC 3339."""
    return [{name.rsplit("__", 1)[0]: plain(_value(row, name)) for name in fields} for row in found]


def _value(row: Any, name: str) -> Any:
    for step in name.split("__"):
        row = getattr(row, step) if row is not None else None
    return row


def plain(value: Any) -> Any:
    if isinstance(value, Member):
        return value.address
    if isinstance(value, datetime):
        return rfc3339.write(value)
    if isinstance(value, date | UUID):
        return str(value)
    return value


# ── asked for, made, fetched ────────────────────────────────────────────────
def last(member: Member) -> Export | None:
    """The export that was asked for last, if it has not run out."""
    since = clock.now() - timedelta(days=settings.EXPORT_DAYS)
    return Export.objects.filter(member=member, asked_at__gt=since).order_by("-asked_at").first()


def is_ready(export: Export) -> bool:
    return bool(export.sealed)


@transaction.atomic
def ask(member: Member) -> Export:
    """A worker makes an export of everything; a letter says when it is there. Raises `ExportedToday`."""
    ties.lock(member)
    try:
        quotas.spend("exports", str(member.pk), limit=1)
    except quotas.QuotaSpent as spent:
        raise ExportedToday(again_at=spent.again_at) from None
    export = Export.objects.create(member=member, asked_at=clock.now())
    jobs.add("export-make", {"export": export.pk})
    return export


@transaction.atomic
def make(export: Export) -> None:
    """It lies ready, sealed under the member's key. Twice is once; of who has left nothing is made."""
    member = export.member
    if export.made_at or member.left_at or not member.data_key:
        return
    sealed = sealing.seal(packed(member), where=_where(export), key=keys.data_key(member))
    Export.objects.filter(pk=export.pk).update(sealed=sealed, made_at=clock.now())
    if member.account:
        values = {"link": f"{settings.SITE_URL}/settings/export/", "site": settings.SITE_NAME}
        with translation.override(member.language):
            text = render_to_string("mail/export_ready.txt", values)
            letters.write(member.account.email, str(SUBJECT), text, kind=KIND, reader=str(member.public_id))


@transaction.atomic
def fetch(member: Member, public_id: UUID) -> bytes:
    """The ZIP, this once: nothing of it is kept here from now on. Raises `NoSuchExport`, alike for another's."""
    since = clock.now() - timedelta(days=settings.EXPORT_DAYS)
    mine = Export.objects.select_for_update().filter(member=member, public_id=public_id, asked_at__gt=since)
    export = mine.exclude(sealed="").first()
    if export is None:
        raise NoSuchExport
    data = sealing.open_(export.sealed, where=_where(export), key=keys.data_key(member))
    Export.objects.filter(pk=export.pk).update(sealed="", fetched_at=clock.now())
    return data


def packed(member: Member) -> bytes:
    """The ZIP: `about.json`, a file a part, and files."""
    parts = {name: work(member) for name, work in sorted(PARTS.items())}
    about = {"format": VERSION, "of": member.address, "made": plain(clock.now()), "parts": sorted(parts)}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"about": about, **parts}.items():
            archive.writestr(f"{name}.json", json.dumps(content, ensure_ascii=False, indent=2))
        for work in FILES:
            for path, text in work(member):
                archive.writestr(path, text)
    return held.getvalue()


def _where(export: Export) -> str:
    return f"accounts_export:sealed:{export.public_id}"
