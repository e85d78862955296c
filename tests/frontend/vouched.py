"""People whose word is given: offered, countersigned, as a page would do it."""

from accounts.models import Member, Visibility
from tests.cast import key
from vetting import vouches
from vetting.models import Vouch

SENTENCE = "We rebuilt the switchboard together, and I would take her call at night."


def offered(voucher: Member, subject: Member, *, sentence: str = SENTENCE) -> Vouch:
    entry = voucher.entries.select_related("organisation", "unit").order_by("pk").first()
    return vouches.offer(voucher, subject, entry=entry, sentence=sentence, key=key())


def vouched(voucher: Member, subject: Member, *, to: int = Visibility.EVERYONE, sentence: str = SENTENCE) -> Vouch:
    return vouches.countersign(offered(voucher, subject, sentence=sentence), by=subject, visible_to=to)
