"""The role that web and workers run as may add to ledger and audit log, and never change or empty them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from foundation import roles


class Command(BaseCommand):
    help = "Print the GRANT statements for ROLE; the owner of the tables runs them after every migration (psql)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")

    def handle(self, *_args: Any, role: str, **_options: Any) -> None:
        for statement in roles.grants(role):
            self.stdout.write(statement)
