"""Whether vouches that other servers issued still stand: their lists are read again every month (reputation.md)."""

from datetime import timedelta

from foundation import jobs, strict_json
from foundation.refusals import NotNow, Refusal
from foundation.signing import Document
from network.federation import client, vouch_notes
from vetting import vouches_afar
from vetting.models import Vouch


class NoList(NotNow):
    """That server does not show its list just now."""

    code = "no-status-list"


@jobs.every("vouch-statuses", timedelta(days=1), lane="slow")
def ask_for_all() -> None:
    """Each vouch whose status is not fresh has a job that reads it."""
    for vouch in vouches_afar.to_look_at():
        jobs.add("vouch-status", {"vouch": vouch.pk}, key=f"vouch-status:{vouch.pk}")


@jobs.handles("vouch-status", lane="slow", outside=True, time_limit_s=60, deadline=timedelta(days=1))
def read(vouch: int) -> None:
    """The vouch is as their list says. If nobody could read that for 180 days, it lends nothing any more."""
    row = Vouch.objects.select_related("voucher", "subject").filter(pk=vouch).first()
    if row is None or row.credential is None:
        return
    try:
        vouches_afar.read_status(row, _fetch(row.credential["credentialStatus"]["statusListCredential"]))
    except Refusal:
        vouches_afar.give_up(row)


def _fetch(address: str) -> Document:
    answer = client.get(address, accept=vouch_notes.MEDIA_TYPE)
    if answer.status != 200:
        raise NoList
    return strict_json.read(answer.body)
