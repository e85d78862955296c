"""What follows from the evidence and can be made anew from it: who lends whom, conduct, and the standing computed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock
from vetting.models.ledger import Evidence


class Edge(models.Model):
    """A word that lets `voucher` lend standing to `member`; one row for each line of evidence that says so.

    What it weighs follows from `kind` (codes of `evidence.LENDS`) and its age. `counted`: it is part of the standing
    computed last; only the one writer of standings sets it, so a word that ended since is still to be taken out.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="+")
    voucher = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counted = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(voucher=F("member")), name="edge_not_to_oneself")]
        indexes = [
            models.Index(fields=["voucher", "member"], name="edge_by_voucher"),
            models.Index(fields=["member", "voucher"], name="edge_by_member"),
            models.Index(  # what the next night has to take in or leave out: few
                fields=["evidence"],
                condition=Q(counted=False, ended_at__isnull=True) | Q(counted=True, ended_at__isnull=False),
                name="edge_changed_since_the_night",
            ),
        ]


class Conduct(models.Model):
    """Good evidence in sum, as it was on `good_at`; it fades by half in a year. Added to by the ledger alone."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="+")
    good = models.FloatField(default=0)
    good_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(good__gte=0), name="conduct_good_is_good")]


class Standing(models.Model):
    """What the worker computed last for a member; pages read it and never compute.

    `x` and `residual` are the model's own numbers; `points` = 100 (x + residual) / unit, which is what the rows of
    "Why is it so?" sum up to. `outflow` is W, the weight of all the member's words. `blame`: what each kind of bad
    evidence takes, as shares of what is lent, in sum 1 − conduct. `weeks`: points on past Mondays.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="standing", primary_key=True)
    points = models.FloatField(default=0, db_default=0)
    conduct = models.FloatField(default=1, db_default=1)
    anchor = models.FloatField(default=0, db_default=0)
    x = models.FloatField(default=0, db_default=0)
    residual = models.FloatField(default=0, db_default=0)
    outflow = models.FloatField(default=0, db_default=0)
    blame = models.JSONField(default=dict, db_default={})
    weeks = ArrayField(models.FloatField(), default=list, db_default=[])
    rests_until = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.CheckConstraint(condition=Q(conduct__gt=0, conduct__lte=1), name="standing_conduct_is_a_share"),
            models.CheckConstraint(condition=Q(anchor__gte=0, anchor__lte=1), name="standing_anchor_is_a_share"),
        ]


class Night(models.Model):
    """One full solve: the unit it set for the day, and the bound on the error of all standings since.

    `residual` is Σ|r| over all members, brought up to date by every event. `heaviest`: the edges that carry most, as
    [voucher, member, points].
    """

    as_of = models.DateTimeField(unique=True)
    median = models.FloatField()
    unit = models.FloatField()
    residual = models.FloatField(default=0)
    members = models.PositiveIntegerField()
    edges = models.PositiveIntegerField()
    anchors = models.FloatField()
    with_allowance = models.PositiveIntegerField()
    rounds = models.PositiveSmallIntegerField()
    took_s = models.FloatField()
    heaviest = models.JSONField(default=list)

    class Meta:
        verbose_name = _("night")
        verbose_name_plural = _("nights")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d %H:%M}"


class ProofKind(models.TextChoices):
    MODERATOR = "moderator", _("moderates this server")
    MET = "met", _("met in person by a moderator")
    CHECKED_IN = "checked-in", _("checked in by an organiser at an event")
    WORK_MAIL = "work-mail", _("mail address at the employer's own domain")


class Proof(models.Model):
    """Why a member is an anchor, wholly or in part: proved by something costly, granted by somebody, until it ends.

    `mailbox` is a keyed hash of the address that was read (`work_mail`); the address itself is kept nowhere.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(_("proof"), max_length=10, choices=ProofKind.choices)
    share = models.FloatField(_("share"))
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    mailbox = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("granted by"))
    at = models.DateTimeField(_("since"), default=clock.now)
    ends_at = models.DateTimeField(_("until"), null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("anchors")
        default_permissions = ("view",)
        permissions = [("grant_proof", "Can grant and revoke proofs")]
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="proof_share_is_a_share"),
            models.UniqueConstraint(
                fields=["member", "kind"], condition=Q(ended_at__isnull=True), name="proof_once_per_kind"
            ),
            models.UniqueConstraint(
                fields=["mailbox"], condition=Q(ended_at__isnull=True) & ~Q(mailbox=""), name="proof_once_per_mailbox"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.member}"

    @property
    def percent(self) -> int:
        """Of a whole anchor."""
        return round(100 * self.share)


class WorkDomain(models.Model):
    """A mail domain that moderators know to be an employer's own: who reads mail there works there."""

    domain = models.CharField(_("domain"), max_length=253, unique=True)
    added_by = models.ForeignKey(
        Member, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("since"), default=clock.now)

    class Meta:
        verbose_name = _("employer's domain")
        verbose_name_plural = _("employers' domains")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.domain
