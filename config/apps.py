"""The wiring as an app, so that every process of the house knows its Celery before it wakes anybody."""

from django.apps import AppConfig


class House(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import celery  # noqa: F401  (makes it the current app)
