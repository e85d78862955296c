"""Where a member was: their entries, added, changed and removed, with the dated log below."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import entries as verbs
from accounts import organisations as places
from accounts.models import EntryChange
from frontend import entry_lines, forms_entries
from frontend.doors import MemberRequest, members_only
from frontend.forms_entries import EntryForm
from frontend.views import joining

page = require_http_methods(["GET", "HEAD", "POST"])
LOG_LINES = 40
FACTS = {
    "kind": gettext_lazy("kind"),
    "organisation": gettext_lazy("organisation"),
    "unit": gettext_lazy("unit or site"),
    "title": gettext_lazy("title"),
    "text": gettext_lazy("what I did there"),
    "starts": pgettext_lazy("a month", "from"),
    "ends": pgettext_lazy("a month", "to"),
    "visible_to": gettext_lazy("who sees it"),
    "matchable": gettext_lazy("use for crossed paths"),
}


@require_safe
@members_only
def entries(request: MemberRequest) -> HttpResponseBase:
    own = request.member.entries.select_related("organisation", "unit")
    lines = [entry_lines.line(entry) for entry in own]
    log = _log(list(request.member.entry_changes.all()[:LOG_LINES]), lines)
    step = joining.open_step(request)
    return render(request, "pages/entries.html", {"lines": lines, "log": log, "step": step})


def _log(changes: list[EntryChange], lines: list[entry_lines.Line]) -> list[dict[str, Any]]:
    names = {line.entry.public_id: line.organisation for line in lines}
    return [
        {"change": change, "facts": [FACTS[field] for field in change.fields], "name": names.get(change.entry, "")}
        for change in changes
    ]


@page
@members_only
def entry_add(request: MemberRequest) -> HttpResponseBase:
    form = EntryForm(request.POST or None, initial=forms_entries.blank())
    added = None
    if form.is_valid():
        added = form.carry_out(verbs.add, request.member, form.facts(), key=form.cleaned_data["key"])
    if added:
        messages.success(request, _("The entry is added."))
        return redirect("entries")
    return render(request, "pages/entry.html", {"form": form}, status=form.status)


@page
@members_only
def entry_change(request: MemberRequest, public_id: UUID) -> HttpResponseBase:
    entry = verbs.own(request.member, public_id)
    form = EntryForm(request.POST or None, initial=forms_entries.said(entry))
    changed = form.carry_out(verbs.change, entry, form.facts(), by=request.member) if form.is_valid() else None
    if changed:
        messages.success(request, _("The entry is changed."))
        return redirect("entries")
    return render(request, "pages/entry.html", {"form": form, "entry": entry}, status=form.status)


@require_POST
@members_only
def entry_remove(request: MemberRequest, public_id: UUID) -> HttpResponseBase:
    verbs.remove(verbs.own(request.member, public_id), by=request.member)
    messages.success(request, _("The entry is removed. Requests that named it keep what it said then."))
    return redirect("entries")


@require_safe
@members_only
def organisations(request: MemberRequest) -> HttpResponseBase:
    """The options of a list, for what is being typed."""
    typed = request.GET.get("organisation", "")[:120]
    if "unit" in request.GET:
        names = [unit.name for unit in places.suggest_units(typed, request.GET["unit"][:120])]
    else:
        names = [alias.name for alias in places.suggest(typed)]
    return render(request, "pages/suggestions.html", {"names": names})
