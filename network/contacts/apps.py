from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "network.contacts"
    label = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from network.contacts import tasks, told  # noqa: F401  (they register jobs, and what is worth a letter)
