"""What this wing keeps of a member, as they take it along: their reports, and decisions as their page shows them."""

from typing import Any

from accounts.exporting import leaves_out, part, plain, rows
from accounts.models import Member
from network.moderation import notices
from network.moderation.models import Appeal, Report


@part("reports", "moderation.Report")
def reports_of(member: Member) -> list[dict[str, Any]]:
    """What the member reported. Who reported them is told to nobody."""
    mine = Report.objects.filter(reporter=member).select_related("case__about").order_by("pk")
    return [{"about": row.case.about.address, **rows([row], "at", "source_kind", "words", "label")[0]} for row in mine]


@part("decisions", "moderation.Case", "moderation.Reversal", "moderation.Freeze")
def decisions_of(member: Member) -> list[dict[str, Any]]:
    """By day, as on the page: a moment would tell who reported."""
    return [
        {"kind": one.kind, "about_me": one.for_subject, "said": one.said, "reason": one.reason, "on": plain(one.on)}
        for one in notices.notices_for(member)
    ]


@part("appeals", "moderation.Appeal")
def appeals_of(member: Member) -> list[dict[str, Any]]:
    """By day, too, with the answer as the page shows it. Who answered is told to nobody."""
    mine = Appeal.objects.filter(by=member).order_by("pk")
    return [{"words": one.words, "state": one.state, "answer": one.reason, "on": plain(one.at.date())} for one in mine]


leaves_out("moderation.Erasure", "what moderators did as moderators; the audit log is its record")
