"""JSON from strangers: read only if every reader would read the same, and never at a cost beyond its size."""

import contextlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import rfc3339, strict_json
from foundation.strict_json import Unreadable

whole = st.integers(-(2**53) + 1, 2**53 - 1)
real = st.floats(-1e15, 1e15)
value = st.recursive(
    st.none() | st.booleans() | whole | real | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), value), st.booleans())
def test_an_object_is_read_as_it_was_written(said: dict[str, Any], plain: bool) -> None:
    text = json.dumps(said, ensure_ascii=plain)

    assert strict_json.read(text.encode("utf-8", "surrogatepass" if plain else "strict")) == said


def nested(levels: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    return b'{"a":' + opening * (levels - 1) + b"1" + closing * (levels - 1) + b"}"


def test_32_levels_and_256_kib_are_read() -> None:
    assert strict_json.read(nested(32))
    assert strict_json.read(b'{"a":"' + b"x" * (256 * 1024 - 8) + b'"}')
    assert strict_json.read(b'{"a":"' + b"[{" * 1000 + b'\\"[["}')  # brackets in a text are no levels


BAD: dict[str, bytes] = {
    "33 levels": nested(33),
    "33 levels of objects": nested(33, b'{"a":', b"}"),
    "as deep as it is long": b"[" * 200_000,
    "deep behind a broken text": b'"\\' + b"[" * 40,
    "a byte too many": b'{"a":"' + b"x" * (256 * 1024 - 7) + b'"}',
    "a key twice": b'{"actor":"a","actor":"b"}',
    "a key twice, written otherwise": b'{"actor":1,"\\u0061ctor":2}',
    "a key twice below": b'{"a":[{"b":1,"b":1}]}',
    "no number": b'{"a":NaN}',
    "endless": b'{"a":Infinity}',
    "endless below": b'{"a":-Infinity}',
    "endless as a number": b'{"a":1e999}',
    "beyond 2^53": b'{"a":9007199254740992}',
    "beyond -2^53": b'{"a":-9007199254740992}',
    "beyond 2^53 as a fraction": b'{"a":9007199254740992.5}',
    "5,000 digits": b'{"a":' + b"9" * 5000 + b"}",
    "a list": b"[]",
    "a text": b'"a"',
    "nothing": b"",
    "half": b'{"a":',
    "two": b"{}{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "no UTF-8": b'{"a":"\xff"}',
    "a control character": b'{"a":"\n"}',
    "a comment": b"{}//",
}


@pytest.mark.parametrize("reason", BAD)
def test_what_two_could_read_differently_is_not_read(reason: str) -> None:
    with pytest.raises(Unreadable):
        strict_json.read(BAD[reason])


@given(st.binary(max_size=200))
def test_noise_is_refused_and_nothing_else_happens(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(strict_json.read(raw), dict)


@pytest.mark.timeout(20)  # quadratic, these would take an hour
@pytest.mark.parametrize("piece", [b'"', b'\\"', b'"\\', b"\\", b'"\\"', b"[", b'{"'])
def test_the_depth_is_told_in_one_go(piece: bytes) -> None:
    with pytest.raises(Unreadable):
        strict_json.read(piece * (256 * 1024 // len(piece)))


# ── moments ─────────────────────────────────────────────────────────────────


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_is_written_to_the_second_and_read_again(moment: datetime) -> None:
    assert rfc3339.read(rfc3339.write(moment)) == moment.replace(microsecond=0)


def test_a_moment_elsewhere_is_written_in_utc() -> None:
    there = datetime(2026, 11, 22, 10, 30, tzinfo=timezone(timedelta(hours=1)))

    assert rfc3339.write(there) == "2026-11-22T09:30:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        20261122,
        "2026-11-22",
        "2026-11-22T09:30:00",
        "2026-11-22T09:30:00z",
        "2026-11-22T09:30:00.5Z",
        "2026-11-22T09:30:00+00:00",
        "2026-11-22 09:30:00Z",
        "2026-11-22T09:30:00Z\n",
        "2026-02-30T09:30:00Z",
        "2026-11-22T24:00:00Z",
        "２０２６-11-22T09:30:00Z",
    ],
)
def test_there_is_one_way_to_write_a_moment(text: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        rfc3339.read(text)
