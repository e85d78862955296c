"""What happened to a sign-in, as long as it can be undone, and names that rest after their member left."""

from django.db import models

from accounts.models.people import Account
from foundation import clock, sealing


class AddressChange(models.Model):
    """The account had another address until `changed_at`: whoever reads mail there can take the account back.

    `before` is sealed; `token_hash` is SHA-256 of what the letter to that address holds.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    before = models.TextField()
    token_hash = models.CharField(max_length=64, unique=True)
    changed_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "changed_at"], name="address_change_by_account")]


class RestingHandle(models.Model):
    """A handle that nobody can take before `until`: its member has left. Only an HMAC of its look is kept."""

    mark = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()


def where_address(change: AddressChange) -> str:
    return f"accounts_addresschange:before:{change.token_hash}"


sealing.registers(AddressChange, "before", where=where_address)
