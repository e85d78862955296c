"""What can be done in the panel: a form, the verb it calls, and how a refusal of that verb is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise

from foundation.refusals import Refusal

M = TypeVar("M", bound=Model)
Words = str | Promise


class VerbForm(forms.Form):
    """A form whose verb may refuse: the refusal stands above the fields, and nothing typed is lost."""

    status = 200

    def carry_out(self, verb: Callable[[dict[str, Any]], object]) -> bool:
        """Whether the verb did it; if not, why not is among the errors and in `status`."""
        try:
            verb(self.cleaned_data)
        except Refusal as refusal:
            self.add_error(None, str(refusal))
            self.status = refusal.status
            return False
        return True


@dataclass(frozen=True, kw_only=True)
class Tool(Generic[M]):
    """One thing that can be done with an object: its form, the verb it calls, and what is said then.

    `act(request, object, cleaned data)` raises refusals. `buttons` are (value of "button", words); the value is in the
    cleaned data. `fits` says whether the thing can be done with this object now. A room's own tool has no object.
    """

    name: str
    label: Words
    act: Callable[[HttpRequest, M, dict[str, Any]], object]
    done: Words
    permission: str
    form: type[VerbForm] = VerbForm
    intro: Words = ""
    buttons: Sequence[tuple[str, Words]] = ()
    fits: Callable[[M], bool] = lambda _object: True
    template: str = "panel/tool.html"


def may(request: HttpRequest, permission: str) -> bool:
    """Whether a page or a button belongs to whoever asks; the verb decides."""
    has_perm: Callable[[str], bool] = request.user.has_perm
    return has_perm(permission)
