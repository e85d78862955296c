"""The moderators' panel: Django's admin, made so that nothing in it is added, changed or deleted by a plain form.

Objects are read; what can be done with one is a `Tool`: a page with a form that calls a verb. The panel is no second
door: it has no sign-in of its own, and to everybody but staff it is not there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.admin.utils import unquote
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Refusal

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]
Words = str | Promise
Facts = Sequence[tuple[Words, object]]


class Panel(AdminSite):
    """`admin:` in the addresses, at panel/."""

    site_header = site_title = index_title = _("Moderation")
    index_template = "panel/index.html"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        guarded = super().admin_view(view, cacheable)

        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            answer: HttpResponseBase = guarded(request, *args, **kwargs)
            return answer

        return update_wrapper(door, view)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the one sign-in there is, with its limits, and back to the panel."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        index = reverse("admin:index", current_app=self.name)
        return redirect(index) if request.user.is_authenticated else redirect_to_login(index)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        if request.method == "POST":
            logout(request)
        return redirect("/")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")


site = Panel(name="admin")


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
    cleaned data. `fits` says whether the thing can be done with this object now.
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


if TYPE_CHECKING:
    _Rows = ModelAdmin
else:

    class _Rows(ModelAdmin):
        """Takes its type parameter also at run time."""

        __class_getitem__ = classmethod(lambda cls, _model: cls)


class ReadOnly(_Rows[M]):
    """Rows to look at, one page an object with its facts, and its tools."""

    actions = None
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    change_list_template = "panel/list.html"
    object_template = "panel/object.html"
    tools: Sequence[Tool[M]] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return may(request, f"{self.opts.app_label}.view_{self.opts.model_name}")

    def facts(self, request: HttpRequest, obj: M) -> Facts:
        """What the object's page says, line by line."""
        raise NotImplementedError

    def page(self, request: HttpRequest, obj: M) -> dict[str, Any]:
        """What the object's own template needs besides `facts`."""
        return {}

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_tool"
        tool = path("<path:object_id>/do/<slug:tool>/", self.admin_site.admin_view(self.tool_view), name=name)
        return [tool, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        answer: HttpResponse = super().changelist_view(request, {"title": title, **(extra_context or {})})
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self._object(request, object_id)
        return self._render(request, obj, self.object_template, extra_context or {})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404  # the audit log is the history

    def tool_view(self, request: HttpRequest, object_id: str, tool: str) -> HttpResponse:
        """The tool's form; sent, it calls the verb, and a refusal is shown with everything that was typed."""
        obj = self._object(request, object_id)
        chosen = next((one for one in self.tools if one.name == tool), None)
        if chosen is None:
            raise Http404
        if not may(request, chosen.permission):
            raise PermissionDenied
        form = chosen.form(request.POST if request.method == "POST" else None)
        if form.is_valid() and form.carry_out(lambda said: chosen.act(request, obj, _with_button(request, said))):
            messages.success(request, str(chosen.done))
            return redirect(self.back(obj))
        return self._render(request, obj, chosen.template, {"form": form, "tool": chosen}, status=form.status)

    def address(self, obj: M) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def back(self, obj: M) -> str:
        """Where a tool that has done its work leads: the object, or the list where the object is no longer in it."""
        return self.address(obj)

    def _object(self, request: HttpRequest, object_id: str) -> M:
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_view_permission(request, obj):
            raise Http404
        return obj

    def _render(
        self, request: HttpRequest, obj: M, template: str, more: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": str(obj),
            "opts": self.opts,
            "original": obj,
            "address": self.address(obj),
            "tools_at": self.address(obj).removesuffix("change/") + "do/",
            "facts": self.facts(request, obj),
            "tools": [one for one in self.tools if may(request, one.permission) and one.fits(obj)],
            **self.page(request, obj),
            **more,
        }
        return TemplateResponse(request, template, context, status=status)


def may(request: HttpRequest, permission: str) -> bool:
    """Whether a page or a button belongs to whoever asks; the verb decides."""
    has_perm: Callable[[str], bool] = request.user.has_perm
    return has_perm(permission)


def _with_button(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "button": request.POST.get("button", "")}
