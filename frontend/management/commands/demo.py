"""`manage.py demo` founds the demo town once; `manage.py demo --cast` says who can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.refusals import Refusal
from frontend.management.town import founding
from frontend.management.town.cast import CAST, PASSWORD, SAYS_WHO


class Command(BaseCommand):
    help = "Found the demo town: about 200 invented members and a year of their story. Only with DEMO=1, only once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cast", action="store_true", help="only print the sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cast"]:
            return self._print_cast()
        try:
            founded = founding.found()
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("The demo town is founded." if founded else "The demo town is there already.")
        return None

    def _print_cast(self) -> None:
        """Who can sign in, if the town is there: each with the one password they share."""
        if not founding.is_there():
            raise CommandError("There is no demo town here; manage.py demo founds it.")
        self.stdout.write(f"The cast (everybody's password: {PASSWORD})")
        for person in CAST:
            self.stdout.write(f"  {person.mail:<28} {person.name:<20} {SAYS_WHO[person.handle]}")
