"""Letters to addresses at work, and the links in them."""

import re

from accounts.models import Member
from foundation import jobs, letters
from foundation.models import Letter
from vetting import work_mail

ACME = "acme-werke.de"
CANARY = "canary.seven@acme-werke.de"


def link_of(member: Member, address: str = CANARY) -> str:
    """The token in the letter that reached this address."""
    work_mail.ask(member, address)
    jobs.drain_everything()
    mine = Letter.objects.filter(kind=work_mail.KIND, reader=str(member.public_id)).exclude(sealed_body="")
    found = re.search(r"/proofs/(\S+)/\n", letters.text_of(mine.latest("made_at")).text)
    assert found is not None
    return found[1]
