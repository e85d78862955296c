"""The audit log, where members have names."""

from typing import Any

from django.contrib import admin
from django.db.models import BigIntegerField, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import audit, panel
from foundation.models import AuditEntry, AuditLink


def _handle_in(column: str) -> Subquery:
    """The handle of the member whose `member:number` stands in the column, if one does."""
    number = Func(OuterRef(column), Value("^member:([0-9]{1,18})$"), function="substring")
    return Subquery(Member.objects.filter(pk=Cast(number, BigIntegerField())).values("handle"))


def _at(handle: str | None) -> str:
    return f"@{handle}" if handle else ""


@admin.register(AuditEntry, site=panel.site)
class AuditPanel(panel.ReadOnly[AuditEntry]):
    """Who did what, with whose power. The database refuses to change a line."""

    list_display = ("made_at", "who", "did", "whom", "detail")
    list_display_links = ("made_at",)
    search_fields = ("act", "about")
    search_help_text = _("What was done, or what it was about")
    ordering = ("-made_at", "-pk")
    date_hierarchy = "made_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """With the handles of those whom the line names by `member:number`."""
        return super().get_queryset(request).annotate(handle=_handle_in("actor"), about_handle=_handle_in("about"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the words that are read, besides those that are stored."""
        found, twice = super().get_search_results(request, queryset, search_term)
        return found | queryset.filter(act__in=audit.acts_worded(search_term)), twice

    @admin.display(description=_("did"), ordering="act")
    def did(self, line: AuditEntry) -> str:
        return audit.in_words(line.act)

    @admin.display(description=_("who"), ordering="actor")
    def who(self, line: AuditEntry) -> str:
        return _at(getattr(line, "handle", None)) or str(line.actor)

    @admin.display(description=_("about"), ordering="about")
    def whom(self, line: AuditEntry) -> str:
        return _at(getattr(line, "about_handle", None)) or str(line.about)

    def facts(self, request: HttpRequest, obj: AuditEntry) -> panel.Facts:
        return [
            (_("When"), obj.made_at),
            (_("Who"), self.who(obj)),
            (_("Did"), self.did(obj)),
            (_("About"), self.whom(obj)),
            (_("Details"), obj.detail),
            (_("Link of the chain"), _linked(obj)),
        ]


def _linked(line: AuditEntry) -> str:
    link = AuditLink.objects.filter(entry=line).first()
    return f"{link.number} · {bytes(link.hash).hex()}" if link else "–"
