"""The foundation's own figures: is the work done, do letters leave."""

from collections.abc import Mapping

from django.db.models import Count

from foundation import worker
from foundation.gauges import shows
from foundation.models import Job, Letter


@shows("jobs_oldest_due_seconds", "Age of the oldest job that could be worked now; over 60 the workers are not well")
def oldest_due_s() -> float:
    return worker.oldest_due_s()


@shows("jobs_waiting", "Jobs not yet done, by kind", label="kind")
def jobs_waiting() -> Mapping[str, float]:
    rows = Job.objects.filter(done_at=None, dead_at=None).values_list("kind")
    return dict(rows.annotate(many=Count("pk")).values_list("kind", "many"))


@shows("jobs_dead", "Jobs given up, by kind: somebody should look", label="kind")
def jobs_dead() -> Mapping[str, float]:
    rows = Job.objects.filter(dead_at__isnull=False, done_at=None).values_list("kind")
    return dict(rows.annotate(many=Count("pk")).values_list("kind", "many"))


@shows("letters_waiting", "Letters written and not yet taken by the mail server")
def letters_waiting() -> float:
    return Letter.objects.filter(sent_at=None).count()
