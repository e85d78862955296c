"""Reports across servers: another server reports somebody here, or hears of a report about somebody of theirs.

Such a report waits in the queue like any. It weighs nothing by itself, since nobody here stands behind it, and all
that a server reports in one case is one report.
"""

from django.db import transaction

from accounts.models import Member
from foundation import clock, wording
from foundation.refusals import NotThere
from network.messages.models import Message
from network.moderation import evidence, reports
from network.moderation.models import Report, SourceKind, State


class NobodyHere(NotThere):
    code = "flag-of-nobody"


@transaction.atomic
def receive(server: str, about: Member, *, words: str, key: str, message: Message | None = None) -> Report:
    """Moderators have a case about a member here. The same `key`, or another word in the same open case, is once.

    `message`: one of the member's that was sent to somebody of that server. Raises `NobodyHere`.
    """
    if about.host:
        raise NobodyHere
    if before := Report.objects.filter(server=server, key=key).first():
        return before
    case = reports.open_case(about)
    if before := case.reports.filter(server=server).first():
        return before
    kept = evidence.of_message(message) if message else evidence.of_member(about, seen_by=None)
    return Report.objects.create(
        case=case,
        server=server,
        source_kind=SourceKind.MESSAGE if message else SourceKind.MEMBER,
        source=str(message.public_id) if message else "",
        evidence=kept,
        words=wording.clean(words).strip()[: reports.WORDS_MAX_CHARACTERS],
        key=key,
        at=clock.now(),
    )


def note_answer(report: Report, *, upheld: bool) -> None:
    """What the other server has decided; the first answer stays. Here nothing follows from it."""
    answer = State.UPHELD if upheld else State.DISMISSED
    Report.objects.filter(pk=report.pk, forwarded=True, their_answer="").update(their_answer=answer)
