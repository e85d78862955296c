"""What goes through the doors of the API, and in which form: nothing is guessed, nothing unknown is let in.

DRF's own fields take "yes" for true and 5 for "5"; ours take what the description says and nothing else.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Visibility

CIRCLES = {Visibility.ME: "me", Visibility.CONTACTS: "contacts", Visibility.MEMBERS: "members"}
CIRCLES |= {Visibility.EVERYONE: "everyone"}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MONTH = re.compile(r"(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?")
MOST_PAGES = 1000


class Shape(serializers.Serializer[Any]):
    """Closed: a name that it does not know is refused, so that nothing can be set by writing more than was asked."""

    default_error_messages = {"unknown": _("There is no such field.")}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            more = [name for name in data if name not in self.fields]
            if more:
                raise serializers.ValidationError({name: [self.error_messages["unknown"]] for name in more}, "unknown")
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A string as it is; the verbs clean it and say what is too long. Control characters are the verbs' affair, too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **{"allow_blank": True, **options})
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", input=data)
        return data


class Id(serializers.UUIDField):
    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not _UUID.fullmatch(data):
            self.fail("invalid", value=data)
        return UUID(data)


@extend_schema_field({"type": "string", "pattern": "^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2]))?$"})
class MonthText(serializers.CharField):
    """`2001-04`, or `2001` where only the year is known."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not _MONTH.fullmatch(data):
            self.fail("invalid")
        return data


class Moment(serializers.DateTimeField):
    """RFC 3339, UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Circle(Choice):
    """Who sees a thing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(CIRCLES.values()), **options)

    def to_representation(self, value: Any) -> str:
        return CIRCLES[Visibility(value)]


def circle(said: str) -> Visibility:
    return next(level for level, name in CIRCLES.items() if name == said)


class Query(Shape):
    """What may stand after the question mark: here nothing."""


class Pages(Query):
    page = serializers.IntegerField(min_value=1, max_value=MOST_PAGES, default=1)


class LineOut(Shape):
    field = Text(help_text="The path of the field, with dots.")
    code = Text()
    message = Text()


class Problem(Shape):
    """RFC 9457. `code` is for programs, `detail` for people, in the language asked for."""

    type = Text(default="about:blank")
    title = Text(help_text="The phrase of the status.")
    status = serializers.IntegerField()
    code = Text()
    detail = Text()
    errors = LineOut(many=True, required=False)  # type: ignore[assignment]  # a name that DRF uses, too


def page_of(shape: type[Shape], name: str) -> type[Shape]:
    """A page of such rows; `more` says whether there is a next one."""
    fields = {"page": serializers.IntegerField(), "more": serializers.BooleanField(), "rows": shape(many=True)}
    return type(name, (Shape,), {**fields, "__doc__": f"Up to 25 rows; {shape.__name__}."})


class Closed(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """The description says that a shape is closed."""

    target_class = "frontend.api.shapes.Shape"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        kind = self.target if isinstance(self.target, type) else type(self.target)
        if not kind.__doc__:
            schema.pop("description", None)  # of the class it is made from
        for field in schema.get("properties", {}).values():
            field.pop("x-spec-enum-id", None)
        return {**schema, "additionalProperties": False}
