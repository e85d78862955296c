"""The floor all stand on."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Foundation(AppConfig):
    name = "foundation"
    label = "foundation"
    verbose_name = _("The machine room")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from foundation import checks, figures, housekeeping, letters, retention, tasks  # noqa: F401  (they register themselves)
