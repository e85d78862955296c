"""What a public vouch looks like as a credential, and what is said of one that does not look like it.

W3C Verifiable Credentials 2.0 with one narrowing: no `type` is an array, at any depth, so that inside an activity
the document passes every server we met (federation.md, decisions 5 and 6).
"""

import calendar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation import rfc3339
from foundation.signing import Document, Unproven
from vetting import shapes
from vetting.shapes import Shape

W3C_CONTEXT = "https://www.w3.org/ns/credentials/v2"
KINDS = ("employment", "education", "project", "event", "group")
"""What a shared context can be: the kinds of an entry (accounts.models.EntryKind; a test holds the two together)."""
MOST_MONTHS = 24  # product.md, vouches
NAME_MAX, STATEMENT_MAX = 200, 1000
"""Characters; more than we let members write (120, 300), since another operator may let them write more."""
GREATEST = 2**53 - 1  # RFC 7493, 2.2
_MONTH = r"[0-9]{4}(-(0[1-9]|1[0-2]))?"


class NotAVouch(Unproven):
    """Something is missing, or there is something that no vouch has."""

    code = "credential-shape"
    message = _("This is not written as a vouch is written.")


class WrongType(NotAVouch):
    code = "credential-type"
    message = _("This credential is something other than a vouch.")


class ManyTypes(NotAVouch):
    """An array as `type`, anywhere."""

    code = "credential-many-types"
    message = _("A vouch says of each thing only one type.")


class WrongContext(NotAVouch):
    """`@context` is not, in this order, that of W3C and our own: the words could mean something else."""

    code = "credential-context"
    message = _("The words in this credential are not those of a vouch.")


class ManyProofs(NotAVouch):
    code = "credential-many-proofs"
    message = _("A vouch carries one signature of each side, and this one carries several.")


class TooLarge(NotAVouch):
    """A number beyond 2^53 - 1, which two readers may understand differently (RFC 7493, 2.2)."""

    code = "credential-number"
    message = _("A number in this credential is too large to be read alike by everybody.")


def context() -> list[str]:
    """W3C's words, then ours. The order counts (VC Data Model 2.0, 4.3)."""
    return [W3C_CONTEXT, f"{settings.NAMESPACE}/v1"]


def check(document: Document) -> None:
    """`document` is written as an issued vouch is written; else `NotAVouch` or the kind of it that says most."""
    evidence = document.get("evidence")
    if any(isinstance(one, list) for one in (document.get("proof"), evidence, _proof_in(evidence))):
        raise ManyProofs
    proof = shapes.proof(context())
    signed: Shape = {"evidence": {"type": shapes.exactly("Countersignature"), "proof": proof}, "proof": proof}
    _check(document, {**_bare(), **signed})


def check_draft(document: Document) -> None:
    """The same for what is not signed yet."""
    _check(document, _bare())


def _check(document: Document, shape: Shape) -> None:
    _check_values(document)
    if document.get("@context") != context():
        raise WrongContext
    subject = document.get("credentialSubject")
    if (
        document.get("type") != "VerifiableCredential"
        or not isinstance(subject, dict)
        or subject.get("type") != "Vouch"
    ):
        raise WrongType
    if not shapes.fits(document, shape) or not _adds_up(document):
        raise NotAVouch


def _check_values(document: Document) -> None:
    """Faults anywhere below that have a name of their own."""
    for name, value in shapes.walk(document):
        if name in {"type", "@type"} and isinstance(value, list):
            raise ManyTypes
        if isinstance(value, int | float) and not abs(value) <= GREATEST:  # NaN is not, either
            raise TooLarge


def _proof_in(evidence: object) -> object:
    return evidence.get("proof") if isinstance(evidence, dict) else None


def _bare() -> Shape:
    """What is drafted, and what the subject countersigns."""
    person: Shape = {"id": shapes.did_key, "alsoKnownAs": shapes.address, "name": shapes.words(NAME_MAX)}
    said: Shape = {"type": shapes.exactly("Vouch"), "context": _SHARED, "statement": shapes.words(STATEMENT_MAX)}
    return {
        "@context": shapes.exactly(context()),
        "id": shapes.address,
        "type": shapes.exactly("VerifiableCredential"),
        "issuer": person,
        "validFrom": shapes.moment,
        "validUntil": shapes.moment,
        "credentialSubject": {**person, **said},
        "credentialStatus": _STATUS,
    }


_SHARED: Shape = {
    "kind": lambda value: value in KINDS,
    "organisation": shapes.words(NAME_MAX),
    "unit?": shapes.words(NAME_MAX),
    "starts": shapes.like(_MONTH),
    "ends?": shapes.like(_MONTH),
}
_STATUS: Shape = {
    "type": shapes.exactly("BitstringStatusListEntry"),
    "statusPurpose": shapes.exactly("revocation"),
    "statusListIndex": shapes.like(r"0|[1-9][0-9]{0,9}"),
    "statusListCredential": shapes.address,
    "statusListIssuer": shapes.did_key,  # our own word (status_list.entry)
}


def _adds_up(document: Document) -> bool:
    """It ends after it begins and at most 24 months later; so does what it tells of, as far as the years are known."""
    begins, over = rfc3339.read(document["validFrom"]), rfc3339.read(document["validUntil"])
    told: dict[str, Any] = document["credentialSubject"]["context"]
    starts, until = told["starts"], told.get("ends", "9999")
    known = min(len(starts), len(until))  # 2004 against 2004-06: by the year
    return begins < over <= ends(begins) and starts[:known] <= until[:known]


def ends(begins: datetime, *, months: int = MOST_MONTHS) -> datetime:
    """So many months later at the same time of day; on the month's last day where that day is missing (29 February)."""
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return begins.replace(year=year, month=month + 1, day=min(begins.day, last))
