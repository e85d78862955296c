"""Requests, the questions to mutual contacts, invitations, and contacts with their quiet period."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Entry, Member, Tie
from foundation import clock


class ContextKind(models.TextChoices):
    ENTRY = "entry", _("one of my entries")
    INVITATION = "invitation", _("an invitation")
    EARLIER = "earlier", _("an earlier contact")
    MESSAGE = "message", _("a message from elsewhere")


class Whereabouts(models.TextChoices):
    """Where the worker put a request. Private to the recipient's side; the asker's pages never read it."""

    PENDING = "", _("not yet looked at")
    DELIVERED = "delivered", _("delivered")
    TRAY = "tray", _("in the tray")
    NOWHERE = "nowhere", _("delivered nowhere")
    AWAY = "away", _("handed on to the recipient's server")


class Answer(models.TextChoices):
    NONE = "", _("not answered")
    ACCEPTED = "accepted", _("accepted")
    UNKNOWN = "unknown", _("I don't know this person")
    KNOWN_NO = "known-no", _("known, but no")
    NOT_NOW = "not-now", _("not now")
    NOT_TRUE = "not-true", _("not true: we were not there together")
    PITCH = "pitch", _("this was a pitch")


class Status(models.TextChoices):
    """A request as its asker sees it, and nothing more: declined, trayed and ignored all read "sent"."""

    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ENDED = "ended", _("ended")


class Request(models.Model):
    """One member asks another for contact, naming a context.

    `ended_at` closes the asker's side (accepted, withdrawn, or day 60) and is never touched by a decline, so that
    neither the constraint nor any page can tell a declined request from a waiting one.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asker = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="requests_sent")
    recipient = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="requests_received")
    context = models.CharField(max_length=12, choices=ContextKind.choices)
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    snapshot = models.JSONField(default=dict)
    note = models.CharField(max_length=400, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=64)
    met_at = models.DateTimeField(null=True)
    met_how = models.CharField(max_length=20, blank=True)
    loud = models.BooleanField(default=True, db_default=True, help_text="may come to the door, if its grade opens it")

    grade = models.CharField(max_length=1, blank=True)
    reasons = models.JSONField(default=list)
    settled_at = models.DateTimeField(null=True)
    whereabouts = models.CharField(max_length=9, choices=Whereabouts.choices, default=Whereabouts.PENDING, blank=True)
    delivered_at = models.DateTimeField(null=True)

    answer = models.CharField(max_length=9, choices=Answer.choices, default=Answer.NONE, blank=True)
    answered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    question = models.CharField(max_length=400, blank=True)
    question_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=400, blank=True)
    reply_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(
                fields=["asker", "recipient"], condition=Q(ended_at__isnull=True), name="request_one_open_per_pair"
            ),
            models.UniqueConstraint(fields=["asker", "key"], name="request_once_per_form"),
            models.CheckConstraint(condition=~Q(asker=F("recipient")), name="request_not_to_oneself"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False), name="request_answer_has_its_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "whereabouts", "-asked_at"], name="request_by_recipient"),
            models.Index(fields=["asker", "-asked_at"], name="request_by_asker"),
        ]

    @property
    def ends_at(self) -> datetime:
        return self.asked_at + timedelta(days=settings.REQUEST_ENDS_DAYS)

    @property
    def status(self) -> Status:
        """What the asker is shown. Reads nothing that a decline, the door or a block changes."""
        if self.answer == Answer.ACCEPTED:
            return Status.ACCEPTED
        if self.withdrawn_at:
            return Status.WITHDRAWN
        return Status.ENDED if self.ended_at or clock.now() >= self.ends_at else Status.SENT


class VouchAnswer(models.TextChoices):
    NONE = "", _("not answered")
    VOUCH = "vouch", _("I vouch")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("I don't know them well enough")


class VouchQuestion(models.Model):
    """Would somebody vouch for a request? The worker sets `passed_at` for those who can; the asker never sees it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="vouch_questions")
    voucher = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="vouch_questions")
    asked_at = models.DateTimeField(default=clock.now)
    passed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=7, choices=VouchAnswer.choices, default=VouchAnswer.NONE, blank=True)
    answered_at = models.DateTimeField(null=True)
    sentence = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("question for a vouch")
        verbose_name_plural = _("questions for a vouch")
        constraints = [models.UniqueConstraint(fields=["request", "voucher"], name="vouch_question_once_per_request")]
        indexes = [models.Index(fields=["voucher", "-passed_at"], name="vouch_question_by_voucher")]


class Invitation(models.Model):
    """A link for somebody the inviter knows. Only a hash of its token is kept; it is spent once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inviter = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="invitations")
    label = models.CharField(_("for whom (only you see this)"), max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)
    spent_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")


class Contact(models.Model):
    """How a live tie came about: who asked, and until when the asking side keeps quiet.

    `quiet_until` binds the asker alone, unless `lifted_at`. `…_again_*`: a quiet period that began anew, for a message
    of that side which was upheld to be a promotion or an offer; it stands beside the first one and shortens nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tie = models.OneToOneField(Tie, on_delete=models.CASCADE, related_name="contact")
    asker = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    recipient = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    request = models.OneToOneField(Request, null=True, on_delete=models.SET_NULL, related_name="contact")
    began_at = models.DateTimeField(default=clock.now)
    quiet_until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    asker_again_since = models.DateTimeField(null=True)
    asker_again_until = models.DateTimeField(null=True)
    recipient_again_since = models.DateTimeField(null=True)
    recipient_again_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_as_pitch = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.CheckConstraint(condition=~Q(asker=F("recipient")), name="contact_joins_two")]

    def quiet_of(self, side: Member) -> "Quiet | None":
        """The quiet period that binds this side now: until it is over that side may not sell."""
        return self.would_be_quiet_of(side) if self.ended_at is None else None

    def would_be_quiet_of(self, side: Member) -> "Quiet | None":
        """The same, had the contact not ended: for what was written before and arrives after."""
        is_asker = side.pk == self.asker_id
        first = Quiet(self.public_id, self.began_at, self.quiet_until, again=False)
        periods = [first] if is_asker and not self.lifted_at else []
        since = self.asker_again_since if is_asker else self.recipient_again_since
        until = self.asker_again_until if is_asker else self.recipient_again_until
        if since and until:
            periods.append(Quiet(self.public_id, since, until, again=True))
        running = [period for period in periods if clock.now() < period.until]
        if not running:
            return None
        last = max(running, key=lambda period: period.until)
        return replace(last, since=min(period.since for period in running))


@dataclass(frozen=True)
class Quiet:
    """A quiet period that runs. `contact`: its public id; `again`: it began anew, for something unlabelled."""

    contact: uuid.UUID
    since: datetime
    until: datetime
    again: bool


class Relocation(models.Model):
    """Somebody has moved from one server to another: `before` is who they were, `after` who they are now."""

    before = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["before", "-at"], name="relocation_by_before")]


class KeepQuestion(models.Model):
    """Shall a contact go on, now that one of the two lives elsewhere? Contacts never move silently.

    `member` is asked about a contact with `other`. `before`: who the one that moved was until then; `mine` if that was
    the asked member, who lives here now.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="keep_questions")
    other = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    before = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    mine = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    kept = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "other"],
                condition=Q(answered_at__isnull=True),
                name="keep_question_one_open_per_pair",
            ),
            models.CheckConstraint(condition=~Q(member=F("other")), name="keep_question_about_another"),
            models.CheckConstraint(
                condition=Q(answered_at=None, kept=None) | Q(answered_at__isnull=False, kept__isnull=False),
                name="keep_question_answered_with_yes_or_no",
            ),
        ]


class Follow(models.Model):
    """One member follows another, here or elsewhere: it is shown as that and never as a contact.

    `accepted_at` is empty while the followed one, or their server, has not agreed. One row a pair, ended or not.
    `put_away_at`: the followed one does not want to be asked; the follower is told nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    follower = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="follows")
    followed = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="followed_by")
    asked_at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(null=True)
    put_away_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once_per_pair"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="follow_not_oneself"),
        ]
        indexes = [models.Index(fields=["followed", "-asked_at"], name="follow_by_followed")]
