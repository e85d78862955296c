"""What a load balancer asks: does the process live, and can it do its work."""

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

PLAIN = "text/plain; charset=utf-8"


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as soon as the process answers; asks nobody else, so that a database outage restarts no web server."""
    return HttpResponse("ok\n", content_type=PLAIN)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if the database answers and holds this version's tables, else 503."""
    try:
        waiting = _migrations_waiting()
    except DatabaseError:
        return HttpResponse("no database\n", status=503, content_type=PLAIN)
    if waiting:
        return HttpResponse("migrations wait\n", status=503, content_type=PLAIN)
    return HttpResponse("ready\n", content_type=PLAIN)


def _migrations_waiting() -> list[Any]:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())
