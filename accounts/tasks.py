"""The jobs of this floor."""

from datetime import timedelta

from accounts import factors, leaving, organisations, tokens
from accounts.models import Account, Member, Organisation
from foundation import clock, jobs

UNCONFIRMED_DAYS = 3
"""How long a sign-up may wait for its confirmation before its handle is free again."""


@jobs.handles("organisation-recount")
def recount_organisation(organisation: int) -> None:
    found = Organisation.objects.filter(pk=organisation, merged_into=None).first()
    if found:
        organisations.recount(found)


@jobs.every("forget-unconfirmed", timedelta(hours=1), lane="slow")
def forget_unconfirmed() -> None:
    """Sign-ups whose address nobody confirmed are gone, with everything they wrote."""
    before = clock.now() - timedelta(days=UNCONFIRMED_DAYS)
    Account.objects.filter(member__confirmed_at=None, member__joined_at__lt=before, is_staff=False).delete()


@jobs.every("forget-factor-secrets", timedelta(days=1), lane="slow")
def forget_factor_secrets() -> None:
    """What a removed second factor was checked with is gone within two days."""
    factors.forget_secrets()


@jobs.every("forget-tokens", timedelta(days=1), lane="slow")
def forget_tokens() -> None:
    """What a token was called and when it was used is gone a month after it ended."""
    tokens.forget()


@jobs.handles("accounts-erase", lane="slow")
def erase_member(member: int) -> None:
    leaving.erase(Member.objects.get(pk=member))


jobs.listen("member-left", "accounts-erase")


@jobs.every("left-forget", timedelta(days=1), lane="slow")
def forget_handles_of_those_who_left() -> None:
    leaving.forget_handles()
