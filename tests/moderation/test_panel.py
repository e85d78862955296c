"""The panel: not there for members, no plain form in it, every word escaped, every deed through the verb."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account, Member
from foundation import audit, jobs, panel
from foundation.models import AuditEntry, Job
from network.contacts.models import Invitation
from network.messages import threads
from network.moderation import reports
from network.moderation.models import Case, State
from tests.cast import befriend, key, new_member, was_at
from tests.moderation.desk import at, browser, deed
from vetting import standing

ROOMS = (
    "accounts_member",
    "accounts_merge",
    "accounts_organisation",
    "contacts_invitation",
    "foundation_auditentry",
    "foundation_job",
    "moderation_case",
    "vetting_night",
    "vetting_proof",
    "vetting_workdomain",
)


@pytest.fixture
def case(ada: Member, bo: Member) -> Case:
    befriend(ada, bo)
    message = threads.write(ada, bo, text="<script>alert(1)</script> & <b>buy</b>", key=key())
    return reports.report(bo, ada, message=message, words="<img src=x onerror=alert(2)>", key=key()).case


def test_to_members_the_panel_is_not_there(ada: Member) -> None:
    for page in ("index", "login", "moderation_case_changelist", "accounts_member_changelist"):
        assert browser(ada).get(at(page)).status_code == 404


def test_visitors_are_sent_to_the_one_sign_in(db: None) -> None:
    for page in ("index", "login", "moderation_case_changelist"):
        answer = Client().get(at(page), follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    posted = Client().post(at("login"), {"username": "a@example.org", "password": "guess"})
    assert posted.status_code == 302


def test_staff_without_the_group_sees_no_room(ada: Member, case: Case) -> None:
    Account.objects.filter(member=ada).update(is_staff=True)
    client = browser(Member.objects.get(pk=ada.pk))

    for room in ROOMS:
        assert client.get(at(f"{room}_changelist")).status_code == 403
    assert client.get(at("moderation_case_change", case.pk)).status_code == 404


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_room_opens_without_inline_style_or_script(
    language: str, panel_of: Client, mo: Member, case: Case
) -> None:
    Member.objects.filter(pk=mo.pk).update(language=language)
    pages = [at("index"), at("moderation_case_change", case.pk), at("accounts_member_change", case.about_id)]
    for page in [*pages, *(at(f"{room}_changelist") for room in ROOMS)]:
        answer = panel_of.get(page)
        text = answer.content.decode()
        assert answer.status_code == 200, page
        assert f'lang="{language}"' in text
        assert not re.search(r"<style|<[^>]*\s(style|on\w+)=|<script(?![^>]*\ssrc=)", text), page


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_added_changed_or_deleted_by_a_plain_form(room: str, panel_of: Client, case: Case) -> None:
    assert panel_of.get(at(f"{room}_add")).status_code == 403
    model = next(one for one in panel.site._registry if f"{one._meta.app_label}_{one._meta.model_name}" == room)
    row = model._default_manager.first()
    if row is not None:
        answer = panel_of.post(at(f"{room}_delete", row.pk), {"post": "yes"})
        assert answer.status_code in (302, 403, 404)
        panel_of.post(at(f"{room}_change", row.pk), {"state": "dismissed", "name": "x", "handle": "x"})
        assert model._default_manager.filter(pk=row.pk).values().get() == _values(row)


def _values(row: object) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # type: ignore[attr-defined]


def test_no_room_holds_letters_messages_or_doors(panel_of: Client) -> None:
    names = {model._meta.model_name for model in panel.site._registry}
    decided = {"case", "appeal", "erasure", "member", "auditentry", "job", "organisation", "merge", "invitation"}
    assert names == decided | {"proof", "workdomain", "night"} | {"peer", "delivery"}  # of these: to where, not what


def test_evidence_is_shown_escaped(panel_of: Client, case: Case) -> None:
    text = panel_of.get(at("moderation_case_change", case.pk)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;buy&lt;/b&gt;" in text
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text


def test_only_what_was_reported_can_be_read(panel_of: Client, case: Case, ada: Member, bo: Member) -> None:
    threads.write(bo, ada, text="CANARY of the same thread", key=key())

    assert "CANARY" not in panel_of.get(at("moderation_case_change", case.pk)).content.decode()


def test_a_case_is_upheld_in_the_panel_and_conduct_falls(panel_of: Client, case: Case, ada: Member) -> None:
    before = standing.recompute(ada).conduct
    values = {
        "to_reporter": "Thank you.",
        "to_subject": "No advertising here.",
        "button": "uphold",
        "ground": "unlabelled",
    }

    answer = panel_of.post(deed("moderation_case", case.pk, "decide"), values, follow=True)

    jobs.drain_everything()
    assert answer.status_code == 200
    assert Case.objects.get().state == State.UPHELD
    assert standing.of(ada).conduct < before


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"to_subject": "@bob said so"}, 400), ({"button": ""}, 400), ({"to_reporter": ""}, 200)],
)
def test_a_refused_decision_keeps_every_word(wrong: dict[str, str], status: int, panel_of: Client, case: Case) -> None:
    values = {"to_reporter": "Words I typed.", "to_subject": "More words I typed.", "button": "dismiss", **wrong}

    answer = panel_of.post(deed("moderation_case", case.pk, "decide"), values)

    assert answer.status_code == status
    assert (wrong.get("to_subject") or "More words I typed.") in answer.content.decode()
    assert "Decided by" not in answer.content.decode()
    assert Case.objects.get().state == State.OPEN


def test_what_moderators_may_not_decide_has_no_page(panel_of: Client, case: Case, mo: Member, ada: Member) -> None:
    befriend(mo, ada)

    assert panel_of.get(at("moderation_case_change", case.pk)).status_code == 404
    values = {"to_reporter": "a", "to_subject": "b", "button": "dismiss"}
    assert panel_of.post(deed("moderation_case", case.pk, "decide"), values).status_code == 404
    assert "@ada" not in panel_of.get(at("moderation_case_changelist")).content.decode()


def test_the_queue_is_oldest_first_and_open(panel_of: Client, case: Case, cleo: Member, bo: Member) -> None:
    reports.report(bo, cleo, words="x", key=key())
    text = panel_of.get(at("moderation_case_changelist")).content.decode()
    assert text.index("@ada") < text.index("@cleo")

    values = {"to_reporter": "a", "to_subject": "b", "button": "dismiss"}
    panel_of.post(deed("moderation_case", case.pk, "decide"), values)
    assert "@ada" not in panel_of.get(at("moderation_case_changelist")).content.decode()
    assert "@ada" in panel_of.get(at("moderation_case_changelist") + "?state=dismissed").content.decode()


def test_members_are_shown_as_members_see_them(panel_of: Client, ada: Member) -> None:
    was_at(ada, "Canary Works", visible_to=0)
    private = {field: f"Canary {field}" for field in Member.PROFILE}
    Member.objects.filter(pk=ada.pk).update(**private, **{f"{field}_to": 1 for field in Member.PROFILE})

    pages = [at("accounts_member_change", ada.pk), at("accounts_member_changelist") + "?q=ad"]
    pages += [at("accounts_organisation_changelist"), at("accounts_organisation_changelist") + "?q=canary"]
    for page in pages:
        text = panel_of.get(page).content.decode().replace('value="canary"', "")
        assert "Canary" not in text
        assert "ada@example.org" not in text
    assert "@ada" in panel_of.get(pages[1]).content.decode()


def test_freeze_and_thaw_go_through_the_verbs(panel_of: Client, ada: Member, mo: Member) -> None:
    panel_of.post(deed("accounts_member", ada.pk, "freeze"), {"reason": "Spam wave.", "ground": "pitched"})
    assert Member.objects.filter(pk=ada.pk, frozen_at__isnull=False).exists()
    panel_of.post(deed("accounts_member", ada.pk, "thaw"), {"reason": "Over."})
    assert Member.objects.filter(pk=ada.pk, frozen_at=None).exists()

    answer = panel_of.post(deed("accounts_member", mo.pk, "freeze"), {"reason": "Myself.", "ground": "rule"})
    assert answer.status_code == 403
    assert "Myself." in answer.content.decode()


def test_the_log_names_who_did_it_and_escapes(panel_of: Client, mo: Member) -> None:
    audit.note(f"member:{mo.pk}", "did <b>it</b>", "something")

    text = panel_of.get(at("foundation_auditentry_changelist")).content.decode()
    assert f"@{mo.handle}" in text
    assert "<b>it</b>" not in text
    line = AuditEntry.objects.get(about="something")
    assert panel_of.get(at("foundation_auditentry_change", line.pk)).status_code == 200


def test_a_dead_job_is_tried_again_once(panel_of: Client, ada: Member) -> None:
    jobs.add("standing", {"member": ada.pk}, key="once")
    job = Job.objects.get(dedup_key="once")
    assert panel_of.post(deed("foundation_job", job.pk, "again")).status_code == 404
    Job.objects.filter(pk=job.pk).update(dead_at=job.due_at, last_error="<b>boom</b>")
    assert "&lt;b&gt;boom" in panel_of.get(at("foundation_job_change", job.pk)).content.decode()

    answer = panel_of.post(deed("foundation_job", job.pk, "again"))

    assert answer.status_code == 302
    assert not Job.objects.filter(dead_at__isnull=False).exists()
    assert jobs.drain_everything() >= 1
    assert AuditEntry.objects.filter(act="tried-job-again").exists()


def test_a_dead_job_is_left_to_a_later_one_with_its_key(panel_of: Client, ada: Member) -> None:
    jobs.drain_everything()
    jobs.add("standing", {"member": ada.pk}, key="twin")
    Job.objects.filter(dedup_key="twin").update(dead_at="2026-01-01T00:00Z")
    jobs.add("standing", {"member": ada.pk}, key="twin")
    dead = Job.objects.get(dead_at__isnull=False)

    panel_of.post(deed("foundation_job", dead.pk, "again"))

    dead.refresh_from_db()
    assert dead.done_at is not None
    assert Job.objects.filter(dedup_key="twin", done_at=None).count() == 1


def test_invitations_show_who_came_through_whom(panel_of: Client, ada: Member) -> None:
    made = Invitation.objects.create(
        inviter=ada, label="PRIVATE LABEL", token_hash="x", expires_at=ada.joined_at, spent_by=new_member("newbie")
    )
    text = panel_of.get(at("contacts_invitation_changelist")).content.decode()
    assert "@newbie" in text
    assert "PRIVATE LABEL" not in text
    assert made.token_hash not in panel_of.get(at("contacts_invitation_change", made.pk)).context["facts"]


def test_signing_out_of_the_panel_signs_out(panel_of: Client) -> None:
    panel_of.post(at("logout"))
    assert panel_of.get(at("index")).status_code == 302


def test_decisions_are_read_on_their_page(case: Case, panel_of: Client, ada: Member, bo: Member) -> None:
    assert "Your reports that still wait" in browser(bo).get(reverse("notices")).content.decode()
    values = {
        "to_reporter": "Thank you <3.",
        "to_subject": "No <b>ads</b>.",
        "button": "uphold",
        "ground": "unlabelled",
    }
    panel_of.post(deed("moderation_case", case.pk, "decide"), values)

    seen_by_ada = browser(ada).get(reverse("notices")).content.decode()
    seen_by_bo = browser(bo).get(reverse("notices")).content.decode()
    assert "No &lt;b&gt;ads&lt;/b&gt;." in seen_by_ada
    assert "bob" not in seen_by_ada.lower().replace("@ada", "")
    assert "Thank you &lt;3." in seen_by_bo
    assert "@ada" in seen_by_bo
