from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FederationConfig(AppConfig):
    name = "network.federation"
    label = "federation"
    verbose_name = _("Neighbouring servers")

    def ready(self) -> None:
        from network.federation import tasks  # noqa: F401  (registers the jobs of this wing)
        from network.moderation import moderators

        moderators.also("federation.view_peer", "federation.change_peer", "federation.view_delivery")
