"""Where deeds that are told are noted, by days ago."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from frontend.management.town.careers import Person
from frontend.management.town.deeds import Deed, Town


class Diary:
    """Notes deeds of those people by days ago; `now` is the moment the town is founded."""

    def __init__(self, now: datetime, people: Sequence[Person]) -> None:
        self.now = now
        self.deeds: list[Deed] = []
        self._lines = {(who.handle, line.place): number for who in people for number, line in enumerate(who.lines)}

    def on(self, days: int, do: Callable[..., object], /, *, hour: int = 10, **about: object) -> None:
        at = (self.now - timedelta(days=days)).replace(hour=hour, minute=len(self.deeds) % 60, second=0, microsecond=0)
        self.deeds.append(Deed(at, 4, partial(do, **about)))

    def just_now(self, minutes: int, do: Callable[..., object], /, **about: object) -> None:
        self.deeds.append(Deed(self.now - timedelta(minutes=minutes), 4, partial(do, **about)))

    def ask(self, days: int, asker: str, recipient: str, place: str, note: str = "", *vouchers: str) -> None:
        line = self._lines[asker, place]
        self.on(days, Town.ask, asker=asker, recipient=recipient, line=line, note=note, vouchers=vouchers)

    def meet(self, days: int, asker: str, recipient: str, place: str, note: str = "", *, both: bool = True) -> None:
        """Asked, and accepted two days later."""
        self.ask(days, asker, recipient, place, note)
        self.on(days - 2, Town.accept, asker=asker, recipient=recipient, both_there=both)

    def offer(self, days: int, voucher: str, subject: str, place: str, sentence: str) -> None:
        line = self._lines[voucher, place]
        self.on(days, Town.offer_vouch, hour=18, voucher=voucher, subject=subject, line=line, sentence=sentence)

    def vouch(self, days: int, voucher: str, subject: str, place: str, sentence: str, *, to: int) -> None:
        """Offered, and countersigned two days later."""
        self.offer(days, voucher, subject, place, sentence)
        self.on(days - 2, Town.countersign_vouch, hour=20, voucher=voucher, subject=subject, visible_to=int(to))

    def say(self, days: int, writer: str, reader: str, text: str, hour: int = 12) -> None:
        self.on(days, Town.write, hour=hour, writer=writer, reader=reader, text=text)
