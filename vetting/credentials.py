"""A public vouch as a signed document that anybody can verify without us (decision 30). Pure: values in, document out.

    draft(facts) → countersign(…, private of the subject) → issue(…, private of the voucher)
    read(bytes) → verify(document, now, status)

Both sign the same words: the subject first, inside `evidence`, then the voucher over all of it. `verify` never answers
"no": what is not proved raises.

    Unproven                       the signature does not fit
    ├── NotAVouch                  written otherwise (credential_shape.py: WrongType, ManyTypes, WrongContext, …)
    ├── NotTheIssuer               somebody else than the voucher signed
    ├── ForOneself                 voucher and subject are one
    ├── NotCountersigned           the subject did not agree to these words
    ├── NotYetValid · Expired      not now
    ├── Withdrawn                  says the list of withdrawn vouches
    └── NotAList · ListTooOld      the list is not the one, or not of today (status_list.py)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from foundation import did, rfc3339, signing, strict_json
from foundation.signing import Document, Unproven
from vetting import credential_shape, shapes, status_list
from vetting.status_list import SKEW

Status = Literal["current", "unknown"]


class NotTheIssuer(Unproven):
    code = "credential-issuer"
    message = _("This vouch was not signed by the one who is said to vouch.")


class ForOneself(Unproven):
    code = "credential-self"
    message = _("Nobody can vouch for themselves.")


class NotCountersigned(Unproven):
    code = "credential-countersignature"
    message = _("The one this vouch is about has not signed it.")


class NotYetValid(Unproven):
    code = "credential-not-yet"
    message = _("This vouch is not valid yet.")


class Expired(Unproven):
    code = "credential-expired"
    message = _("This vouch has run out.")


class Withdrawn(Unproven):
    code = "credential-withdrawn"
    message = _("This vouch was withdrawn.")


@dataclass(frozen=True, kw_only=True)
class Party:
    """One of the two: the did:key, and what that key's holder says of themselves (address of the page, name)."""

    did: str
    actor: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What the two share: `kind` of credential_shape.KINDS; months as `2001-04`, or `2001` where only the year is
    known; `ends=None` still goes on."""

    kind: str
    organisation: str
    unit: str = ""
    starts: str
    ends: str | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a vouch says. `address` is where it lies; `status_issuer` the did:key that signs the status list."""

    address: str
    voucher: Party
    subject: Party
    context: Shared
    statement: str
    valid_from: datetime
    valid_until: datetime
    status_list: str
    status_index: int
    status_issuer: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What is proved: the holders of both keys signed these words, and the time is right.

    `status` is "current" if a genuine list said at `as_of` that it was not withdrawn, "unknown" if none was shown.
    Not proved: that the keys belong to `actor` and `name` (FEP-c390 and the pages themselves tell that).
    """

    address: str
    issuer: Party
    subject: Party
    context: Shared
    statement: str
    valid_from: datetime
    valid_until: datetime
    countersigned: Literal[True]
    status: Status
    as_of: datetime | None


def draft(facts: Facts) -> Document:
    """The unsigned document, its texts as `shapes.cleaned` leaves them; `NotAVouch` if the facts make none."""
    document = {
        "@context": credential_shape.context(),
        "id": facts.address,
        "type": "VerifiableCredential",
        "issuer": _person(facts.voucher),
        "validFrom": rfc3339.write(facts.valid_from),
        "validUntil": rfc3339.write(facts.valid_until),
        "credentialSubject": {
            **_person(facts.subject),
            "type": "Vouch",
            "context": _told(facts.context),
            "statement": shapes.cleaned(facts.statement),
        },
        "credentialStatus": status_list.entry(
            address=facts.status_list, index=facts.status_index, issuer=facts.status_issuer
        ),
    }
    credential_shape.check_draft(document)
    return document


def countersign(document: Document, *, private: bytes, created: datetime | None = None) -> Document:
    """The draft with the subject's agreement to every word of it; a draft may come from another server.

    Raises `NotAVouch` for another document, `NotCountersigned` if the key is not the subject's.
    """
    bare = _without(document, "evidence", "proof")
    credential_shape.check_draft(bare)
    subject = bare["credentialSubject"]["id"]
    if did.of(signing.public_of(private)) != subject:
        raise NotCountersigned
    proof = signing.secure(bare, private=private, method=did.method(subject), created=created)["proof"]
    return {**bare, "evidence": {"type": "Countersignature", "proof": proof}}


def issue(document: Document, *, private: bytes, created: datetime | None = None) -> Document:
    """The countersigned document with the voucher's proof over all of it.

    Raises what `verify` would raise, times apart: nothing leaves that we would refuse.
    """
    credential_shape.check_draft(_without(document, "evidence"))
    issuer = document["issuer"]["id"]
    if did.of(signing.public_of(private)) != issuer:
        raise NotTheIssuer
    signed = signing.secure(_without(document, "proof"), private=private, method=did.method(issuer), created=created)
    _prove(signed)
    return signed


def read(raw: bytes) -> Document:
    """A document from a file or a stranger; `strict_json.Unreadable` for all that is ambiguous or too much."""
    return strict_json.read(raw)


def verify(document: Document, *, now: datetime, status: Document | None = None) -> Verified:
    """What the credential proves at `now`, by itself and, if given, by the list of withdrawn vouches `status`.

    Asks nobody. Raises what the head of this file lists.
    """
    _prove(document)
    if now < rfc3339.read(document["validFrom"]) - SKEW:
        raise NotYetValid
    if now >= rfc3339.read(document["validUntil"]):
        raise Expired
    reading = None if status is None else status_list.read(status, document["credentialStatus"], now=now)
    if reading and reading.withdrawn:
        raise Withdrawn
    return _verified(document, reading)


def _verified(document: Document, reading: status_list.Reading | None) -> Verified:
    subject = document["credentialSubject"]
    return Verified(
        address=document["id"],
        issuer=_party(document["issuer"]),
        subject=_party(subject),
        context=Shared(**subject["context"]),
        statement=subject["statement"],
        valid_from=rfc3339.read(document["validFrom"]),
        valid_until=rfc3339.read(document["validUntil"]),
        countersigned=True,
        status="current" if reading else "unknown",
        as_of=reading.as_of if reading else None,
    )


def _prove(document: Document) -> None:
    """Written as a vouch, signed by the issuer over all, by the subject over the draft, and these are two.

    Two keys with one page are one: a member's key of before cannot vouch for today's.
    """
    if "proof" not in document:
        raise NotTheIssuer
    if "evidence" not in document:
        raise NotCountersigned
    credential_shape.check(document)
    issuer, subject = document["issuer"]["id"], document["credentialSubject"]["id"]
    if issuer == subject or document["issuer"]["alsoKnownAs"] == document["credentialSubject"]["alsoKnownAs"]:
        raise ForOneself
    if document["proof"]["verificationMethod"] != did.method(issuer):
        raise NotTheIssuer
    whole = signing.check(document, public=did.key_in(issuer))
    countersignature = whole["evidence"]["proof"]
    if countersignature["verificationMethod"] != did.method(subject):
        raise NotCountersigned
    try:
        signing.check({**_without(whole, "evidence"), "proof": countersignature}, public=did.key_in(subject))
    except Unproven:
        raise NotCountersigned from None


def _without(document: Document, *names: str) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def _person(party: Party) -> dict[str, Any]:
    return {"id": party.did, "alsoKnownAs": party.actor, "name": shapes.cleaned(party.name)}


def _party(person: dict[str, Any]) -> Party:
    return Party(did=person["id"], actor=person["alsoKnownAs"], name=person["name"])


def _told(context: Shared) -> dict[str, Any]:
    told = {"kind": context.kind, "organisation": shapes.cleaned(context.organisation), "starts": context.starts}
    if context.unit:
        told["unit"] = shapes.cleaned(context.unit)
    return told if context.ends is None else {**told, "ends": context.ends}
