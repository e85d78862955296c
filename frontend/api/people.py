"""People as the member may see them: found, looked at, crossed paths with."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import crossings, people, ties, visibility
from accounts.crossings import Crossing
from accounts.models import Member, Scope, Visibility
from frontend import entry_lines
from frontend.api.described import door
from frontend.api.door import Door
from frontend.api.entries import KINDS
from frontend.api.shapes import Choice, Id, Query, Shape, Text, page_of
from frontend.views.crossings import unit_of
from frontend.views.people import between, paths
from network.contacts import requests

LONGEST = 320


class PersonOut(Shape):
    """Fields that may not be seen are empty."""

    handle = Text(source="called", help_text="With the server for people elsewhere: this names them everywhere here.")
    shown_name = Text(help_text="How the pages name them.")
    name = Text()
    headline = Text()
    place = Text()
    languages = Text()
    about = Text()


class BriefOut(Shape):
    handle = Text(source="called")
    shown_name = Text()
    headline = Text()


class TheirEntryOut(Shape):
    kind = Choice(source="entry.kind", choices=KINDS)
    organisation = Text()
    unit = Text()
    title = Text()
    text = Text()
    months = Text(help_text="In words.")


class PathOut(Shape):
    place = Text()
    unit = Text()
    months = Text()


class BetweenOut(Shape):
    """What is between you and them; ids are those of the other doors."""

    contact = Id(source="contact.public_id", default=None, allow_null=True)
    sent = Id(source="asked.public_id", default=None, allow_null=True, help_text="Your request that still reads sent.")
    received = Id(source="asks_me.public_id", default=None, allow_null=True, help_text="Theirs that waits for you.")
    blocked = serializers.BooleanField(help_text="By you.")


class PageOut(Shape):
    person = PersonOut()
    entries = TheirEntryOut(many=True)
    paths = PathOut(many=True, help_text="Where your paths crossed.")
    between = BetweenOut(allow_null=True, help_text="null: that is you.")


class FoundOut(Shape):
    rows = PersonOut(many=True, help_text="At most 20.")


class CrossingOut(Shape):
    person = BriefOut()
    place = Text(source="mine.organisation.name")
    unit = serializers.SerializerMethodField()
    months = Text()
    between = serializers.SerializerMethodField()

    def get_unit(self, crossing: Crossing) -> str:
        return unit_of(crossing)

    def get_between(self, crossing: Crossing) -> str:
        between: str = self.context["between"].get(crossing.person.member.pk, "nothing")
        return between


CrossingPage = page_of(CrossingOut, "CrossingPage")


class Sought(Query):
    q = Text(help_text="A handle, or the beginning of a name that you may see.")


class CrossingPages(Query):
    page = serializers.IntegerField(min_value=1, max_value=100, default=1)


class People(Door):
    scopes = {"get": Scope.PEOPLE_READ}
    queries = {"get": Sought}

    @door("people", "Find people", Scope.PEOPLE_READ, gives=FoundOut, query=Sought)
    def get(self, request: Request) -> Response:
        found = list(people.search(self.member, self.asked["q"][:LONGEST]))
        shown = visibility.names_for(self.member, found)
        return Response(FoundOut({"rows": [shown[one.pk] for one in found]}).data)


class Person(Door):
    scopes = {"get": Scope.PEOPLE_READ}

    @door("person", "Somebody as you may see them", Scope.PEOPLE_READ, gives=PageOut, more=(404,))
    def get(self, request: Request, handle: str) -> Response:
        return Response(PageOut(_page(self.member, people.by_handle(handle))).data)


class Crossings(Door):
    scopes = {"get": Scope.CROSSINGS_READ}
    queries = {"get": CrossingPages}

    @door(
        "crossings",
        "Who was there when you were: ten a page, rarest places first",
        Scope.CROSSINGS_READ,
        gives=CrossingPage,
        query=CrossingPages,
        says="Ten pages a day, those turned on the pages included.",
    )
    def get(self, request: Request) -> Response:
        page = min(self.asked["page"], settings.CROSSING_PAGES_A_DAY)
        found, more = crossings.browse(self.member, page=page)
        rows = CrossingOut(found, many=True, context={"between": _states(self.member, found)}).data
        return Response({"page": page, "more": more and page < settings.CROSSING_PAGES_A_DAY, "rows": rows})


def _page(viewer: Member, owner: Member) -> dict[str, Any]:
    """As the person's page has it (`frontend.views.people`)."""
    near = visibility.nearness(viewer, owner)
    own = near == Visibility.ME
    return {
        "person": visibility.show_at(owner, near),
        "entries": [entry_lines.line(entry) for entry in visibility.entries_at(owner, near)],
        "paths": [] if own else paths(viewer, owner, near),
        "between": None if own else between(viewer, owner),
    }


def _states(member: Member, found: list[Crossing]) -> dict[int, str]:
    people = [crossing.person.member for crossing in found]
    asked = requests.sent_by(member).filter(recipient__in=people, ended_at=None).values_list("recipient", flat=True)
    return {**dict.fromkeys(asked, "sent"), **dict.fromkeys(ties.among(people, member), "contact")}
