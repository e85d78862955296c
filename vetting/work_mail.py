"""Proof by a work mail address: who reads mail at an employer's own domain works there. The address is kept nowhere.

The page answers and writes the same whether or not the domain is known; the worker sends the letter or drops it. So
nobody finds out by trying which employers are known here, nor who has proved themselves with which mailbox.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import people, powers
from accounts.models import Member
from foundation import audit, clock, jobs, letters, quotas
from foundation.models import Letter
from foundation.refusals import Conflict, Forbidden, NotThere, TooOften
from vetting import mail_domains, proofs
from vetting.models import Proof, ProofKind, WorkDomain

KIND = "work-mail"
PATH = "/proofs/"
SALT = "vetting.work-mail"
LINK_DAYS = 3
A_DAY = 3
"""Letters a member may have written a day: one, one after a slip of the pen, one for the other employer."""
DOMAIN_A_DAY = 20
"""Letters a domain gets a day, so that no employer's staff is bombarded from here."""

letters.fleeting(KIND)


class LinkWrong(NotThere):
    code = "work-mail-link"
    message = gettext_lazy(
        "This link is not for you, is older than %(days)d days, or was used. You can have a new one."
    )


class DomainUnknown(Forbidden):
    code = "work-domain-unknown"
    message = gettext_lazy("This domain is no longer among the employers known here. A moderator can tell you more.")


class DomainFull(Conflict):
    code = "work-domain-full"
    message = gettext_lazy(
        "%(limit)d members have proved themselves with this domain, and more may not. Ask a moderator."
    )


class MailboxUsed(Conflict):
    code = "mailbox-used"
    message = gettext_lazy("Another member has proved themselves with this mailbox. One mailbox proves one person.")


class LettersSpent(TooOften):
    code = "work-mail-today"
    message = gettext_lazy("You have asked for %(limit)d letters today. Ask again tomorrow.")


class DomainSpent(TooOften):
    code = "work-domain-today"
    message = gettext_lazy("Many letters to this domain were asked for today. Ask again tomorrow.")


@dataclass(frozen=True)
class Claim:
    """What a link says: this member reads the mailbox with these marks (one for each secret key) at this domain."""

    domain: str
    marks: list[str]
    asked_at: datetime


# ── moderators ──────────────────────────────────────────────────────────────
def allow_domain(domain: str, *, by: Member | None) -> WorkDomain:
    """Who reads mail there can prove themselves with it. Twice is once.

    Raises `NotAModerator` (noted), `NotADomain`, `FreeMail`, `PublicSuffix`.
    """
    moderator, name = _may(by), mail_domains.normal(domain)
    mail_domains.check_own(name)
    with transaction.atomic():
        values = {"added_by": moderator, "added_at": clock.now()}
        row, created = WorkDomain.objects.get_or_create(domain=name, defaults=values)
        if created:
            audit.note(f"member:{moderator.pk}", "allowed-work-domain", f"domain:{name}")
    return row


def forbid_domain(domain: str, *, by: Member | None, end_proofs: bool = False) -> None:
    """Nobody can prove themselves with it from now on. Proofs given stay, unless `end_proofs`. Twice is once."""
    moderator, name = _may(by), mail_domains.normal(domain)
    with transaction.atomic():
        gone, _rows = WorkDomain.objects.filter(domain=name).delete()
        if gone:
            audit.note(f"member:{moderator.pk}", "forbade-work-domain", f"domain:{name}", detail={"ends": end_proofs})
        for proof in Proof.objects.filter(domain=name, ended_at=None).order_by("pk") if end_proofs else ():
            proofs.revoke(proof, by=moderator)


def _may(by: Member | None) -> Member:
    try:
        return powers.check(by, proofs.GRANT)
    except Forbidden as refusal:
        actor = f"member:{by.pk}" if by else "nobody"
        audit.note(actor, "was-refused-work-domain", "work-domains", detail={"code": refusal.code})
        raise


# ── members ─────────────────────────────────────────────────────────────────
@transaction.atomic
def ask(member: Member, address: str) -> None:
    """If the domain is known, a letter with a link is on its way. Nothing tells whether it is: same answer, same rows.

    Raises `Frozen`, `NoAddress`, `ProvedAlready`, `LettersSpent`, `DomainSpent`.
    """
    people.check_may_act(member)
    local, domain = mail_domains.mailbox(address)
    if live_of(member).exists():
        raise proofs.ProvedAlready
    _spend(member, domain)
    with translation.override(member.language):
        url = f"{settings.SITE_URL}{PATH}{_token(member, local, domain)}/"
        text = render_to_string("vetting/work_mail.txt", {"url": url, "days": LINK_DAYS, "site": settings.SITE_NAME})
        subject = _("Is this your address at work?")
        letter = letters.write(address, subject, text, kind=KIND, reader=str(member.public_id), held=True)
    jobs.add("work-mail", {"letter": letter.pk})


def send_or_drop(letter: str) -> None:
    """The letter goes out if its domain is known now; otherwise nothing of it is left. Twice is once."""
    row = Letter.objects.filter(pk=letter, sent_at=None).exclude(sealed_to="").first()
    if row is None:
        return
    _local, domain = mail_domains.mailbox(letters.text_of(row).to)
    known = WorkDomain.objects.filter(domain=domain).exists()
    (letters.release if known else letters.blank)(row)


def look(member: Member, token: str) -> Claim:
    """What the link says, if it is this member's and can still be used. Changes nothing. Raises `LinkWrong`."""
    try:
        said = signing.loads(token, salt=SALT)
        whose, claim = said["m"], Claim(said["d"], said["x"], datetime.fromtimestamp(said["t"], UTC))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise LinkWrong(days=LINK_DAYS) from None
    old = not timedelta() <= clock.now() - claim.asked_at < timedelta(days=LINK_DAYS)
    used = Proof.objects.filter(member=member, kind=ProofKind.WORK_MAIL, at__gte=claim.asked_at).exists()
    if whose != member.pk or old or used:
        raise LinkWrong(days=LINK_DAYS)
    return claim


@transaction.atomic
def confirm(member: Member, token: str) -> Proof:
    """The member is proved by the mailbox at which they read the link. Call it for a POST only.

    Raises `Frozen`, `LinkWrong`, `DomainUnknown`, `DomainFull`, `MailboxUsed`; `NotToBeProved` for the moderator who
    let the domain in: nobody proves themselves.
    """
    people.check_may_act(member)
    claim = look(member, token)
    domain = WorkDomain.objects.select_for_update().filter(domain=claim.domain).first()  # one at a time
    if domain is None:
        raise DomainUnknown
    if domain.added_by_id == member.pk:
        raise proofs.NotToBeProved
    look(member, token)  # again, now that nobody else of this domain is at it
    given = Proof.objects.filter(domain=claim.domain)
    given.filter(ended_at=None, ends_at__lte=clock.now()).update(ended_at=clock.now())
    if Proof.objects.filter(mailbox__in=claim.marks, ended_at=None).exclude(member=member).exists():
        raise MailboxUsed
    if given.filter(ended_at=None).count() >= settings.PROOFS_A_DOMAIN:
        raise DomainFull(limit=settings.PROOFS_A_DOMAIN)
    actor = f"member:{member.pk}"
    return proofs.enter(member, ProofKind.WORK_MAIL, by=None, actor=actor, domain=claim.domain, mailbox=claim.marks[0])


def live_of(member: Member) -> QuerySet[Proof]:
    """The member's proof by work mail, if it counts now."""
    return proofs.live(clock.now()).filter(member=member, kind=ProofKind.WORK_MAIL)


def _spend(member: Member, domain: str) -> None:
    try:
        quotas.spend(KIND, str(member.pk), limit=A_DAY)
    except quotas.QuotaSpent as spent:
        raise LettersSpent(limit=A_DAY, again_at=spent.again_at) from None
    try:
        quotas.spend("work-mail-domain", _mark(domain, settings.SECRET_KEY), limit=DOMAIN_A_DAY)
    except quotas.QuotaSpent as spent:
        raise DomainSpent(again_at=spent.again_at) from None


def _token(member: Member, local: str, domain: str) -> str:
    marks = [_mark(f"{local}@{domain}", key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    said = {"m": member.pk, "d": domain, "x": marks, "t": int(clock.now().timestamp())}
    return signing.dumps(said, salt=SALT, compress=True)


def _mark(text: str, key: str) -> str:
    """A blind index of 128 bits: equal texts are seen to be equal, and only who holds the key can try guesses."""
    return salted_hmac(SALT, text, secret=key, algorithm="sha256").hexdigest()[:32]


audit.worded(
    {
        "allowed-work-domain": gettext_lazy("added an employer's mail domain"),
        "forbade-work-domain": gettext_lazy("removed an employer's mail domain"),
        "was-refused-work-domain": gettext_lazy("was refused to change employers' mail domains"),
    }
)
