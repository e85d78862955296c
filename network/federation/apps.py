from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FederationConfig(AppConfig):
    name = "network.federation"
    label = "federation"
    verbose_name = _("Neighbouring servers")

    def ready(self) -> None:
        from accounts import reach
        from network.federation import peers, tasks  # noqa: F401  (`tasks` registers the jobs of this wing)
        from network.moderation import moderators

        reach.decided_by(peers.reaches)
        moderators.also("federation.view_peer", "federation.change_peer", "federation.view_delivery")
