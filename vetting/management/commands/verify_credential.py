"""`manage.py verify_credential FILE`: is this vouch genuine? Asks no database and nobody."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import clock, rfc3339, strict_json
from foundation.refusals import Forged
from foundation.signing import Document
from foundation.strict_json import Unreadable
from vetting import credentials, status_list
from vetting.credentials import Party, Shared, Verified

GENUINE, FORGED, UNREADABLE = 0, 1, 2
"""What the shell is told."""


class Command(BaseCommand):
    help = (
        "Verify a public vouch that was saved as a file, offline: who vouches for whom, for what, until when."
        f" Ends with {GENUINE} if it is genuine, {FORGED} if not, {UNREADABLE} if a file cannot be read."
    )
    requires_system_checks: list[str] = []  # they may ask the database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the credential, as JSON")
        parser.add_argument("--status", type=Path, help="the list of withdrawn vouches, as its server published it")

    def handle(self, *_args: Any, **options: Any) -> None:
        document = _read(options["file"], most_bytes=strict_json.MOST_BYTES)
        listed = options["status"] and _read(options["status"], most_bytes=2 * status_list.MOST_BYTES)
        try:
            verified = credentials.verify(document, now=clock.now(), status=listed)
        except Forged as refusal:
            raise CommandError(f"Not genuine: {refusal}", returncode=FORGED) from None
        self.stdout.write("\n".join(_told(verified)))


def _read(path: Path, *, most_bytes: int) -> Document:
    """Never more than one byte too many is read."""
    try:
        with path.open("rb") as file:
            return strict_json.read(file.read(most_bytes + 1), most_bytes=most_bytes)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=UNREADABLE) from None
    except Unreadable as refusal:
        raise CommandError(f"{path}: {refusal}", returncode=UNREADABLE) from None


def _told(verified: Verified) -> list[str]:
    return [
        f"Genuine: {verified.issuer.name} vouches for {verified.subject.name}, who has countersigned.",
        f"  by       {_party(verified.issuer)}",
        f"  for      {_party(verified.subject)}",
        f"  context  {_context(verified.context)}",
        f"  says     {verified.statement}",
        f"  valid    {rfc3339.write(verified.valid_from)} until {rfc3339.write(verified.valid_until)}",
        f"  status   {_status(verified)}",
        "What is proved: the holders of these two keys signed these words. That the keys are those of the pages named",
        "is for the pages to say.",
    ]


def _party(party: Party) -> str:
    return f"{party.did} ({party.actor})"


def _context(context: Shared) -> str:
    unit = f", {context.unit}" if context.unit else ""
    until = f"until {context.ends}" if context.ends else "to this day"
    return f"{context.kind} at {context.organisation}{unit}, from {context.starts} {until}"


def _status(verified: Verified) -> str:
    if verified.as_of is None:
        return "unknown: whether it was withdrawn stands in its list (--status)"
    return f"not withdrawn, by the list of {rfc3339.write(verified.as_of)}"
