"""The jobs of this wing, and the rooms that make sense of what arrives (each registers itself when imported)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from foundation import clock, jobs, retention
from network.federation import batches, delivery, inbox, parking

# One import a room, so that two hands can add rooms without a conflict:
from network.federation import lookups as lookups
from network.federation import taken_along as _taken_along  # noqa: F401  (enters its parts)
from network.federation import vouch_statuses as _vouch_statuses  # noqa: F401
from network.federation.arriving import answers as _answers  # noqa: F401
from network.federation.arriving import blocks as _blocks  # noqa: F401
from network.federation.arriving import deletions as _deletions  # noqa: F401
from network.federation.arriving import follows as _follows  # noqa: F401
from network.federation.arriving import messages as _messages  # noqa: F401
from network.federation.arriving import moves as _moves  # noqa: F401
from network.federation.arriving import profiles as _profiles  # noqa: F401
from network.federation.arriving import questions as _questions  # noqa: F401
from network.federation.arriving import reports as _reports  # noqa: F401
from network.federation.arriving import requests as _requests  # noqa: F401
from network.federation.arriving import strangers as _strangers  # noqa: F401  (after `messages`)
from network.federation.arriving import vouches as _vouches  # noqa: F401
from network.federation.leaving import erasing as _leaving_erasing  # noqa: F401
from network.federation.leaving import follows as _leaving_follows  # noqa: F401
from network.federation.leaving import messages as _leaving_messages  # noqa: F401
from network.federation.leaving import moves as _leaving_moves  # noqa: F401
from network.federation.leaving import profiles as _leaving_profiles  # noqa: F401
from network.federation.leaving import questions as _leaving_questions  # noqa: F401
from network.federation.leaving import reports as _leaving_reports  # noqa: F401
from network.federation.leaving import requests as _leaving_requests  # noqa: F401
from network.federation.leaving import vouches as _leaving_vouches  # noqa: F401


@jobs.handles("arrival", lane="arrivals")
def make_sense_of(inbound: int) -> None:
    inbox.handle(inbound)


@jobs.handles("deliver", lane="deliveries", outside=True, time_limit_s=60, deadline=timedelta(days=7))
def deliver(peer: int) -> None:
    delivery.send_due(peer)


@jobs.every("deliveries-due", timedelta(minutes=5), lane="deliveries")
def ask_for_turns() -> None:
    delivery.ask_for_all()


@jobs.every("arrivals-parked", timedelta(minutes=10), lane="arrivals")
def look_at_parked() -> None:
    parking.look_at_ripe(clock.now())


@jobs.every("federation-forget", timedelta(hours=1), lane="slow")
def forget() -> None:
    inbox.forget(clock.now())
    batches.forget()


@retention.keeps("inbound", setting="INBOUND_BODY_DAYS", what=_("What other servers sent, as they sent it"))
def forget_inbound(before: datetime) -> None:
    inbox.forget(clock.now())


@retention.keeps("delivered", setting="DELIVERY_DONE_DAYS", what=_("That something was delivered to another server"))
@retention.keeps("given-up", setting="DELIVERY_DEAD_DAYS", what=_("That something could not be delivered there"))
def forget_deliveries(before: datetime) -> None:
    batches.forget()
