"""What several rooms of the panel say and ask in the same way."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import visibility
from accounts.models import Member, Visibility
from network.moderation import wordings


class OpenFirst(admin.SimpleListFilter):
    """Those that wait for an answer, unless one asks for others."""

    title = _("state")
    parameter_name = "state"
    default: Any
    others: tuple[Any, ...]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*((one.value, one.label) for one in self.others), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": self.default.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        return queryset if wanted == "all" else queryset.filter(state=wanted or self.default)


def reason(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "maxlength": 2000})
    return forms.CharField(label=label, help_text=help_text, max_length=2000, widget=area, required=required)


def ground(help_text: Any, *, required: bool = False) -> forms.ChoiceField:
    """What a sanction stands on; nothing is chosen beforehand."""
    choices = [("", "–"), *((one.value, one.label) for one in wordings.GROUNDS)]
    return forms.ChoiceField(label=_("What it stands on"), choices=choices, help_text=help_text, required=required)


def law() -> forms.CharField:
    return forms.CharField(
        label=_("Which law"),
        required=False,
        max_length=wordings.LAW_MAX_CHARACTERS,
        help_text=_("If it stands on the law: which one, by section. The member reads it."),
    )


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def me(request: HttpRequest) -> Member | None:
    return getattr(request, "member", None)


def line(member: Member) -> str:
    """A member as every member sees them."""
    shown = visibility.show_at(member, Visibility.MEMBERS)
    return f"{shown.name} ({member})" if shown.name else str(member)
