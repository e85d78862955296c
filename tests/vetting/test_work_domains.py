"""Which domains prove an employer, one mailbox for one member, and so many members for a domain."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts import powers
from accounts.models import Account, Member
from foundation import clock
from foundation.models import AuditEntry
from foundation.refusals import Refusal
from tests.cast import DAY, new_member
from tests.vetting.mailroom import ACME, CANARY, link_of
from vetting import mail_domains, proofs, work_mail
from vetting.models import Proof, ProofKind, WorkDomain


@pytest.fixture
def acme(mo: Member) -> WorkDomain:
    return work_mail.allow_domain(ACME, by=mo)


# ── domains ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Acme-Werke.DE", ACME),
        (" acme-werke.de. ", ACME),
        ("müller-bau.de", "xn--mller-bau-q9a.de"),
        ("a.ac.uk", "a.ac.uk"),
    ],
)
def test_a_domain_is_kept_in_one_way(typed: str, kept: str, mo: Member) -> None:
    work_mail.allow_domain(typed, by=mo)
    work_mail.allow_domain(kept, by=mo)

    assert WorkDomain.objects.get().domain == kept
    assert AuditEntry.objects.filter(act="allowed-work-domain", about=f"domain:{kept}").count() == 1


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        *((one, mail_domains.FreeMail) for one in ("gmail.com", "GMX.net", "web.de", "yahoo.co.uk", "mail.gmx.at")),
        *((one, mail_domains.PublicSuffix) for one in ("co.uk", "com.au", "ac.at", "github.io", "eu.org")),
        *(
            (one, mail_domains.NotADomain)
            for one in (
                "192.168.1.1", "[192.0.2.1]", "::1", "de", "", "localhost", "acme.local", "x.test", "ada@acme.de",
                "acme .de", "-acme.de", "acme..de", "a" * 64 + ".de", "strasße.de", "https://acme.de/", "acme.de/x",
            )
        ),
    ],
)  # fmt: skip
def test_what_is_no_employer_s_own_is_refused(typed: str, refusal: type[Refusal], mo: Member) -> None:
    with pytest.raises(refusal):
        work_mail.allow_domain(typed, by=mo)
    assert not WorkDomain.objects.exists()


@pytest.mark.parametrize("verb", [work_mail.allow_domain, work_mail.forbid_domain])
def test_only_moderators_say_which_domains_count(
    verb: Callable[..., object], ada: Member, cleo: Member, acme: WorkDomain
) -> None:
    Account.objects.filter(member=cleo).update(is_staff=True)
    for nobody in (ada, Member.objects.get(pk=cleo.pk), None):
        with pytest.raises(powers.NotAModerator):
            verb("other-firm.de" if verb is work_mail.allow_domain else ACME, by=nobody)
    assert [row.domain for row in WorkDomain.objects.all()] == [ACME]
    assert AuditEntry.objects.filter(act="was-refused-work-domain").count() == 3


@pytest.mark.parametrize("end_proofs", [False, True])
def test_forbidding_ends_proofs_only_if_asked(end_proofs: bool, ada: Member, mo: Member, acme: WorkDomain) -> None:
    work_mail.confirm(ada, link_of(ada))

    work_mail.forbid_domain("ACME-Werke.de", by=mo, end_proofs=end_proofs)

    assert not WorkDomain.objects.exists()
    assert work_mail.live_of(ada).exists() is not end_proofs
    assert AuditEntry.objects.filter(act="forbade-work-domain").get().detail == {"ends": end_proofs}


# ── one mailbox, one member ─────────────────────────────────────────────────
@pytest.mark.parametrize("other", [CANARY, CANARY.upper(), "canary.seven+leumund@acme-werke.de"])
def test_one_mailbox_proves_one_member(other: str, ada: Member, bo: Member, acme: WorkDomain) -> None:
    work_mail.confirm(ada, link_of(ada))
    token = link_of(bo, other)

    with pytest.raises(work_mail.MailboxUsed):
        work_mail.confirm(bo, token)
    assert not Proof.objects.filter(member=bo).exists()


def test_a_mailbox_is_known_again_after_the_secret_key_was_changed(
    ada: Member, bo: Member, acme: WorkDomain, settings: Any
) -> None:
    work_mail.confirm(ada, link_of(ada))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key of sufficient length, for this test alone 0123456789"

    with pytest.raises(work_mail.MailboxUsed):
        work_mail.confirm(bo, link_of(bo))


def test_the_database_keeps_one_mailbox_to_one_member(ada: Member, bo: Member, acme: WorkDomain) -> None:
    mailbox = work_mail.confirm(ada, link_of(ada)).mailbox
    with pytest.raises(IntegrityError), transaction.atomic():
        proofs.enter(bo, ProofKind.WORK_MAIL, by=None, actor="test", domain=ACME, mailbox=mailbox)


def test_a_mailbox_is_free_when_its_proof_ended(ada: Member, bo: Member, mo: Member, acme: WorkDomain) -> None:
    proofs.revoke(work_mail.confirm(ada, link_of(ada)), by=mo)
    assert work_mail.confirm(bo, link_of(bo)).member == bo

    with clock.at(clock.now() + settings.PROOF_DAYS * DAY):
        cleo = new_member("cleo")
        assert work_mail.confirm(cleo, link_of(cleo)).member == cleo


def test_a_domain_proves_only_so_many(ada: Member, bo: Member, mo: Member, acme: WorkDomain, settings: Any) -> None:
    settings.PROOFS_A_DOMAIN = 1
    first = work_mail.confirm(ada, link_of(ada))
    token = link_of(bo, "other@acme-werke.de")

    with pytest.raises(work_mail.DomainFull, match="1 members"):
        work_mail.confirm(bo, token)
    proofs.revoke(first, by=mo)
    assert work_mail.confirm(bo, token).member == bo


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_a_domain_proves_as_many_as_it_may(mo: Member, settings: Any) -> None:
    settings.PROOFS_A_DOMAIN = 3
    work_mail.allow_domain(ACME, by=mo)
    members = [new_member(f"at_once_{number}") for number in range(8)]
    tokens = [link_of(member, f"{member.handle}@{ACME}") for member in members]

    def tries(number: int) -> bool:
        try:
            work_mail.confirm(members[number], tokens[number])
        except work_mail.DomainFull:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tries, range(8))) == 3
    assert proofs.live(clock.now()).filter(domain=ACME).count() == 3
