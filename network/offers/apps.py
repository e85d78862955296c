from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OffersConfig(AppConfig):
    name = "network.offers"
    label = "offers"
    verbose_name = _("Offers")

    def ready(self) -> None:
        from network.offers import tasks  # noqa: F401  (registers the jobs of this wing)
