"""The member's own entries."""

import uuid
from typing import Any
from uuid import UUID

from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import entries, months
from accounts.entries import Facts
from accounts.models import Entry, EntryKind, Scope
from frontend import entry_lines
from frontend.api import paging
from frontend.api.described import door
from frontend.api.door import Door, done, read
from frontend.api.shapes import Choice, Circle, Flag, Id, Moment, MonthText, Pages, Shape, Text, circle, page_of
from frontend.entry_lines import Line

KINDS = [str(kind) for kind in EntryKind.values]


class EntryOut(Shape):
    id = Id(source="entry.public_id")
    kind = Choice(source="entry.kind", choices=KINDS)
    organisation = Text()
    unit = Text()
    title = Text()
    text = Text()
    starts = serializers.SerializerMethodField()
    ends = serializers.SerializerMethodField(help_text="null: until today.")
    months = Text(help_text="In words.")
    visible_to = Circle(source="entry.visible_to")
    matchable = serializers.BooleanField(source="entry.matchable")
    counts_from = Moment(source="entry.counts_from", help_text="From when on its age is counted for grade B.")

    def get_starts(self, line: Line) -> str:
        return months.write(line.entry.starts, exact=line.entry.starts_exact)

    def get_ends(self, line: Line) -> str | None:
        return months.write(line.entry.ends, exact=line.entry.ends_exact) or None


class EntryIn(Shape):
    kind = Choice(choices=KINDS)
    organisation = Text()
    unit = Text(default="")
    title = Text(default="")
    text = Text(default="")
    starts = MonthText()
    ends = MonthText(allow_null=True, default=None)
    visible_to = Circle(default="me")
    matchable = Flag(default=False, help_text="Whoever lists the same place and time can learn that you were there.")


class NewEntryIn(EntryIn):
    key = Id(required=False, help_text="Of your own making: the same key again makes no second entry.")


EntryPage = page_of(EntryOut, "EntryPage")


class Entries(Door):
    scopes = {"get": Scope.ENTRIES_READ, "post": Scope.ENTRIES_WRITE}
    queries = {"get": Pages}

    @door("entries", "Your entries, latest first", Scope.ENTRIES_READ, gives=EntryPage, query=Pages)
    def get(self, request: Request) -> Response:
        rows = self.member.entries.select_related("organisation", "unit")
        return paging.page(self, rows, EntryOut, shown=_lines)

    @door("entry_add", "Add an entry", Scope.ENTRIES_WRITE, takes=NewEntryIn, gives=EntryOut, status=201)
    def post(self, request: Request) -> Response:
        said = read(NewEntryIn, request.data)
        key = str(said.pop("key", uuid.uuid4()))
        entry = entries.add(self.member, _facts(said), key=key)
        return Response(_out(entry), status=status.HTTP_201_CREATED)


class OneEntry(Door):
    scopes = {"get": Scope.ENTRIES_READ, "put": Scope.ENTRIES_WRITE, "delete": Scope.ENTRIES_WRITE}

    @door("entry", "One of your entries", Scope.ENTRIES_READ, gives=EntryOut, more=(404,))
    def get(self, request: Request, number: UUID) -> Response:
        return Response(_out(entries.own(self.member, number)))

    @door(
        "entry_change",
        "Say something else in an entry",
        Scope.ENTRIES_WRITE,
        takes=EntryIn,
        gives=EntryOut,
        more=(404,),
        says="Organisation, unit, kind or widened months start its age anew.",
    )
    def put(self, request: Request, number: UUID) -> Response:
        before = entries.own(self.member, number)
        after = entries.change(before, _facts(read(EntryIn, request.data)), by=self.member)
        return Response(_out(after))

    @door("entry_remove", "Remove an entry", Scope.ENTRIES_WRITE, status=204, more=(404,))
    def delete(self, request: Request, number: UUID) -> Response:
        entries.remove(entries.own(self.member, number), by=self.member)
        return done()


def _lines(rows: list[Entry]) -> list[Line]:
    return [entry_lines.line(row) for row in rows]


def _out(entry: Entry) -> Any:
    return EntryOut(entry_lines.line(entry)).data


def _facts(said: dict[str, Any]) -> Facts:
    ends = said.pop("ends")
    return Facts(
        starts=months.read(said.pop("starts"), as_end=False),
        ends=months.read(ends, as_end=True) if ends else None,
        visible_to=circle(said.pop("visible_to")),
        **said,
    )
