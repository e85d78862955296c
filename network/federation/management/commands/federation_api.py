"""`manage.py federation_api`: what other servers may ask of us, as OpenAPI, in docs/openapi-federation.yaml."""

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

FILE = settings.BASE_DIR / "docs" / "openapi-federation.yaml"
ABOUT = {
    "TITLE": "Leumund: federation",
    "DESCRIPTION": "What other servers may ask of a Leumund server. People use the pages.",
    "VERSION": settings.SOFTWARE_VERSION,
}
"""Settings of drf-spectacular for this one description."""


class Command(BaseCommand):
    help = "Write docs/openapi-federation.yaml; with --check, only say whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if the file is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        text = described()
        if not options["check"]:
            FILE.write_text(text)
        elif not FILE.exists() or FILE.read_text() != text:
            raise CommandError(f"{FILE.name} is out of date: run manage.py federation_api.")


def described() -> str:
    """The description in YAML; a door that it cannot describe is an error."""
    said = StringIO()
    call_command(
        "spectacular",
        urlconf="network.federation.negotiated",
        custom_settings=f"{__name__}.ABOUT",
        fail_on_warn=True,
        validate=True,
        stdout=said,
    )
    return said.getvalue()
