"""What several rooms of the panel say and ask in the same way."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from accounts import visibility
from accounts.models import Member, Visibility


def reason(label: Any, help_text: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "maxlength": 2000})
    return forms.CharField(label=label, help_text=help_text, max_length=2000, widget=area)


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
