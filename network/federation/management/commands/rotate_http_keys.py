"""`manage.py rotate_http_keys`: fresh RSA keys for HTTP signatures, the house's, one member's, or everybody's."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Member
from network.federation import http_keys


class Command(BaseCommand):
    help = "Make fresh keys for HTTP signatures. Other servers look again by themselves and find them."

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--house", action="store_true", help="the instance actor's")
        whose.add_argument("--member", metavar="HANDLE", help="one member's")
        whose.add_argument("--all", action="store_true", help="the house's and that of every member who has one")

    def handle(self, *args: Any, **options: Any) -> None:
        owners = self._owners(options)
        for owner in owners:
            http_keys.rotate(owner)
        self.stdout.write(f"Fresh keys: {len(owners)}.")

    def _owners(self, options: dict[str, Any]) -> list[Member | None]:
        if options["house"]:
            return [None]
        members = Member.objects.filter(host="")
        if options["all"]:
            return [None, *members.filter(http_keys__retired_at=None, http_keys__isnull=False).order_by("pk")]
        found = members.filter(handle=options["member"].lower()).first()
        if found is None:
            raise CommandError("There is nobody of this handle here.")
        return [found]
