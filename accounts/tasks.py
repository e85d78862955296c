"""The jobs of this floor."""

from datetime import timedelta

from accounts import exporting, factors, leaving, organisations
from accounts import retention as _retention  # noqa: F401  (enters its rules)
from accounts import taken_along as _taken_along  # noqa: F401  (enters its parts)
from accounts.models import Export, Member, Organisation
from foundation import jobs
from foundation import retention as rules


@jobs.handles("organisation-recount")
def recount_organisation(organisation: int) -> None:
    found = Organisation.objects.filter(pk=organisation, merged_into=None).first()
    if found:
        organisations.recount(found)


@jobs.every("forget-unconfirmed", timedelta(hours=1), lane="slow")
def forget_unconfirmed() -> None:
    """Sign-ups whose address nobody confirmed are gone, with everything they wrote; sooner than the night would."""
    rules.apply("sign-ups")


@jobs.every("forget-factor-secrets", timedelta(days=1), lane="slow")
def forget_factor_secrets() -> None:
    """What a removed second factor was checked with is gone within two days."""
    factors.forget_secrets()


@jobs.handles("accounts-erase", lane="slow")
def erase_member(member: int) -> None:
    leaving.erase(Member.objects.get(pk=member))


jobs.listen("member-left", "accounts-erase")


@jobs.handles("export-make", lane="slow", time_limit_s=300)
def make_export(export: int) -> None:
    asked = Export.objects.select_related("member__account").filter(pk=export).first()
    if asked:
        exporting.make(asked)
