"""`manage.py prove_audit`: the audit log is walked from its first line; what does not follow is named."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import audit_chain
from foundation.audit_chain import Link


class Command(BaseCommand):
    help = (
        "Recompute every hash of the audit log; name what was changed, taken out or slipped in, and end with 1 if"
        " anything was. What a chain alone cannot show: lines missing from its end, or a chain made anew as a whole."
        " Hence --head: the last number and hash as they were last time, kept by you where the server cannot write."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            type=Path,
            metavar="FILE",
            help="compare with the head in FILE if it is there; if nothing is wrong, FILE holds the one of now",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        file: Path | None = options["head"]
        kept = _read(file)
        last, wrong = Link(0, audit_chain.GENESIS), list(audit_chain.loose())
        for link in audit_chain.walk():
            wrong += [link.wrong] if link.wrong else []
            if kept and link.number == kept.number and link.hash != kept.hash:
                wrong.append(f"link {link.number} is another than it was")
            last = link
        if kept and kept.number > last.number:
            wrong.append(f"link {kept.number}, the last one then, is missing")
        for words in wrong:
            self.stderr.write(words)
        if wrong:
            raise CommandError(f"Of {last.number} lines of the audit log something does not hold: {len(wrong)} breaks.")
        _keep(file, last)
        self.stdout.write(f"{last.number} lines of the audit log hold.")


def _read(file: Path | None) -> Link | None:
    if file is None or not file.exists():
        return None
    try:
        number, hash_ = file.read_text("ascii").split()
        return Link(int(number), bytes.fromhex(hash_))
    except (OSError, ValueError):
        raise CommandError(f"{file}: this is no head of the audit log.") from None


def _keep(file: Path | None, last: Link) -> None:
    if file:
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_text(f"{last.number} {last.hash.hex()}\n", encoding="ascii")
        fresh.replace(file)
