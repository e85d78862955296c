from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "network.moderation"
    label = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from network.moderation import acts, tasks, told  # noqa: F401  (they register jobs, and what is worth a letter)
