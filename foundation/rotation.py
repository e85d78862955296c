"""Every sealed column of the house, so that a change of the root key reaches all of them.

The owner of a column says so in `AppConfig.ready`: `sealing.registers(...)`. Re-wrapping may be stopped
and started again at any time, and runs beside a working house.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from foundation import sealing
from foundation.sealing import Place, places

BATCH = 500


def rewrap_all() -> dict[str, int]:
    """Everything sealed opens under the current root key; how many texts of each column were re-wrapped.

    Raises `KeyLost` or `Broken` at the first text that cannot be opened; what was done before stays done.
    """
    return {str(place): _rewrap(place) for place in places()}


def keys_in_use() -> dict[str, set[str]]:
    """The ids of the root keys that each column still needs."""
    return {str(place): set(_kids(place)) for place in places()}


def lost_keys() -> set[str]:
    """Ids of root keys that sealed texts need and the ring does not hold: to be empty before the house opens."""
    return set().union(*keys_in_use().values()) - set(sealing.keyring())


def _rewrap(place: Place) -> int:
    done = 0
    last: Any = None
    while rows := list(_old(place, after=last)[:BATCH]):
        for row in rows:
            done += _rewrap_row(place, row)
            last = row.pk
    return done


def _rewrap_row(place: Place, row: models.Model) -> int:
    """One conditional UPDATE: a text that somebody changed meanwhile is already under the current key."""
    before = getattr(row, place.field)
    after = sealing.rewrap(before, where=place.where(row))
    same = place.model._base_manager.filter(pk=row.pk, **{place.field: before})
    return same.update(**{place.field: after})


def _old(place: Place, *, after: Any) -> models.QuerySet[Any]:
    rows = _filled(place).exclude(**{f"{place.field}__startswith": sealing.current_prefix()}).order_by("pk")
    return rows if after is None else rows.filter(pk__gt=after)


def _kids(place: Place) -> Iterable[str]:
    """One probe a key: skip everything under the keys that were found already."""
    found: list[str] = []
    rows = _filled(place).values_list(place.field, flat=True)
    while text := rows.exclude(_under(place, found)).first() if found else rows.first():
        found.append(sealing.kid_of(text))
    return found


def _under(place: Place, kids: list[str]) -> Q:
    return Q(*(Q(**{f"{place.field}__startswith": f"{sealing.VERSION}.{kid}."}) for kid in kids), _connector=Q.OR)


def _filled(place: Place) -> models.QuerySet[Any]:
    return place.model._base_manager.exclude(**{place.field: ""}).exclude(**{f"{place.field}__isnull": True})
