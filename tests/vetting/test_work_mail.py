"""Proof by a work mail address: nobody finds out what is known, nothing keeps the address, and links are one's own."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection

from accounts import people
from accounts.models import Member
from foundation import clock, jobs, letters
from foundation.models import AuditEntry, Job, Letter, Quota
from network.moderation import freezing
from tests.cast import DAY, new_member
from tests.vetting.mailroom import ACME, CANARY, link_of
from vetting import proofs, standing, work_mail
from vetting.models import Proof, ProofKind, WorkDomain


@pytest.fixture
def acme(mo: Member) -> WorkDomain:
    return work_mail.allow_domain(ACME, by=mo)


# ── the way of a letter ─────────────────────────────────────────────────────
def test_who_reads_the_letter_is_an_anchor_in_part(ada: Member, acme: WorkDomain) -> None:
    proof = work_mail.confirm(ada, link_of(ada, "Canary.Seven@ACME-werke.de"))

    jobs.drain_everything()
    assert (proof.kind, proof.domain, proof.by) == (ProofKind.WORK_MAIL, ACME, None)
    assert standing.of(ada).anchor == settings.PROOF_SHARES["work-mail"]
    assert AuditEntry.objects.get(act="proved-work-mail").actor == f"member:{ada.pk}"


def test_asking_and_looking_prove_nothing(ada: Member, acme: WorkDomain) -> None:
    work_mail.look(ada, link_of(ada))

    assert not Proof.objects.filter(member=ada).exists()


def rows() -> dict[str, int]:
    """How many rows each table has, but for the clock of periodic jobs."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table != "django_session"]
        counted = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            counted[table] = cursor.fetchone()[0]
    return counted


def test_known_and_unknown_domains_leave_the_same_rows(ada: Member, bo: Member, acme: WorkDomain) -> None:
    def grown(member: Member, address: str) -> tuple[dict[str, int], list[tuple[object, ...]]]:
        before, done = rows(), set(Job.objects.values_list("pk", flat=True))
        work_mail.ask(member, address)
        after = rows()
        made = Job.objects.exclude(pk__in=done).values_list("kind", "dedup_key")
        return {name: after[name] - before[name] for name in after}, list(made)

    assert grown(ada, CANARY) == grown(bo, "canary@unknown-firm.de")


def test_nobody_writes_to_an_unknown_domain(ada: Member, acme: WorkDomain) -> None:
    work_mail.ask(ada, "canary@unknown-firm.de")
    work_mail.ask(ada, "canary@sub.acme-werke.de")
    jobs.drain_everything()

    for letter in Letter.objects.filter(kind=work_mail.KIND):
        assert (letter.sent_at, letter.sealed_to, letter.sealed_subject, letter.sealed_body) == (None, "", "", "")


def test_the_address_is_in_no_table_log_or_audit_row(
    ada: Member, acme: WorkDomain, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    token = link_of(ada)
    settings.DEMO = False  # where nobody has to be shown the letters
    with caplog.at_level(logging.DEBUG):
        work_mail.ask(ada, CANARY)
        work_mail.confirm(ada, token)
        jobs.drain_everything()
        again = Letter.objects.filter(kind=work_mail.KIND).latest("made_at")
        letters.send(str(again.pk))

    said = caplog.text + "".join(str(row) for table in rows() for row in _everything(table))
    assert "canary" not in said.lower()
    assert CANARY not in signing.b64_decode(token.split(":")[0].lstrip(".").encode()).decode(errors="replace")
    again.refresh_from_db()
    assert again.sent_at is not None
    assert again.sealed_to == again.sealed_body == ""


def _everything(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    "typed",
    [
        *("", "ada", "ada@", "@acme-werke.de", "a b@acme-werke.de", "Ada <a@acme-werke.de>", "a@[192.0.2.1]"),
        *("a@acme-werke.de, b@acme-werke.de", '"x@y"@acme-werke.de', "a@acme-werke.de\nBcc: all@x.de"),
    ],
)
def test_what_is_no_address_costs_nothing(typed: str, ada: Member, acme: WorkDomain) -> None:
    with pytest.raises(letters.NoAddress):
        work_mail.ask(ada, typed)
    assert not Letter.objects.filter(kind=work_mail.KIND).exists()
    assert not Quota.objects.filter(what=work_mail.KIND).exists()


# ── who may not ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize("state", ["frozen", "unconfirmed"])
def test_who_may_not_act_neither_asks_nor_confirms(state: str, ada: Member, mo: Member, acme: WorkDomain) -> None:
    token = link_of(ada)
    if state == "frozen":
        freezing.freeze(ada, by=mo, reason="Looked into.")
    else:
        Member.objects.filter(pk=ada.pk).update(confirmed_at=None)
        ada.refresh_from_db()

    for verb in (lambda: work_mail.ask(ada, CANARY), lambda: work_mail.confirm(ada, token)):
        with pytest.raises(people.Frozen):
            verb()
    assert not Proof.objects.filter(member=ada).exists()


def test_a_moderator_does_not_prove_themselves_by_their_own_domain(mo: Member, acme: WorkDomain) -> None:
    token = link_of(mo)

    with pytest.raises(proofs.NotToBeProved):
        work_mail.confirm(mo, token)
    assert not work_mail.live_of(mo).exists()


def test_three_letters_a_day(ada: Member, acme: WorkDomain) -> None:
    for _letter in range(work_mail.A_DAY):
        work_mail.ask(ada, CANARY)

    with pytest.raises(work_mail.LettersSpent):
        work_mail.ask(ada, "other@unknown-firm.de")
    with clock.at(clock.now() + DAY):
        work_mail.ask(ada, CANARY)


def test_a_domain_gets_so_many_letters_a_day_known_or_not(
    ada: Member, acme: WorkDomain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_mail, "DOMAIN_A_DAY", 1)
    for domain in (ACME, "unknown-firm.de"):
        work_mail.ask(ada, f"one@{domain}")
        with pytest.raises(work_mail.DomainSpent):
            work_mail.ask(new_member(f"at_{domain[:4]}"), f"two@{domain}")


# ── links ───────────────────────────────────────────────────────────────────
def forged(how: str, token: str, ada: Member) -> str:
    said = signing.loads(token, salt=work_mail.SALT)
    return {
        "changed": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "signed elsewhere": signing.dumps(said, salt=work_mail.SALT, key="another key"),
        "signed for another purpose": signing.dumps(said, salt="else"),
        "another shape": signing.dumps({"m": ada.pk}, salt=work_mail.SALT),
        "no time": signing.dumps({**said, "t": "soon"}, salt=work_mail.SALT),
        "a list": signing.dumps([1, 2], salt=work_mail.SALT),
        "nothing": "",
    }[how]


@pytest.mark.parametrize(
    "how",
    ["changed", "signed elsewhere", "signed for another purpose", "another shape", "no time", "a list", "nothing"],
)
def test_a_forged_link_proves_nothing(how: str, ada: Member, acme: WorkDomain) -> None:
    wrong = forged(how, link_of(ada), ada)

    with pytest.raises(work_mail.LinkWrong):
        work_mail.confirm(ada, wrong)
    assert not Proof.objects.filter(member=ada).exists()


def test_another_s_link_proves_nothing(ada: Member, bo: Member, acme: WorkDomain) -> None:
    token = link_of(ada)

    with pytest.raises(work_mail.LinkWrong):
        work_mail.confirm(bo, token)
    assert not Proof.objects.filter(member__in=[ada, bo]).exists()


@pytest.mark.parametrize("later", [timedelta(days=3), timedelta(days=400), -timedelta(days=1)])
def test_a_link_works_for_three_days(later: timedelta, ada: Member, acme: WorkDomain) -> None:
    token = link_of(ada)

    with clock.at(clock.now() + later), pytest.raises(work_mail.LinkWrong):
        work_mail.confirm(ada, token)
    with clock.at(clock.now() + timedelta(days=2, hours=23)):
        assert work_mail.confirm(ada, token).member == ada


def test_a_used_link_works_no_more_not_even_after_the_proof_was_revoked(
    ada: Member, mo: Member, acme: WorkDomain
) -> None:
    token, second = link_of(ada), link_of(ada)
    proof = work_mail.confirm(ada, token)
    proofs.revoke(proof, by=mo)

    for used in (token, second):
        with pytest.raises(work_mail.LinkWrong):
            work_mail.confirm(ada, used)
    assert not work_mail.live_of(ada).exists()


def test_who_is_proved_asks_for_no_further_letter(ada: Member, acme: WorkDomain) -> None:
    work_mail.confirm(ada, link_of(ada))

    for address in (CANARY, "a@unknown-firm.de"):
        with pytest.raises(proofs.ProvedAlready):
            work_mail.ask(ada, address)
    with clock.at(clock.now() + settings.PROOF_DAYS * DAY):
        assert work_mail.confirm(ada, link_of(ada)).pk != Proof.objects.earliest("at").pk


def test_a_domain_forbidden_meanwhile_proves_nobody(ada: Member, mo: Member, acme: WorkDomain) -> None:
    token = link_of(ada)
    work_mail.forbid_domain(ACME, by=mo)

    with pytest.raises(work_mail.DomainUnknown):
        work_mail.confirm(ada, token)
