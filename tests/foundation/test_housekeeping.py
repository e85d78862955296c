"""What nobody needs any more goes; what somebody must look at stays."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from foundation import clock, housekeeping, quotas
from foundation.models import Job, PeriodicRun, Quota


@pytest.mark.django_db
def test_old_done_jobs_go_and_dead_or_waiting_ones_stay() -> None:
    for kind in ("old", "fresh", "dead", "waiting"):
        Job.objects.create(kind=kind)
    Job.objects.filter(kind__in=["old", "fresh"]).update(done_at=Now())
    Job.objects.filter(kind="old").update(done_at=F("done_at") - timedelta(days=8))
    Job.objects.filter(kind="dead").update(dead_at=Now() - timedelta(days=800))

    housekeeping.forget()
    assert set(Job.objects.values_list("kind", flat=True)) == {"fresh", "dead", "waiting"}


@pytest.mark.django_db
def test_old_windows_and_slots_go() -> None:
    quotas.spend("requests", "ada", limit=5)
    with clock.at(clock.now() - timedelta(days=500)):
        quotas.spend("requests", "ada", limit=5)
    PeriodicRun.objects.create(kind="nightly", slot=1)
    PeriodicRun.objects.update(made_at=F("made_at") - timedelta(days=500))

    housekeeping.forget()
    assert Quota.objects.count() == 1
    assert not PeriodicRun.objects.exists()
