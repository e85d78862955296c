from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "network.messages"
    label = "threads"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from network.messages import tasks  # noqa: F401  (registers the jobs of this wing)
