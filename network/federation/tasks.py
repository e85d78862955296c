"""The jobs of this wing, and the rooms that make sense of what arrives (each registers itself when imported)."""

from datetime import timedelta

from foundation import jobs
from network.federation import delivery, inbox

# One import a room, so that two hands can add rooms without a conflict:
from network.federation import lookups as lookups


@jobs.handles("arrival", lane="arrivals")
def make_sense_of(inbound: int) -> None:
    inbox.handle(inbound)


@jobs.handles("deliver", lane="deliveries", outside=True, time_limit_s=60, deadline=timedelta(days=7))
def deliver(peer: int) -> None:
    delivery.send_due(peer)


@jobs.every("deliveries-due", timedelta(minutes=5), lane="deliveries")
def ask_for_turns() -> None:
    delivery.ask_for_all()
