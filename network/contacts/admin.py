"""The tree of invitations, for moderators: who came through whom. Not for whom a link was meant, nor the link."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation import panel
from network.contacts.models import Invitation


@admin.register(Invitation, site=panel.site)
class InvitationPanel(panel.ReadOnly[Invitation]):
    list_display = ("inviter", "spent_by", "spent_at")
    list_display_links = None
    list_select_related = ("inviter", "spent_by")
    search_fields = ("=inviter__handle", "=spent_by__handle")
    search_help_text = _("Exact handle")
    ordering = ("-spent_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        return super().get_queryset(request).filter(spent_by__isnull=False)

    def facts(self, request: HttpRequest, obj: Invitation) -> panel.Facts:
        return [(_("Invited by"), obj.inviter), (_("Joined"), obj.spent_by), (_("On"), obj.spent_at)]
