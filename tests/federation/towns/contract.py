"""Deeds about what lies between three: who asks for a vouch, who gives it; and what both sides know of one contact."""

from foundation.models import Job
from network.contacts import quiet, requests, vouching
from network.contacts.models import Contact, Request
from tests import cast
from tests.federation.towns.deeds import member
from vetting import contexts
from vetting.models import ConfirmationKind


def asks_with(asker: str, recipient: str, *, voucher: str) -> None:
    """With their first entry as context, and somebody who shall vouch."""
    one, entry, asked = member(asker), member(asker).entries.first(), [member(voucher)]
    requests.ask(one, member(recipient), context="entry", entry=entry, key=cast.key(), vouchers=asked)


def know_each_other(one: str, other: str) -> None:
    """Two of this town, with a confirmed context."""
    low, high = member(one), member(other)
    quiet.begin(asker=low, recipient=high)
    contexts.confirm(low, high, kind=ConfirmationKind.WORKED, source=low.public_id)


def questions(voucher: str) -> list[list[str]]:
    """For whom, and with whom, they are asked to vouch."""
    rows = vouching.waiting_for(member(voucher)).order_by("pk")
    return [[row.request.asker.called, row.request.recipient.called] for row in rows]


def vouches(voucher: str, *, sentence: str) -> None:
    me = member(voucher)
    vouching.answer(vouching.waiting_for(me).get(), by=me, answer="vouch", sentence=sentence)


def words_for(asker: str, recipient: str) -> list[list[str]]:
    """Who vouches for a request, in which words."""
    request = Request.objects.get(recipient=member(recipient), asker=member(asker))
    return [[one.voucher.called, one.sentence] for one in vouching.vouches(request)]


def contacts_ever(one: str, other: str) -> int:
    both = [member(one), member(other)]
    return Contact.objects.filter(asker__in=both, recipient__in=both).count()


def keeps_quiet(one: str, other: str) -> list[str]:
    """Which of two in contact may not sell, by their addresses."""
    found = quiet.between(member(one), member(other))
    return sorted(side.address for side in (member(one), member(other)) if found and found.quiet_of(side))


def jobs_left() -> list[str]:
    """The kinds of what is due here and not done."""
    return sorted(set(Job.objects.filter(done_at=None, dead_at=None).values_list("kind", flat=True)))
