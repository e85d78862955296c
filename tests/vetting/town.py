"""A small town for standing: members whose words are as old as a test wants, without requests and pages."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import ties
from accounts.models import Member
from foundation import clock, jobs, registry
from foundation.signing import Document
from network.moderation import moderators
from tests.cast import DAY, new_member
from vetting import contexts, documents, evidence, ledger, nights, standing
from vetting.models import ConfirmationKind, Edge, Night, Standing, Vouch

Floats = NDArray[np.floating[Any]]
OLD = 60 * DAY


def founder(handle: str = "founder") -> Member:
    """A moderator, hence an anchor."""
    member = new_member(handle)
    moderators.appoint(member)
    member.refresh_from_db()
    return member


def vouched(voucher: Member, subject: Member, *, ago: timedelta = OLD, source: str = "") -> None:
    """A public vouch as the ledger has it, without its document."""
    with clock.at(clock.now() - ago):
        ledger.record(subject, by=voucher, kind=evidence.VOUCH, source=source or f"v:{voucher.pk}:{subject.pk}")


def confirmed(one: Member, other: Member, *, ago: timedelta = OLD) -> None:
    """The two are in contact and both said that they worked together."""
    with clock.at(clock.now() - ago):
        ties.begin(one, other)
        contexts.confirm(one, other, kind=ConfirmationKind.WORKED, source=one.public_id)


def night() -> Night:
    return nights.solve()


def points(member: Member) -> float:
    return standing.of(member).points


LETTERS = "abcdefghjkmnpqrstuwxyz"
"""No two of them look alike (`wording.confusable_handle`)."""


def people(count: int) -> list[Member]:
    return [new_member(f"citizen_{letter}") for letter in LETTERS[:count]]


def work_standings() -> None:
    """Everything but nights: what happens during a day."""
    while sum(jobs.drain(lane) for lane in registry.lanes() if lane != "slow"):
        pass


@dataclass(frozen=True)
class Equation:
    """x = c(s + Kx) in dense form, written down a second time from the rows: members' ids, x, r, c, s, K."""

    ids: list[int]
    x: Floats
    residual: Floats
    conduct: Floats
    anchors: Floats
    kernel: Floats

    @property
    def solution(self) -> Floats:
        links = self.conduct[:, None] * self.kernel
        return np.asarray(np.linalg.solve(np.eye(len(self.ids)) - links, self.conduct * self.anchors))

    @property
    def true_residual(self) -> Floats:
        return np.asarray(self.conduct * (self.anchors + self.kernel @ self.x) - self.x)


def equation() -> Equation:
    """As the rows are now; words are as old as they were on the latest night."""
    night = standing.latest_night()
    rows = list(Standing.objects.order_by("member"))
    place = {row.pk: index for index, row in enumerate(rows)}
    weight = np.zeros((len(rows), len(rows)))
    for edge in Edge.objects.filter(counted=True):
        lends = evidence.LENDS[evidence.CODES[edge.kind]]
        age_d = (night.as_of - edge.at).total_seconds() / 86_400 if night else 0.0
        if lends.explicit or rows[place[edge.voucher_id]].anchor < 1:
            now = lends.w0 * (1 - 2 ** (-age_d / 7)) * 2 ** (-age_d / lends.half_life_d)
            weight[place[edge.member_id], place[edge.voucher_id]] += now
    weight = np.minimum(weight, 3)
    return Equation(
        ids=[row.pk for row in rows],
        x=np.array([row.x for row in rows]),
        residual=np.array([row.residual for row in rows]),
        conduct=np.array([row.conduct for row in rows]),
        anchors=np.array([row.anchor for row in rows]),
        kernel=0.6 * weight / np.maximum(10, weight.sum(axis=0)),
    )


def lends_by_vouch(voucher: Member, subject: Member) -> bool:
    code = evidence.LENDS[evidence.VOUCH].code
    return Edge.objects.filter(voucher=voucher, member=subject, kind=code, ended_at=None).exists()


def status_of(vouch: Vouch) -> Document:
    """The signed list that has the vouch's place."""
    assert vouch.status_key is not None
    assert vouch.status_index is not None
    found = documents.status(vouch.status_key.pk, vouch.status_index // documents.PLACES)
    assert found is not None
    return found
