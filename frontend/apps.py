from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontendConfig(AppConfig):
    name = "frontend"

    def ready(self) -> None:
        from foundation import audit

        audit.worded({"founded-town": _("founded the town to play with")})
