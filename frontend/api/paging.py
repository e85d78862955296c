"""Pages of 25: one row more is read, which tells whether there is a next one. Nothing is counted."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.response import Response

from frontend.api.door import Door
from frontend.api.shapes import Shape

A_PAGE = 25
M = TypeVar("M", bound=Model)


def page(
    door: Door, rows: QuerySet[M], shape: type[Shape], *, shown: Callable[[list[M]], Sequence[Any]] = lambda rows: rows
) -> Response:
    """The page asked for; `shown` makes of its rows what the shape reads."""
    number: int = door.asked["page"]
    found = list(rows[(number - 1) * A_PAGE : number * A_PAGE + 1])
    lines = shape(shown(found[:A_PAGE]), many=True).data
    return Response({"page": number, "more": len(found) > A_PAGE, "rows": lines})
