from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OffersConfig(AppConfig):
    name = "network.offers"
    label = "offers"
    verbose_name = _("Offers")

    def ready(self) -> None:
        from network.offers import tasks, told  # noqa: F401  (they register jobs, and what is worth a letter)
