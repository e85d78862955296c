from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Members")

    def ready(self) -> None:
        from accounts import factors, tasks  # noqa: F401  (tasks registers the jobs of this floor)
        from foundation import panel

        panel.site.missing = factors.missing_for_panel
