"""`manage.py prove_ledger`: every chain of the ledger is walked from its first line; what does not follow is named."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vetting import chains, heads
from vetting.heads import Unreadable


class Command(BaseCommand):
    help = (
        "Recompute every hash of the ledger and every claim that is still there; name what was changed, and end with 1"
        " if anything was. An erased claim is no break. What a chain alone cannot show: lines missing from its end, or"
        " a chain made anew as a whole, for whoever can write the tables can compute hashes, too. Hence --heads: the"
        " last number and hash of each chain as they were last time, kept by you where the server cannot write."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--heads",
            type=Path,
            metavar="FILE",
            help="compare with the heads in FILE if it is there; if nothing is wrong, FILE holds those of now",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            lines, chained, wrong = self._walk(options["heads"])
        except (OSError, Unreadable) as error:
            raise CommandError(f"{options['heads']}: {error}") from None
        if wrong:
            raise CommandError(f"Of {lines} lines in {chained} chains something does not hold: {wrong} breaks.")
        self.stdout.write(f"{lines} lines of the ledger hold, in {chained} chains.")

    def _walk(self, file: Path | None) -> tuple[int, int, int]:
        """Lines and chains read, and breaks, each of which was named. The file is replaced only if there is none."""
        lines = chained = wrong = 0
        with heads.Book(file) as book:
            for link in chains.walk():
                lines += 1
                chained += link.number == 1
                for words in (*link.wrong, *book.compare(link)):
                    self.stderr.write(words)
                    wrong += 1
            for words in book.rest():
                self.stderr.write(words)
                wrong += 1
            if not wrong:
                book.keep()
        return lines, chained, wrong
