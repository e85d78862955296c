"""`manage.py member_api`: what programs of members may ask, as OpenAPI, in docs/openapi.yaml."""

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

FILE = settings.BASE_DIR / "docs" / "openapi.yaml"
ABOUT = {
    "TITLE": "Leumund: the API for members",
    "DESCRIPTION": "What a member can do on the pages, for their own programs and under the same rules: docs/api.md.",
    "VERSION": "1.0.0",
    "SERVERS": [{"url": "/api/v1"}],
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],  # choices stand where they are asked for
}
"""Settings of drf-spectacular for this one description."""


class Command(BaseCommand):
    help = "Write docs/openapi.yaml; with --check, only say whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if the file is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        text = described()
        if not options["check"]:
            FILE.write_text(text)
        elif not FILE.exists() or FILE.read_text() != text:
            raise CommandError(f"{FILE.name} is out of date: run manage.py member_api.")


def described() -> str:
    """The description in YAML; a door that it cannot describe is an error."""
    said = StringIO()
    call_command(
        "spectacular",
        urlconf="frontend.api.urls",
        custom_settings=f"{__name__}.ABOUT",
        fail_on_warn=True,
        validate=True,
        stdout=said,
    )
    return said.getvalue()
