"""Arrays in and out of PostgreSQL by the million: `array_agg` in batches, binary COPY; numbers and booleans only.

Fifty rows of 200,000 numbers each are read many times faster than ten million rows: an array without NULLs has a
fixed stride in PostgreSQL's binary format, so numpy reads it where it lies. The same holds for a binary COPY.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from psycopg.adapt import Loader
from psycopg.pq import Format

Array = NDArray[Any]
HEADER = 20
"""Bytes before the first element of a one-dimensional array: dimensions, NULL flag, type, length, lower bound."""
SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
WIDTHS = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "float4": ">f4", "float8": ">f8", "timestamptz": ">i8"}
COPIED_ROWS = 100_000
EPOCH_US = 946_684_800_000_000
"""PostgreSQL's moments are microseconds since 2000-01-01; this is that day in microseconds since 1970."""


class NotFlat(ValueError):
    """An array with NULLs or of more than one dimension."""


def _loader(width: str) -> type[Loader]:
    element = np.dtype([("length", ">i4"), ("value", width)])

    class Flat(Loader):
        format = Format.BINARY

        def load(self, data: Any) -> Array:
            raw = bytes(data)
            if len(raw) == HEADER - 8:  # no dimension: an empty array
                return np.empty(0, width)
            dimensions, nulls = np.frombuffer(raw, ">i4", 2)
            if dimensions != 1 or nulls:
                raise NotFlat
            return np.frombuffer(raw, element, offset=HEADER)["value"]

    return Flat


def rows(query: str, values: Mapping[str, Any]) -> Iterator[tuple[Array, ...]]:
    """Each row of `query`, whose columns are one-dimensional arrays without NULLs, as numpy arrays.

    Moments (`timestamptz[]`) come as microseconds since 2000-01-01. Runs in the caller's transaction. Rows are
    streamed: the server makes the next while the caller works on one; ask it nothing else until the last is taken.
    """
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    with psycopg.Cursor(raw) as cursor:
        for name, width in WIDTHS.items():
            cursor.adapters.register_loader(psycopg.adapters.types[name].array_oid, _loader(width))
        yield from cursor.stream(query, values, binary=True)


def column(parts: Sequence[Array], dtype: Any) -> Array:
    """Several parts as one array of `dtype`, in the machine's own byte order."""
    return np.concatenate([part.astype(dtype) for part in parts]) if parts else np.empty(0, dtype)


def moments_us(moments: Array) -> Array:
    """PostgreSQL's moments as microseconds since 1970-01-01 UTC."""
    return moments.astype(np.int64) + EPOCH_US


def copy(table: str, columns: Mapping[str, Array]) -> None:
    """Appends one row an index to `table` by binary COPY; `table` and the column names are our own words.

    The numpy types are the column types: int64 → int8, float64 → float8, and so on; shapes (n,).
    """
    names = list(columns)
    fields = [("count", ">i2")]
    for name in names:
        fields += [(f"length of {name}", ">i4"), (name, columns[name].dtype.newbyteorder(">").str)]
    total = len(columns[names[0]])
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    statement = f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT BINARY)"
    with psycopg.Cursor(raw) as cursor, cursor.copy(statement.encode()) as out:
        out.write(SIGNATURE)
        for start in range(0, total, COPIED_ROWS):
            part = np.empty(min(COPIED_ROWS, total - start), np.dtype(fields))
            part["count"] = len(names)
            for name in names:
                part[f"length of {name}"] = columns[name].dtype.itemsize
                part[name] = columns[name][start : start + COPIED_ROWS]
            out.write(part.tobytes())
        out.write(TRAILER)
