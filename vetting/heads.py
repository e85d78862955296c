"""The heads of all chains in a file, so that what is missing from a chain's end shows: `subject number hash` a line.

Both the file and the walk go in order of the subjects, so one head at a time is in memory.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self
from uuid import UUID

from vetting.chains import Link


class Unreadable(ValueError):
    """The file holds something else than heads in their order."""


class Book:
    """Heads kept last time, compared with a walk along all chains (`compare` for each line, then `rest`), and those of
    now, which replace them when `keep` is called. Without a file it knows nothing and keeps nothing."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._fresh = file and file.with_name(f"{file.name}.new")
        self._last: Link | None = None

    def __enter__(self) -> Self:
        self._kept = _read(self.file) if self.file and self.file.exists() else iter(())
        self._wanted = next(self._kept, None)
        self._out: IO[str] | None = self._fresh.open("w", encoding="ascii") if self._fresh else None
        return self

    def __exit__(self, *_error: object) -> None:
        if self._out and self._fresh:
            self._out.close()
            self._fresh.unlink(missing_ok=True)

    def compare(self, link: Link) -> Iterator[str]:
        """What is wrong with the chains before this line, and with this line if it was a head."""
        if self._last and self._last.about != link.about:
            self._write(self._last)
        self._last = link
        while self._wanted and (self._wanted.about.bytes, self._wanted.number) < (link.about.bytes, link.number):
            yield self._missing()
        if self._wanted and (self._wanted.about, self._wanted.number) == (link.about, link.number):
            if self._wanted.hash != link.hash:
                yield f"{link.about}: line {link.number} is another than it was"
            self._wanted = next(self._kept, None)

    def rest(self) -> Iterator[str]:
        """What is missing behind the last line walked."""
        if self._last:
            self._write(self._last)
        while self._wanted:
            yield self._missing()

    def keep(self) -> None:
        """The file holds the heads of this walk."""
        if self._out and self._fresh and self.file:
            self._out.close()
            self._fresh.replace(self.file)

    def _missing(self) -> str:
        assert self._wanted
        words = f"{self._wanted.about}: line {self._wanted.number}, its last one then, is missing"
        self._wanted = next(self._kept, None)
        return words

    def _write(self, link: Link) -> None:
        if self._out:
            self._out.write(f"{link.about} {link.number} {link.hash.hex()}\n")


def _read(file: Path) -> Iterator[Link]:
    """Raises `Unreadable`, `OSError`."""
    before = b""
    with file.open(encoding="ascii") as lines:
        for count, line in enumerate(lines, start=1):
            try:
                about, number, hash_ = line.split()
                link = Link(UUID(about), int(number), bytes.fromhex(hash_))
            except ValueError:
                raise Unreadable(f"line {count} is no head of a chain") from None
            if link.about.bytes <= before:
                raise Unreadable(f"line {count} is out of order")
            before = link.about.bytes
            yield link
