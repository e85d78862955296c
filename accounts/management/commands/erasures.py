"""Who has left, by number; and after a restore, to erase again who had left since that backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts import leaving


class Command(BaseCommand):
    help = "Print the numbers of members who have left, one a line; --apply FILE erases those of a list again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", metavar="FILE", help="a list that this command printed, or lines of the log")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["apply"]:
            for number in leaving.numbers():
                self.stdout.write(str(number))
            return
        try:
            words = Path(options["apply"]).read_text().split()
            numbers = [UUID(word) for word in words]
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['apply']} is no list of numbers; nothing was changed ({error}).") from None
        again = leaving.again(numbers)
        self.stdout.write(f"{again} of {len(numbers)} were here again, and are being erased.")
