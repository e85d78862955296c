"""The moderators' panel: Django's admin, made so that nothing in it is added, changed or deleted by a plain form.

Objects are read; what can be done with one is a `Tool`: a page with a form that calls a verb. The panel is no second
door: it has no sign-in of its own, and to everybody but staff it is not there.
"""

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

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
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.panel_tools import Tool, VerbForm, Words, may

__all__ = ["Facts", "Panel", "ReadOnly", "Tool", "VerbForm", "Words", "may", "site"]

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]
Facts = Sequence[tuple[Words, object]]


class Panel(AdminSite):
    """`admin:` in the addresses, at panel/."""

    site_header = site_title = index_title = _("Moderation")
    index_template = "panel/index.html"
    site_url = "/"
    missing: Callable[[HttpRequest], str] | None = None
    """Where somebody who may enter has to go first (a second factor), or "": the floor that knows sets it."""

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        guarded = super().admin_view(view, cacheable)

        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            first = self.missing(request) if self.missing and self.has_permission(request) else ""
            if first:
                return redirect(first)
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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Rooms under their own titles, where they have one."""
        floors: list[Any] = super().get_app_list(request, app_label)
        for room in (room for floor in floors for room in floor["models"]):
            room["name"] = getattr(self._registry[room["model"]], "title", None) or room["name"]
        return floors

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")


site = Panel(name="admin")


if TYPE_CHECKING:
    _Rows = ModelAdmin
else:

    class _Rows(ModelAdmin):
        """Takes its type parameter also at run time."""

        __class_getitem__ = classmethod(lambda cls, _model: cls)


class ReadOnly(_Rows[M]):
    """Rows to look at, one page an object with its facts, and its tools. `room_tools` need no object: what they make
    is a row afterwards. `title` stands instead of the rows' name in the plural."""

    actions = None
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    change_list_template = "panel/list.html"
    object_template = "panel/object.html"
    tools: Sequence[Tool[M]] = ()
    room_tools: Sequence[Tool[Any]] = ()
    title: Words = ""

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
        room = path("do/<slug:tool>/", self.admin_site.admin_view(self.room_tool_view), name=f"{name}_of_room")
        return [room, tool, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = {"title": self._title(), "tools": [one for one in self.room_tools if may(request, one.permission)]}
        answer: HttpResponse = super().changelist_view(request, {**shown, **(extra_context or {})})
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
        chosen, form = self._chosen(request, self.tools, tool)
        if self._done(request, chosen, obj, form):
            return redirect(self.back(obj))
        return self._render(request, obj, chosen.template, {"form": form, "tool": chosen}, status=form.status)

    def room_tool_view(self, request: HttpRequest, tool: str) -> HttpResponse:
        """The same for a tool of the room."""
        if not self.has_view_permission(request):
            raise Http404
        chosen, form = self._chosen(request, self.room_tools, tool)
        here = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        if self._done(request, chosen, None, form):
            return redirect(here)
        shown = {"title": self._title(), "opts": self.opts, "tools_at": f"{here}do/", "form": form, "tool": chosen}
        context = {**self.admin_site.each_context(request), **shown}
        return TemplateResponse(request, chosen.template, context, status=form.status)

    def _chosen(self, request: HttpRequest, tools: Sequence[Tool[Any]], name: str) -> tuple[Tool[Any], VerbForm]:
        chosen = next((one for one in tools if one.name == name), None)
        if chosen is None:
            raise Http404
        if not may(request, chosen.permission):
            raise PermissionDenied
        return chosen, chosen.form(request.POST if request.method == "POST" else None)

    def _done(self, request: HttpRequest, tool: Tool[Any], obj: M | None, form: VerbForm) -> bool:
        if not (form.is_valid() and form.carry_out(lambda said: tool.act(request, obj, _with_button(request, said)))):
            return False
        messages.success(request, str(tool.done))
        return True

    def _title(self) -> str:
        return capfirst(str(self.title or self.opts.verbose_name_plural))

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


def _with_button(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "button": request.POST.get("button", "")}
