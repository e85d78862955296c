"""The audit log, where members have names."""

from django.contrib import admin
from django.db.models import BigIntegerField, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import panel
from foundation.models import AuditEntry


def _handle_in(column: str) -> Subquery:
    """The handle of the member whose `member:number` stands in the column, if one does."""
    number = Func(OuterRef(column), Value("^member:([0-9]{1,18})$"), function="substring")
    return Subquery(Member.objects.filter(pk=Cast(number, BigIntegerField())).values("handle"))


def _at(handle: str | None) -> str:
    return f"@{handle}" if handle else ""


@admin.register(AuditEntry, site=panel.site)
class AuditPanel(panel.ReadOnly[AuditEntry]):
    """Who did what, with whose power. The database refuses to change a line."""

    list_display = ("made_at", "who", "act", "whom", "detail")
    list_display_links = ("made_at",)
    search_fields = ("act", "about")
    ordering = ("-made_at", "-pk")
    date_hierarchy = "made_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """With the handles of those whom the line names by `member:number`."""
        return super().get_queryset(request).annotate(handle=_handle_in("actor"), about_handle=_handle_in("about"))

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
            (_("Did"), obj.act),
            (_("About"), self.whom(obj)),
            (_("Details"), obj.detail),
        ]
