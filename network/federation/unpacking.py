"""An answer's body, read to its end or to a limit that counts what it becomes when unpacked (federation.md, 23)."""

import zlib
from collections.abc import Iterable, Mapping

from foundation.refusals import Invalid

GZIP = 16 + zlib.MAX_WBITS


class TooLarge(Invalid):
    """More than is read of anybody."""

    code = "answer-too-large"


class Garbled(Invalid):
    """Packed in a way that was not asked for, or not to be unpacked."""

    code = "answer-garbled"


def read(chunks: Iterable[bytes], headers: Mapping[str, str], *, most_bytes: int) -> bytes:
    """The body, unpacked. Raises `TooLarge` as soon as it is, so that nothing large is ever held; `Garbled`."""
    said = headers.get("content-length", "0")
    if said.isdecimal() and int(said[:20]) > most_bytes:
        raise TooLarge
    packing = headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        return _plain(chunks, most_bytes)
    if packing in ("gzip", "x-gzip"):
        return _unzipped(chunks, most_bytes)
    raise Garbled


def _plain(chunks: Iterable[bytes], most_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge
    return bytes(body)


def _unzipped(chunks: Iterable[bytes], most_bytes: int) -> bytes:
    body, packed, unzip = bytearray(), 0, zlib.decompressobj(GZIP)
    for chunk in chunks:
        packed += len(chunk)
        try:
            body += unzip.decompress(chunk, most_bytes + 1 - len(body))
        except zlib.error:
            raise Garbled from None
        if len(body) > most_bytes or packed > most_bytes or unzip.unconsumed_tail:
            raise TooLarge
    if packed and not unzip.eof:
        raise Garbled
    return bytes(body)
