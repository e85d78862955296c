"""The jobs of this wing."""

from datetime import timedelta

from foundation import jobs
from network.messages import promotions


@jobs.every("promotions-heard", timedelta(hours=1), lane="slow")
def count_promotions_as_heard() -> None:
    promotions.count_as_heard()
