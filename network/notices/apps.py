from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "network.notices"
    label = "notices"
    verbose_name = _("Letters to members")

    def ready(self) -> None:
        from network.notices import tasks  # noqa: F401  (registers the jobs of this wing)
