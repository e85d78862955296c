"""The panel's rooms of this wing: other servers, what goes to them, and what became of what came from them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from foundation import clock, panel
from foundation.refusals import Refusal
from network.federation import blocklists, panel_deliveries, peers, policies
from network.federation.models import Delivery, Inbound, Peer, Policy

DAYS_SHOWN = 7
ASKED = {
    "requests": _("Requests"),
    "messages": _("Messages"),
    "follows": _("Follows"),
    "vouches": _("Vouches"),
    "reports": _("Reports"),
    "lookups": _("Look-ups"),
}
NAMED_MAX = 30


class PolicyForm(panel.VerbForm):
    policy = forms.ChoiceField(label=_("Policy"), choices=Policy.choices)
    why = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("Other moderators read it."))


class NewPolicyForm(PolicyForm):
    host = forms.CharField(
        label=_("Server"), max_length=253, help_text=_("Its name. All below that name are meant, too.")
    )
    field_order = ("host", "policy", "why")


def _where_ours_is() -> str:
    ours = reverse("admin:federation_peer_export")
    words, link = gettext("CSV, as Mastodon exports it."), gettext("Download our own list")
    return format_html('{} <a href="{}">{}</a>', words, ours, link)


class ListForm(panel.VerbForm):
    area = forms.Textarea(attrs={"rows": 12})
    text = forms.CharField(label=_("Block list"), widget=area, help_text=lazy(_where_ours_is, str)())


class ThisWouldChange(Refusal):
    """No refusal, but what stands above the form: nothing has been changed yet."""

    code = "preview"
    message = "%(summary)s"
    status = 200


def _me(request: HttpRequest) -> Any:
    return getattr(request, "member", None)


def _decide(request: HttpRequest, peer: Peer, said: dict[str, Any]) -> None:
    policies.decide(peer.host, Policy(said["policy"]), why=said["why"], by=_me(request))


def _decide_new(request: HttpRequest, _room: None, said: dict[str, Any]) -> None:
    policies.decide(said["host"], Policy(said["policy"]), why=said["why"], by=_me(request))


def _adopt(request: HttpRequest, _room: None, said: dict[str, Any]) -> None:
    """Only the second button changes anything; the first says what it would be."""
    if said["button"] != "adopt":
        raise ThisWouldChange(summary=_told(blocklists.compare(said["text"])))
    blocklists.adopt(said["text"], by=_me(request))


def _told(changes: blocklists.Changes) -> str:
    many = len(changes.decisions)
    closed = [host for host, policy, _why in changes.decisions if policy == Policy.CLOSED]
    limited = [host for host, policy, _why in changes.decisions if policy == Policy.LIMITED]
    lines = [
        ngettext("This would change %(many)d server.", "This would change %(many)d servers.", many) % {"many": many},
        _named(_("Closed:"), closed),
        _named(_("Limited:"), limited),
        _named(_("On the allow list, so left as they are:"), changes.allowed),
        _named(_("Not read:"), changes.unread),
    ]
    return " ".join(line for line in lines if line)


def _named(words: Any, names: list[str]) -> str:
    if not names:
        return ""
    more = f" … +{len(names) - NAMED_MAX}" if len(names) > NAMED_MAX else ""
    return f"{words} {', '.join(names[:NAMED_MAX])}{more}."


@admin.register(Peer, site=panel.site)
class PeerPanel(panel.ReadOnly[Peer]):
    list_display = ("host", "holds", "allowed", "software", "waiting", "failed", "heard")
    list_filter = ("policy", "allowed")
    search_fields = ("host",)
    search_help_text = _("Part of a server's name")
    ordering = ("host",)
    room_tools = (
        panel.Tool(
            name="add",
            label=_("Decide about a server"),
            act=_decide_new,
            done=_("Decided."),
            permission=policies.CHANGE,
            form=NewPolicyForm,
            intro=_("Also one that nobody here has met. What holds for a name holds for all servers below it."),
        ),
        panel.Tool(
            name="import",
            label=_("Import a block list"),
            act=_adopt,
            done=_("The list holds here."),
            permission=policies.CHANGE,
            form=ListForm,
            intro=_("Look first: closing a server ends what waits for it. No list closes a server on the allow list."),
            buttons=(("look", _("Show what would change")), ("adopt", _("Adopt the list"))),
        ),
        panel.Tool(
            name="house-key",
            label=_("New key for this server"),
            act=lambda request, _room, _said: policies.new_house_key(by=_me(request)),
            done=_("The server signs with a new key."),
            permission=policies.CHANGE,
            intro=_("Other servers fetch the new key when the old one fails. Do it when the old one may be known."),
        ),
    )  # fmt: skip
    tools = (
        panel.Tool(
            name="policy",
            label=_("Change the policy"),
            act=_decide,
            done=_("Decided."),
            permission=policies.CHANGE,
            form=PolicyForm,
        ),
        panel.Tool(
            name="allow",
            label=_("Put on the allow list"),
            act=lambda request, peer, _said: policies.allow(peer, by=_me(request)),
            done=_("On the allow list."),
            permission=policies.CHANGE,
            fits=lambda peer: not peer.allowed,
        ),
        panel.Tool(
            name="disallow",
            label=_("Take off the allow list"),
            act=lambda request, peer, _said: policies.allow(peer, by=_me(request), yes=False),
            done=_("No longer on the allow list."),
            permission=policies.CHANGE,
            fits=lambda peer: peer.allowed,
        ),
        panel.Tool(
            name="try-now",
            label=_("Try now"),
            act=lambda request, peer, _said: policies.try_now(peer, by=_me(request)),
            done=_("All that waits for this server is due now."),
            permission=policies.CHANGE,
            fits=lambda peer: _undone(peer).exists(),
        ),
        panel.Tool(
            name="give-up",
            label=_("Give up what waits"),
            act=lambda request, peer, _said: policies.give_up(peer, by=_me(request)),
            done=_("Nothing waits for this server any more."),
            permission=policies.CHANGE,
            intro=_("What waits for this server will not be sent. Nobody is told."),
            fits=lambda peer: _undone(peer).exists(),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Peer]:
        undone = Count("deliveries", filter=Q(deliveries__done_at=None, deliveries__dead_at=None))
        return super().get_queryset(request).annotate(undone=undone)

    @admin.display(description=_("Policy"), ordering="policy")
    def holds(self, peer: Peer) -> str:
        """In a word; the page of the server explains it."""
        return peer.get_policy_display().partition(":")[0]

    @admin.display(description=_("Failures in a row"), ordering="failures")
    def failed(self, peer: Peer) -> int:
        return peer.failures

    @admin.display(description=_("Last heard"), ordering="last_heard_at")
    def heard(self, peer: Peer) -> str:
        return panel_deliveries.short(peer.last_heard_at)

    @admin.display(description=_("waits"), ordering="undone")
    def waiting(self, peer: Peer) -> int:
        return int(getattr(peer, "undone", 0))

    def get_urls(self) -> list[Any]:
        return [
            path("export/", self.admin_site.admin_view(self.export_view), name="federation_peer_export"),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Our closed and limited servers, as others can import them."""
        if not self.has_view_permission(request):
            raise Http404
        named = {"Content-Disposition": 'attachment; filename="blocks.csv"'}
        return HttpResponse(blocklists.export(), content_type="text/csv; charset=utf-8", headers=named)

    def facts(self, request: HttpRequest, obj: Peer) -> panel.Facts:
        dead = Delivery.objects.filter(peer=obj, dead_at__isnull=False)
        rests = obj.rests_until if obj.rests_until and obj.rests_until > clock.now() else "–"
        return [
            (_("Server"), obj.host),
            (_("Policy"), obj.get_policy_display()),
            (_("What holds, with the names above it"), peers.policy_of(obj.host).label),
            (_("Why"), obj.why or "–"),
            (_("On the allow list"), _("yes") if obj.allowed else _("no")),
            (_("Allow-list mode"), _("on: all others are closed") if settings.FEDERATION_ALLOW_LIST else _("off")),
            (_("Software"), obj.software or "–"),
            (_("Signature"), obj.get_signs_with_display()),
            (_("First seen"), obj.first_seen_at),
            (_("Last heard"), obj.last_heard_at or "–"),
            (_("Last reached"), obj.last_reached_at or "–"),
            (_("Failures in a row"), obj.failures),
            (_("Rests until"), rests),
            (_("Waits"), _undone(obj).count()),
            (_("Given up"), dead.count()),
            (_("Asked of us today"), _asked(obj)),
            (_("What came in seven days"), _came(obj)),
        ]


def _undone(peer: Peer) -> QuerySet[Delivery]:
    return Delivery.objects.filter(peer=peer, done_at=None, dead_at=None)


def _asked(peer: Peer) -> str:
    quotas = settings.PEER_QUOTAS.items()
    return "\n".join(f"{ASKED.get(what, what)}: {peers.spent(peer, what)} / {limit}" for what, limit in quotas)


def _came(peer: Peer) -> str:
    """How much of what kind, by what became of it. No word of what was said, and not to whom."""
    since = clock.now() - timedelta(days=DAYS_SHOWN)
    rows = Inbound.objects.filter(actor__peer=peer, received_at__gte=since)
    counted = rows.values_list("body__type", "outcome").annotate(n=Count("pk")).order_by("-n")[:NAMED_MAX]
    return "\n".join(f"{kind or '–'} · {outcome or _('not yet')}: {n}" for kind, outcome, n in counted) or "–"
