"""docs/api.md: every curl command in it works, in the order in which it stands there."""

import json
import re
import shlex
from typing import Any

from django.conf import settings

from accounts.models import Member
from foundation import jobs
from network.contacts.models import Request
from tests.cast import asks, was_at
from tests.frontend.api.programs import Answer, Program, token_of

TEXT = (settings.BASE_DIR / "docs" / "api.md").read_text()
COMMANDS = [
    command
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for command in re.split(r"\n(?=curl )", block.replace("\\\n", " ").strip())
]


def test_the_examples_for_people_work_one_after_the_other(ada: Member, bo: Member, cleo: Member) -> None:
    was_at(bo, "Hansewerk", "2002-01", "2005-12", unit="Werk Kiel")
    theirs = asks(cleo, ada, was_at(cleo, "Hansewerk", "2002-01", "2005-12", unit="Werk Kiel"))
    Request.objects.filter(pk=theirs.pk).update(whereabouts="delivered")
    known = {"SITE": "", "TOKEN": token_of(ada), "REQUEST": str(theirs.public_id)}
    for command in COMMANDS:
        answer = run(command, known)
        assert answer.status in (200, 201), (command, answer.raw.content)
        known |= _ids_of(command, answer.said)
        jobs.drain_everything()
    assert len(COMMANDS) == TEXT.count("curl -s")
    assert Request.objects.filter(asker=ada, recipient=bo).exists()


def run(command: str, known: dict[str, str]) -> Answer:
    """As a shell and curl would have it, without either."""
    words = shlex.split(re.sub(r"\$([A-Z]+)", lambda found: known[found[1]], command))
    given = {flag: [words[at + 1] for at, word in enumerate(words) if word == flag] for flag in ("-X", "-H", "-d")}
    headers = dict(header.split(": ", 1) for header in given["-H"])
    path = next(word for word in words if word.startswith("/api/v1/")).removeprefix("/api/v1/")
    said = json.loads(given["-d"][0]) if given["-d"] else None
    headers.pop("Content-Type", None)
    return Program().ask(given["-X"][0] if given["-X"] else "get", path, said, **headers)


def _ids_of(command: str, said: Any) -> dict[str, str]:
    """What the next commands name by a variable."""
    if "/entries" in command and "-d" in command:
        return {"ENTRY": said["id"]}
    return {"THREAD": said["rows"][0]["id"]} if command.startswith('curl -s "$SITE/api/v1/threads"') else {}


def test_every_address_of_the_api_stands_in_the_table_for_people() -> None:
    """By its first word; and every scope."""
    from frontend.api.urls import urlpatterns

    table = TEXT[TEXT.index("## What there is") : TEXT.index("## Examples")]
    first = {str(one.pattern).split("/")[0] for one in urlpatterns}
    assert not [word for word in first if f"`{word}" not in table]
