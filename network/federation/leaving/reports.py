"""Reports that go to the server of the reported, and answers to servers that reported. The house speaks, never a
member: who reported is nowhere in it."""

from foundation import jobs
from network.contacts.models import Request
from network.federation import actors, outbox, references, words
from network.federation.models import Reference
from network.messages.models import Message
from network.moderation.models import Report, SourceKind, State


@jobs.handles("report-leaves")
def send_flag(report: int) -> None:
    """The moderators of somebody's own server hear what is said of them here."""
    row = Report.objects.select_related("case__about").get(pk=report)
    about = row.case.about
    if not (row.forwarded and about.host):
        return
    actor = actors.of(about)
    objects = [actor.uri, *filter(None, [_thing(row)])]
    activity = {"type": "Flag", "to": [actor.uri], "object": objects, "content": words.as_html(row.words)}
    made = outbox.send(None, activity, to=[actor], key=f"flag:{row.public_id}", proved=False, shared=True)
    references.remember(made.uri, "flag", row)


@jobs.handles("report-answer-leaves")
def send_answer(report: int) -> None:
    """Every report of that server in the case is answered: Accept if it was right, Reject if not, with the reason."""
    row = Report.objects.select_related("case").get(pk=report)
    case = row.case
    for flag in Reference.objects.filter(kind="flag-of-theirs", row=row.pk).select_related("owner__peer"):
        if flag.owner is None:
            continue
        activity = {
            "type": "Accept" if case.state == State.UPHELD else "Reject",
            "to": [flag.owner.uri],
            "object": flag.uri,
            "content": words.as_html(case.to_reporter),
        }
        outbox.send(None, activity, to=[flag.owner], key=f"flag-answer:{flag.uri}", proved=False)


jobs.listen("report-for-elsewhere", "report-leaves")
jobs.listen("server-report-decided", "report-answer-leaves")


def _thing(report: Report) -> str:
    """The name of the reported message or request on the wire: theirs, so that they find it."""
    if report.source_kind == SourceKind.MESSAGE:
        message = Message.objects.filter(public_id=report.source).first()
        return references.name_of("message", message) if message else ""
    if report.source_kind == SourceKind.REQUEST:
        request = Request.objects.filter(public_id=report.source).first()
        return references.name_of("request", request) if request else ""
    return ""
