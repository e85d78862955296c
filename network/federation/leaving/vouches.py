"""What goes to other servers about public vouches. A refusal is not among it (decision 54)."""

from django.db.models import QuerySet

from accounts.models import Visibility
from foundation import clock, jobs
from network.federation import actors, addresses, circles, outbox, references, vocabulary, vouch_notes
from network.federation.models import Actor, Outbound
from vetting import vouches_afar
from vetting.models import Vouch


@jobs.handles("vouch-offer-leaves")
def send_offer(vouch: int) -> None:
    """A subject elsewhere is asked to countersign."""
    row = _found(vouch)
    if row is None or row.voucher.host or not row.subject.host:
        return
    party = vouch_notes.party(row.subject)
    draft = vouches_afar.prepare(row, subject=party) if party else None
    if draft is None:
        return
    note = vouch_notes.compose(row, draft, to=[addresses.actor(row.subject)], cc=[])
    activity = {"type": "Offer", "to": note["to"], "object": note}
    references.remember(note["id"], "vouch", row)
    made = outbox.send(row.voucher, activity, to=[actors.of(row.subject)], key=f"vouch-offer:{row.public_id}")
    references.remember(made.uri, "vouch-offer", row)


@jobs.handles("vouch-agreement-leaves")
def send_agreement(vouch: int) -> None:
    """The subject here has countersigned what somebody elsewhere says; their server has the last signature.

    `result` says for whom the note will be: everyone, or the subject alone.
    """
    row = _found(vouch)
    if row is None or not row.voucher.host or row.issued_at or row.withdrawn_at:
        return
    offer, note = references.name_of("vouch-offer", row), references.name_of("vouch", row)
    everyone = row.visible_to == Visibility.EVERYONE
    readers = [vocabulary.PUBLIC] if everyone else [addresses.actor(row.subject)]
    activity = {
        "type": "Accept",
        "to": [addresses.actor(row.voucher)],
        "object": offer,
        "credential": row.draft,
        "result": {"type": "Note", "id": note, "to": readers},
    }
    outbox.send(row.subject, activity, to=[actors.of(row.voucher)], key=f"vouch-accept:{offer}")


@jobs.handles("vouch-leaves")
def send_vouch(vouch: int) -> None:
    """An issued vouch is where its subject wants it: with everyone, or with the subject's server alone."""
    row = _found(vouch)
    if row is None or row.issued_at is None or not row.is_live(clock.now()):
        return
    if not row.subject.host:
        _list(row)
    if not row.voucher.host:
        _publish(row)


@jobs.handles("vouch-withdrawal-leaves")
def send_withdrawal(vouch: int) -> None:
    """Wherever the note went, it is deleted; the credential's status tells everybody else."""
    row = _found(vouch)
    if row and not row.voucher.host and _sent(row).exists():
        _delete(row, circles.told_of(vouch_notes.uri(row)), key=f"vouch-withdrawn:{row.public_id}")


jobs.listen("vouch-offered", "vouch-offer-leaves")
jobs.listen("vouch-agreed", "vouch-agreement-leaves")
jobs.listen("vouch-issued", "vouch-leaves")
jobs.listen("vouch-shown", "vouch-leaves")
jobs.listen("vouch-withdrawn", "vouch-withdrawal-leaves")


def _found(vouch: int) -> Vouch | None:
    return Vouch.objects.select_related("voucher", "subject").filter(pk=vouch).first()


def _publish(vouch: Vouch) -> None:
    """Once taken down a note stays down on other servers: its name has ended there."""
    subject = [actors.of(vouch.subject)] if vouch.subject.host else []
    readers = circles.followers(vouch.voucher)
    if vouch.visible_to == Visibility.EVERYONE:
        _create(vouch, circles.united(readers, subject), to=[vocabulary.PUBLIC], key="vouch-public")
        return
    if subject:
        _create(vouch, subject, to=[addresses.actor(vouch.subject)], key="vouch-issued")
    published = _sent(vouch).filter(public=True)
    if published.exists():
        theirs = {actor.peer_id for actor in subject}  # to the subject's server a Delete would say: withdrawn
        told = [actor for actor in circles.told_of(vouch_notes.uri(vouch)) if actor.peer_id not in theirs]
        _delete(vouch, told, key=f"vouch-hidden:{vouch.public_id}")


def _create(vouch: Vouch, readers: list[Actor], *, to: list[str], key: str) -> None:
    assert vouch.credential is not None
    public = to == [vocabulary.PUBLIC]
    cc = [addresses.part(vouch.voucher, "followers"), addresses.actor(vouch.subject)] if public else []
    note = vouch_notes.compose(vouch, vouch.credential, to=to, cc=cc)
    activity = {"type": "Create", "to": to, "cc": cc, "published": note["published"], "object": note}
    references.remember(note["id"], "vouch", vouch)
    key = f"{key}:{vouch.public_id}"
    outbox.send(vouch.voucher, activity, to=readers, key=key, public=public, shared=public)


def _list(vouch: Vouch) -> None:
    """The subject here lists the vouch among those they show to everyone, or no longer; said once each time."""
    name = references.name_of("vouch", vouch) or vouch_notes.uri(vouch)
    subject, wanted = vouch.subject, "Add" if vouch.visible_to == Visibility.EVERYONE else "Remove"
    said = Outbound.objects.filter(sender=subject, body__object=name, body__type__in=("Add", "Remove"))
    last = said.order_by("-made_at").first()
    if (last.body["type"] if last else "Remove") == wanted:
        return
    activity = {
        "type": wanted,
        "to": [vocabulary.PUBLIC],
        "cc": [addresses.part(subject, "followers")],
        "object": name,
        "target": addresses.part(subject, "vouches"),
    }
    to = circles.united(circles.followers(subject), [actors.of(vouch.voucher)] if vouch.voucher.host else [])
    key = f"vouch-shown:{vouch.public_id}:{said.count()}"
    outbox.send(subject, activity, to=to, key=key, public=wanted == "Add", shared=True)


def _delete(vouch: Vouch, told: list[Actor], *, key: str) -> None:
    tombstone = {"type": "Tombstone", "id": vouch_notes.uri(vouch), "formerType": "Note"}
    to = [vocabulary.PUBLIC] if _sent(vouch).filter(public=True).exists() else _names(told)
    outbox.send(vouch.voucher, {"type": "Delete", "to": to, "object": tombstone}, to=told, key=key)


def _names(told: list[Actor]) -> list[str]:
    return [actor.uri for actor in told]


def _sent(vouch: Vouch) -> QuerySet[Outbound]:
    return Outbound.objects.filter(object_uri=vouch_notes.uri(vouch), body__type__in=("Offer", "Create"))
