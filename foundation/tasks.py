"""What Celery carries: wake-ups without payload. What is to be done stands in the rows."""

from celery import shared_task
from django.db import Error

from foundation import drains, jobs, periodic, registry, wakes


@shared_task(name="foundation.drain", ignore_result=True)
def drain(lane: str) -> None:
    """Work what is due in `lane`; a hint that came late or twice finds nothing to do."""
    wakes.heard(lane)
    jobs.drain(lane)


@shared_task(name="foundation.tick", ignore_result=True)
def tick() -> None:
    """Ask for what is periodic and wake every lane; any number of beats may say so."""
    try:
        periodic.tick()
    except Error as error:
        if not drains.is_outage(error):
            raise
        drains.step_back()
    for lane in registry.lanes():
        wakes.nudge(lane)
