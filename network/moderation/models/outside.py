"""People without an account who report something (DSA Art. 16). Their names and addresses are sealed."""

import uuid
from functools import partial

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import clock, sealing


class Notifier(models.Model):
    """Who gave one notice. Without name and address only where the law lets them be left out (`unnamed`).

    `address_key`: a keyed hash of the mail address, by which the same notice twice is one. `token_hash`: of the secret
    in the letter with the decision, which opens the page to read it and to appeal.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(default=clock.now)
    url = models.TextField(_("address of the content"))
    sealed_name = models.TextField(blank=True)
    sealed_email = models.TextField(blank=True)
    address_key = models.CharField(max_length=64, blank=True)
    unnamed = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="en")
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = _("person without an account")
        verbose_name_plural = _("people without an account")
        default_permissions = ()

    def __str__(self) -> str:
        return f"notifier {self.public_id}"

    @property
    def name(self) -> str:
        """ "" if they gave none, or once it is forgotten."""
        return _opened(self.sealed_name, where(self, "name"))

    @property
    def email(self) -> str:
        return _opened(self.sealed_email, where(self, "email"))


def _opened(sealed: str, place: str) -> str:
    return sealing.open_(sealed, where=place).decode() if sealed else ""


def where(notifier: Notifier, part: str) -> str:
    """Where the sealed name or address lies (foundation.sealing)."""
    return f"moderation_notifier:{part}:{notifier.public_id}"


sealing.registers(Notifier, "sealed_name", where=partial(where, part="name"))
sealing.registers(Notifier, "sealed_email", where=partial(where, part="email"))
