"""The member whose token it is: what they say of themselves. Door and terms are nobody's business here."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import people
from accounts.models import Member, Scope
from frontend.api.described import door
from frontend.api.door import Door, read
from frontend.api.shapes import Circle, Flag, Id, Moment, Shape, Text, circle


class CirclesOut(Shape):
    name = Circle(source="name_to")
    headline = Circle(source="headline_to")
    place = Circle(source="place_to")
    languages = Circle(source="languages_to")
    about = Circle(source="about_to")


class MeOut(Shape):
    id = Id(source="public_id")
    handle = Text()
    address = Text(help_text="handle@server, for people elsewhere.")
    name = Text()
    headline = Text()
    place = Text()
    languages = Text()
    about = Text()
    circles = CirclesOut(source="*", help_text="Who sees which field.")
    may_be_indexed = serializers.BooleanField()
    language = Text()
    time_zone = Text()
    joined_at = Moment()


class CirclesIn(Shape):
    name = Circle(required=False)
    headline = Circle(required=False)
    place = Circle(required=False)
    languages = Circle(required=False)
    about = Circle(required=False)


class MeIn(Shape):
    """Only what is to change."""

    name = Text(required=False)
    headline = Text(required=False)
    place = Text(required=False)
    languages = Text(required=False)
    about = Text(required=False)
    circles = CirclesIn(required=False)
    may_be_indexed = Flag(required=False)
    language = Text(required=False)
    time_zone = Text(required=False)


class Me(Door):
    scopes = {"get": Scope.ME_READ, "patch": Scope.ME_WRITE}

    @door("me", "The member whose token it is", Scope.ME_READ, gives=MeOut)
    def get(self, request: Request) -> Response:
        return Response(MeOut(self.member).data)

    @door("me_change", "Change the profile: fields and who sees them", Scope.ME_WRITE, takes=MeIn, gives=MeOut)
    def patch(self, request: Request) -> Response:
        said = read(MeIn, request.data)
        people.change_profile(self.member, _flat(said))
        return Response(MeOut(Member.objects.get(pk=self.member.pk)).data)


def _flat(said: dict[str, Any]) -> dict[str, Any]:
    """As the verb has it: `name_to` beside `name`."""
    circles = {f"{field}_to": circle(level) for field, level in said.pop("circles", {}).items()}
    return said | circles
