"""Arrays go into PostgreSQL and come back as they were."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation import arrays

pytestmark = pytest.mark.django_db
Y2K = datetime(2000, 1, 1, tzinfo=UTC)
whole = st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40)
TYPES = {"int2": np.int16, "int4": np.int32, "int8": np.int64, "float4": np.float32, "float8": np.float64}


def made(columns: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE shelf ({columns})")


def read(query: str, values: Mapping[str, Any] | None = None) -> list[tuple[arrays.Array, ...]]:
    return list(arrays.rows(query, values or {}))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=whole, floats=st.lists(st.floats(), max_size=40))
def test_what_was_copied_in_is_read_out(numbers: list[int], floats: list[float]) -> None:
    size = min(len(numbers), len(floats))
    ids, values = np.array(numbers[:size], np.int64), np.array(floats[:size], np.float64)
    with transaction.atomic():
        made("id int8, value float8, place serial")
        arrays.copy("shelf", {"id": ids, "value": values})

        found = read(
            "SELECT array_agg(id ORDER BY place), array_agg(value ORDER BY place) FROM shelf HAVING count(*) > 0"
        )

        assert len(found) == (size > 0)
        for got in found:
            assert got[0].tolist() == ids.tolist()
            assert arrays.column([got[1]], np.float64).tobytes() == values.tobytes()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_width_goes_there_and_back(name: str) -> None:
    made(f"value {name}")
    values = np.array([-3, 0, 1, 127], TYPES[name])

    arrays.copy("shelf", {"value": values})

    assert read("SELECT array_agg(value) FROM shelf")[0][0].tolist() == values.tolist()


def test_more_rows_than_one_part_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "COPIED_ROWS", 7)
    made("value int8")

    arrays.copy("shelf", {"value": np.arange(50)})

    assert read("SELECT array_agg(value ORDER BY value) FROM shelf")[0][0].tolist() == list(range(50))


def test_nothing_is_nothing() -> None:
    made("value int8")
    arrays.copy("shelf", {"value": np.empty(0, np.int64)})

    assert read("SELECT array_agg(value) FROM shelf HAVING count(*) > 0") == []
    (empty,) = read("SELECT ARRAY[]::int8[]")[0]
    assert (empty.tolist(), len(empty)) == ([], 0)
    assert arrays.column([], np.int32).dtype == np.int32


@pytest.mark.parametrize("query", ["SELECT ARRAY[1, NULL]::int8[]", "SELECT ARRAY[[1, 2], [3, 4]]::int8[]"])
def test_what_has_holes_or_several_dimensions_is_refused_and_not_misread(query: str) -> None:
    with pytest.raises(arrays.NotFlat):
        read(query)


def test_values_are_passed_as_parameters() -> None:
    assert read("SELECT %(these)s::int8[]", {"these": [3, 1, 2]})[0][0].tolist() == [3, 1, 2]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(-(10**15), 10**16).map(lambda us: Y2K + timedelta(microseconds=us)))
def test_moments_are_microseconds_since_1970(moment: datetime) -> None:
    (found,) = read("SELECT ARRAY[%(moment)s::timestamptz]", {"moment": moment})[0]

    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    assert arrays.moments_us(found).tolist() == [since // timedelta(microseconds=1)]


def test_parts_become_one_column_in_the_machines_own_order() -> None:
    parts = [row[0] for row in read("SELECT ARRAY[n, n + 1]::int4[] FROM generate_series(1, 5, 2) AS n ORDER BY n")]

    column = arrays.column(parts, np.int64)

    assert column.tolist() == [1, 2, 3, 4, 5, 6]
    assert column.dtype.isnative
    column += 1


def test_a_copy_that_fails_leaves_the_transaction_to_its_caller() -> None:
    made("value int8 CHECK (value < 3)")

    with pytest.raises(Exception, match="violates check"), transaction.atomic():
        arrays.copy("shelf", {"value": np.arange(5)})

    assert read("SELECT array_agg(value) FROM shelf HAVING count(*) > 0") == []
