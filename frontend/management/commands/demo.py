"""`manage.py demo` founds the demo town once; `--cast` says who can sign in; `--town two` is a small one beside it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.refusals import Refusal
from frontend.management.town import cast, founding, second
from frontend.management.town.careers import Person
from frontend.management.town.cast import PASSWORD

TOWNS = {"one": (cast.CAST, cast.SAYS_WHO), "two": (second.CAST, second.SAYS_WHO)}
TELLERS = {"one": founding.deeds, "two": second.deeds}


class Command(BaseCommand):
    help = "Found the demo town: about 200 invented members and a year of their story. Only with DEMO=1, only once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--town", choices=TOWNS, default="one", help="two: a small town beside the first")
        parser.add_argument("--cast", action="store_true", help="only print the sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cast"]:
            return self._print_cast(TOWNS[options["town"]])
        try:
            founded = founding.found(TELLERS[options["town"]])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("The demo town is founded." if founded else "The demo town is there already.")
        return None

    def _print_cast(self, town: tuple[tuple[Person, ...], dict[str, str]]) -> None:
        """Who can sign in, if the town is there: each with the one password they share."""
        if not founding.is_there():
            raise CommandError("There is no demo town here; manage.py demo founds it.")
        self.stdout.write(f"The cast (everybody's password: {PASSWORD})")
        people, says_who = town
        for person in people:
            self.stdout.write(f"  {person.mail:<28} {person.name:<20} {says_who[person.handle]}")
