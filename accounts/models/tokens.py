"""Tokens: what a program shows in place of a member's sign-in. Only a hash of each is kept."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Member
from foundation import clock


class Scope(models.TextChoices):
    """What a token may do. To write does not include to read."""

    ME_READ = "me:read", _("read your profile")
    ME_WRITE = "me:write", _("change your profile")
    ENTRIES_READ = "entries:read", _("read your entries")
    ENTRIES_WRITE = "entries:write", _("add, change and remove your entries")
    PEOPLE_READ = "people:read", _("look people up, as far as you may see them")
    CROSSINGS_READ = "crossings:read", _("turn the pages of your crossed paths")
    REQUESTS_READ = "requests:read", _("read your requests, the tray too")
    REQUESTS_WRITE = "requests:write", _("ask for contact, withdraw, answer")
    CONTACTS_READ = "contacts:read", _("list your contacts")
    CONTACTS_WRITE = "contacts:write", _("end contacts and quiet periods")
    MESSAGES_READ = "messages:read", _("read your messages")
    MESSAGES_WRITE = "messages:write", _("write messages, mark a pitch")
    QUESTIONS_READ = "questions:read", _("read what you are asked to vouch for")
    QUESTIONS_WRITE = "questions:write", _("answer whether you vouch")


class Token(models.Model):
    """`prefix` is the beginning of the token, by which its member knows it again; `used_on` the last day (UTC) on which
    it was shown. It works until `expires_at`, or until it is revoked."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints = [models.CheckConstraint(condition=~models.Q(scopes=[]), name="token_may_do_something")]
        indexes = [models.Index(fields=["member", "-made_at"], name="token_by_member")]
