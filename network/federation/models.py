"""What the wing keeps: who lives elsewhere and by which keys, what came in, what must go out. Nothing unverified."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock, sealing


class Policy(models.TextChoices):
    """What a peer may do here."""

    OPEN = "open", _("open: everything the contract allows")
    LISTEN = "listen", _("listen only: we take what they send and send nothing")
    LIMITED = "limited", _("limited: what they ask waits in trays")
    CLOSED = "closed", _("closed: nothing in, nothing out")


class SignsWith(models.TextChoices):
    CAVAGE = "cavage", "draft-cavage-12"
    RFC9421 = "rfc9421", "RFC 9421"


class Peer(models.Model):
    """Another server, by its host as `hosts.normal` writes it. One circuit for all that goes there."""

    host = models.CharField(_("server"), max_length=253, unique=True)
    policy = models.CharField(_("policy"), max_length=7, choices=Policy.choices, default=Policy.OPEN)
    why = models.CharField(_("why"), max_length=300, blank=True)
    allowed = models.BooleanField(_("on the allow list"), default=False)
    software = models.CharField(_("software"), max_length=80, blank=True)
    signs_with = models.CharField(max_length=7, choices=SignsWith.choices, default=SignsWith.CAVAGE)
    first_seen_at = models.DateTimeField(default=clock.now)
    last_heard_at = models.DateTimeField(null=True)
    last_reached_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("neighbouring server")
        verbose_name_plural = _("neighbouring servers")

    def __str__(self) -> str:
        return self.host


class Actor(models.Model):
    """Somebody who lives elsewhere, as their own server describes them. `member` is empty for servers and programs."""

    uri = models.URLField(max_length=500, unique=True)
    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="actors")
    member = models.OneToOneField(Member, null=True, on_delete=models.CASCADE, related_name="actor")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=100, help_text="preferredUsername as written")
    inbox = models.URLField(max_length=500)
    shared_inbox = models.URLField(max_length=500, blank=True)
    followers = models.URLField(max_length=500, blank=True)
    implements = models.JSONField(default=list)
    also_known_as = models.JSONField(default=list)
    moved_to = models.URLField(max_length=500, blank=True)
    fetched_at = models.DateTimeField(default=clock.now)
    refetched_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("actor elsewhere")
        verbose_name_plural = _("actors elsewhere")

    def __str__(self) -> str:
        return self.uri


class Purpose(models.TextChoices):
    HTTP = "http", "HTTP"
    ASSERTION = "assertion", "assertionMethod"


class ActorKey(models.Model):
    """A public key that an actor's own document names: SubjectPublicKeyInfo as PEM, or an Ed25519 Multikey."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="keys")
    key_id = models.CharField(max_length=500, unique=True)
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    public = models.TextField()


class HttpKey(models.Model):
    """An RSA-2048 key of ours for HTTP signatures; without a member it is the house's own (the instance actor's)."""

    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="http_keys")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    public = models.TextField()
    private = models.TextField()
    made_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
                name="http_key_one_current_each",
            )
        ]


def where_http_key(key: "HttpKey") -> str:
    return f"federation_httpkey:private:{key.public_id}"


sealing.registers(HttpKey, "private", where=where_http_key)


class Inbound(models.Model):
    """A verified activity, kept once per inbox for ever; a worker makes sense of it.

    `outcome`: "" not yet, else done, ignored, parked, refused with its code after a colon.
    """

    inbox = models.CharField(max_length=64, help_text="handle of the member, or empty for the shared inbox")
    activity_id = models.CharField(max_length=500)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    body = models.JSONField()
    received_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    waits_for = models.CharField(max_length=500, blank=True)
    parked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "activity_id"], name="inbound_once_per_inbox")]
        indexes = [
            models.Index(fields=["waits_for"], condition=~Q(waits_for=""), name="inbound_parked"),
            models.Index(fields=["received_at"], condition=Q(handled_at=None), name="inbound_unhandled"),
        ]


class Tombstone(models.Model):
    """An object or activity that its owner has deleted or undone: what comes later under this id has no effect."""

    uri = models.CharField(max_length=500, unique=True)
    owner = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)


class Reference(models.Model):
    """A thing of ours by the name it has on the wire. `owner` is whose name it is; none for a name that we gave."""

    uri = models.CharField(max_length=500, unique=True)
    kind = models.CharField(max_length=16)
    row = models.BigIntegerField()
    owner = models.ForeignKey(Actor, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["kind", "row"], name="reference_by_row")]


class Outbound(models.Model):
    """An activity of ours as everybody gets it, without signatures: those are made when it is sent.

    `proved`: carries a proof of its author's (FEP-8b32); direct messages carry none, so a leaked one proves nothing.
    `public`: anybody may read it at its address; else only those it went to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sender = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    uri = models.CharField(max_length=500, unique=True)
    object_uri = models.CharField(max_length=500, blank=True, db_index=True)
    body = models.JSONField()
    proved = models.BooleanField(default=True)
    public = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)


class Delivery(models.Model):
    """One activity on its way to one inbox. A worker takes what is due for a host in batches (`delivery`)."""

    outbound = models.ForeignKey(Outbound, on_delete=models.CASCADE, related_name="deliveries")
    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="deliveries")
    inbox = models.URLField(max_length=500)
    due_at = models.DateTimeField(default=clock.now)
    available_at = models.DateTimeField(default=clock.now)
    token = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["outbound", "inbox"], name="delivery_once_per_inbox")]
        indexes = [
            models.Index(fields=["peer", "available_at"], condition=Q(done_at=None, dead_at=None), name="delivery_due")
        ]


class Recipient(models.Model):
    """Whom an activity of ours was meant for: they alone may read it at its address."""

    outbound = models.ForeignKey(Outbound, on_delete=models.CASCADE, related_name="recipients")
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outbound", "actor"], name="recipient_once")]
