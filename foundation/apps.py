"""The floor all stand on."""

from django.apps import AppConfig


class Foundation(AppConfig):
    name = "foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from foundation import checks, housekeeping, letters, tasks  # noqa: F401  (their jobs register themselves)
