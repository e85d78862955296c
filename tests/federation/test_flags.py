"""Reports across servers: told without the reporter's name, kept as a server's word, answered when decided."""

import json
from typing import Any

import pytest

from accounts.models import Member
from foundation import jobs
from network.federation import addresses, references
from network.federation.models import Outbound
from network.messages import threads
from network.messages.models import Message
from network.moderation import decisions, flags, queue, reports
from network.moderation.models import Case, Report, State
from tests.cast import key
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.vouching_abroad import colleagues
from vetting import ledger
from vetting.evidence import BAD_FAITH, DECIDED, REPORTED

REASONS = {"to_reporter": "We looked into it.", "to_subject": "Please do not do that."}


def flag(by: Abroad, *objects: str, words: str = "<p>Sells snake oil.</p>", **more: Any) -> Any:
    return said(by, "Flag", list(objects), content=words, **more)


def wrote(writer: Member, reader: Member) -> Message:
    """A message to somebody in contact, as its own name on the wire has it."""
    message = threads.write(writer, reader, text="Buy my oil", key=key())
    uri = addresses.thing("message", message.public_id)
    references.remember(uri, "message", message)
    jobs.drain_everything(strict=True)
    return message


# ── theirs about ours ───────────────────────────────────────────────────────


def test_a_flag_is_a_case_that_names_the_server_and_nobody_else(ada: Member, mo: Member, zoe: Abroad) -> None:
    assert arrives(zoe, flag(zoe, addresses.actor(ada))).outcome == "done"

    report = Report.objects.get()
    assert (report.reporter, report.server, report.words) == (None, "two.example", "Sells snake oil.")
    assert "zoe" not in json.dumps([report.evidence, report.words, report.source]).lower()
    assert list(queue.open_to(mo)) == [report.case]
    assert queue.weighed(queue.open_to(mo)).get().weight == 0  # type: ignore[attr-defined]  # annotated


def test_a_flag_weighs_nothing_by_itself(ada: Member, zoe: Abroad) -> None:
    lines = ledger.about(ada).count()
    arrives(zoe, flag(zoe, addresses.actor(ada)))
    assert ledger.about(ada).count() == lines


def test_all_that_a_server_reports_in_one_case_is_one_report(
    ada: Member, bo: Member, zoe: Abroad, mallory_abroad: Abroad
) -> None:
    for _ in range(5):
        assert arrives(zoe, flag(zoe, addresses.actor(ada))).outcome == "done"
    arrives(mallory_abroad, flag(mallory_abroad, addresses.actor(ada)))
    reports.report(bo, ada, words="Indeed.", key=key())

    assert Case.objects.get().reports.count() == 3
    assert sorted(Report.objects.values_list("server", flat=True)) == ["", "evil.example", "two.example"]


def test_a_server_has_so_many_reports_a_day(ada: Member, zoe: Abroad, settings: Any) -> None:
    settings.PEER_QUOTAS = {**settings.PEER_QUOTAS, "reports": 2}
    outcomes = [arrives(zoe, flag(zoe, addresses.actor(ada))).outcome for _ in range(3)]
    assert outcomes == ["done", "done", "refused:server-quota"]


def test_a_message_is_kept_only_if_it_went_to_that_server(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    colleagues(ada, zoe)
    message = wrote(ada, zoe.member)
    uri = addresses.thing("message", message.public_id)

    arrives(mallory_abroad, flag(mallory_abroad, addresses.actor(ada), uri))
    assert "Buy my oil" not in json.dumps(Report.objects.get().evidence)
    arrives(zoe, flag(zoe, uri))
    kept = Report.objects.get(server="two.example")
    assert (kept.source, kept.evidence["text"]) == (str(message.public_id), "Buy my oil")


def test_a_server_reads_no_more_of_a_page_than_everybody(ada: Member, zoe: Abroad) -> None:
    ada.about, ada.about_to = "Members canary", 2
    ada.save()
    arrives(zoe, flag(zoe, addresses.actor(ada)))
    assert "canary" not in json.dumps(Report.objects.get().evidence)


@pytest.mark.parametrize("objects", [[], ["https://two.example/@zoe/"], ["https://nowhere.example/1"], [7], {}])
def test_a_flag_about_nobody_here_is_no_report(objects: Any, zoe: Abroad) -> None:
    assert arrives(zoe, said(zoe, "Flag", objects)).outcome == "ignored"
    assert not Report.objects.exists()


def test_somebody_elsewhere_is_reported_to_their_own_server(zoe: Abroad) -> None:
    with pytest.raises(flags.NobodyHere):
        flags.receive("evil.example", zoe.member, words="Bad", key=key())


@pytest.mark.parametrize(("verb", "answer"), [(decisions.uphold, "Accept"), (decisions.dismiss, "Reject")])
def test_a_decided_flag_is_answered_by_the_house(
    verb: decisions.Verb, answer: str, ada: Member, mo: Member, zoe: Abroad
) -> None:
    activity = flag(zoe, addresses.actor(ada))
    arrives(zoe, activity)
    verb(Case.objects.get(), by=mo, **REASONS)
    jobs.drain_everything(strict=True)

    [sent] = leaving_for(zoe)
    assert (sent["type"], sent["actor"], sent["object"]) == (answer, addresses.house(), activity["id"])
    assert REASONS["to_reporter"] in sent["content"]
    assert REASONS["to_subject"] not in json.dumps(sent)


def test_each_flag_of_a_case_has_its_answer_and_counts_against_no_member(ada: Member, mo: Member, zoe: Abroad) -> None:
    asked = [flag(zoe, addresses.actor(ada)) for _ in range(2)]
    for activity in asked:
        arrives(zoe, activity)
    decisions.dismiss_bad_faith(Case.objects.get(), by=mo, **REASONS)
    jobs.drain_everything(strict=True)

    assert {sent["object"] for sent in leaving_for(zoe)} == {activity["id"] for activity in asked}
    assert not ledger.about(zoe.member).filter(kind=BAD_FAITH).exists()
    assert not ledger.about(ada).filter(kind__in=[DECIDED, REPORTED]).exists()


# ── ours about theirs ───────────────────────────────────────────────────────


def test_their_server_is_told_only_if_the_reporter_wants_it(ada: Member, zoe: Abroad) -> None:
    reports.report(ada, zoe.member, words="Sells oil.", key=key())
    jobs.drain_everything(strict=True)
    assert not Outbound.objects.exists()


def test_their_server_hears_it_from_the_house_without_a_name(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    message = threads.write(zoe.member, ada, text="Buy", key=key())
    references.remember("https://two.example/things/message/1", "message", message, owner=zoe.actor)
    reports.report(ada, zoe.member, words="Sells oil.", key=key(), message=message, tell_their_server=True)
    jobs.drain_everything(strict=True)

    [sent] = [activity for activity in leaving_for(zoe) if activity["type"] == "Flag"]
    assert sent["actor"] == addresses.house()
    assert sent["object"] == [zoe.uri, "https://two.example/things/message/1"]
    assert "Sells oil." in sent["content"]
    for trace in ("ada", str(ada.public_id), ada.name):
        assert trace.lower() not in json.dumps(sent).lower()
    assert Outbound.objects.get(body__type="Flag").sender is None


def test_nobody_here_is_flagged_elsewhere(ada: Member, bo: Member) -> None:
    made = reports.report(ada, bo, words="Sells oil.", key=key(), tell_their_server=True)
    jobs.drain_everything(strict=True)
    assert not made.forwarded
    assert not Outbound.objects.exists()


@pytest.mark.parametrize(("type_", "state"), [("Accept", State.UPHELD), ("Reject", State.DISMISSED)])
def test_their_answer_is_noted_once_and_only_theirs(
    type_: str, state: str, ada: Member, zoe: Abroad, mallory_abroad: Abroad
) -> None:
    made = reports.report(ada, zoe.member, words="Sells oil.", key=key(), tell_their_server=True)
    jobs.drain_everything(strict=True)
    [sent] = leaving_for(zoe)
    assert arrives(mallory_abroad, said(mallory_abroad, "Accept", sent["id"])).outcome == "refused:not-theirs"
    made.refresh_from_db()
    assert made.their_answer == ""

    for answer in (type_, "Accept", "Reject"):
        assert arrives(zoe, said(zoe, answer, sent["id"])).outcome == "done"
    made.refresh_from_db()
    assert made.their_answer == state
    assert made.case.state == State.OPEN
