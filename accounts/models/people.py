"""Account (the sign-in) apart from Member (the person, local or remote)."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from foundation import clock, sealing

GONE = "left-"
"""How the handle of a member who has left begins: no handle holds a hyphen."""


class Visibility(models.IntegerChoices):
    """Who may see a thing; also how near a viewer is (`visibility.nearness`)."""

    ME = 0, _("Only me")
    CONTACTS = 1, _("My contacts")
    MEMBERS = 2, _("Members")
    EVERYONE = 3, _("Everyone")


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **more: Any) -> "Account":
        account = self.model(email=email.strip().lower(), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """A sign-in: an address and a password. Nothing here is ever shown to another member."""

    email = models.EmailField(_("mail address"), unique=True)
    is_staff = models.BooleanField(_("may open the moderators' panel"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(default=clock.now)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(Lower("email"), name="account_one_per_address")]

    def __str__(self) -> str:
        return f"account {self.pk}"


class MemberQuerySet(models.QuerySet["Member"]):
    def present(self) -> "MemberQuerySet":
        """Those who exist for others: address confirmed, not closed."""
        return self.filter(confirmed_at__isnull=False)


class Member(models.Model):
    """A person as others meet them. Remote members (host set) have no account here.

    Who has left (`left_at`) is a row without account, key or words, which others' messages and vouches hang on.
    `look` is what a local handle looks like at a glance: nobody can join as `b0b` beside `bob` (threat 24).
    """

    PROFILE = ("name", "headline", "place", "languages", "about")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.OneToOneField(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="member", verbose_name=_("account")
    )
    handle = models.CharField(_("handle"), max_length=64)
    host = models.CharField(_("server"), max_length=253, blank=True, default="")
    look = models.CharField(max_length=30, editable=False, default="", db_default="")
    ledger_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    data_key = models.TextField(editable=False, default="")

    name = models.CharField(_("name"), max_length=80, blank=True)
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    about = models.TextField(_("about me"), max_length=2000, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Berlin")
    language = models.CharField(_("language of the pages"), max_length=7, default="en")

    name_to = models.PositiveSmallIntegerField(choices=Visibility.choices, default=Visibility.ME)
    headline_to = models.PositiveSmallIntegerField(choices=Visibility.choices, default=Visibility.ME)
    place_to = models.PositiveSmallIntegerField(choices=Visibility.choices, default=Visibility.ME)
    languages_to = models.PositiveSmallIntegerField(choices=Visibility.choices, default=Visibility.ME)
    about_to = models.PositiveSmallIntegerField(choices=Visibility.choices, default=Visibility.ME)
    may_be_indexed = models.BooleanField(_("search engines may list my page"), default=False)

    joined_at = models.DateTimeField(_("joined"), default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(_("frozen since"), null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["handle", "host"], name="member_handle_once_per_host"),
            models.UniqueConstraint(
                fields=["look"], condition=Q(host="") & ~Q(look=""), name="member_looks_like_nobody_else"
            ),
            models.CheckConstraint(condition=Q(handle=Lower("handle")), name="member_handle_is_lower_case"),
            models.CheckConstraint(
                condition=~Q(host="") | Q(account__isnull=False) | Q(left_at__isnull=False, confirmed_at=None),
                name="member_without_host_has_account_or_left",
            ),
        ]
        indexes = [models.Index(OpClass(Lower("name"), name="text_pattern_ops"), name="member_by_name")]

    def __str__(self) -> str:
        if self.left_at:
            return str(_("somebody who has left"))
        return f"@{self.handle}@{self.host}" if self.host else f"@{self.handle}"

    @property
    def called(self) -> str:
        """What follows the @ in addresses of pages and in text: the handle; with its server for those elsewhere."""
        if self.left_at:
            return f"{GONE}{self.pk}"
        return f"{self.handle}@{self.host}" if self.host else self.handle

    @property
    def is_gone(self) -> bool:
        """Whether they have left this server: no page of theirs is there."""
        return self.left_at is not None

    @property
    def address(self) -> str:
        """`handle@host`, as people write it elsewhere."""
        return f"{self.handle}@{self.host or settings.SITE_HOST}"


class Elsewhere(models.Model):
    """Where a remote member lives, as their own server says: written by federation, read by pages.

    `fields`: rows of their profile, `[{"name": …, "value": …}]` as plain text. `speaks`: their server understands
    requests with a context; to others only a follow and a message can be sent.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="elsewhere", primary_key=True)
    uri = models.URLField(max_length=500, unique=True)
    page = models.URLField(max_length=500, blank=True)
    fields = models.JSONField(default=list)
    speaks = models.BooleanField(default=False)
    moved_to = models.URLField(max_length=500, blank=True)
    seen_at = models.DateTimeField(default=clock.now)
    gone_at = models.DateTimeField(null=True)


class Home(models.Model):
    """Where else a member of this server lives, says the member: the other side has to say the same.

    `aliases`: actors elsewhere who are this member, too. `moving_to` is being looked at (`asked_at`); `why_not` is a
    code of `homes.REASONS`. Since `moved_at` they live at `moved_to`.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="home", primary_key=True)
    aliases = models.JSONField(default=list)
    moving_to = models.URLField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True)
    why_not = models.CharField(max_length=20, blank=True)
    moved_to = models.URLField(max_length=500, blank=True)
    moved_at = models.DateTimeField(null=True)


class Lookup(models.Model):
    """Somebody here asks who `address` is (`handle@server`, or a page's URL): federation answers, the page polls.

    One row an address; `asked_at` moves when it is asked again. `why_not` is a code of `remotes.REASONS`.
    """

    address = models.CharField(max_length=500, unique=True)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    why_not = models.CharField(max_length=20, blank=True)


class DoorLevel(models.TextChoices):
    """The lowest grade that may notify."""

    A = "A", _("A: proved")
    B = "B", _("B: likely")
    C = "C", _("C: anybody with a reason")
    KNOWN = "K", _("only people I know already")


class Followers(models.TextChoices):
    """Who may follow a member (docs/decisions/0056)."""

    ASK = "ask", _("whoever asks and is accepted")
    AT_ONCE = "at-once", _("anybody")


class Door(models.Model):
    """What may knock loudly at a member's: private, apart from the profile. Others are told of `followers` alone,
    since their servers have to say it (`manuallyApprovesFollowers`)."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="door", primary_key=True)
    lowest = models.CharField(_("door"), max_length=1, choices=DoorLevel.choices, default=DoorLevel.B)
    followers = models.CharField(
        _("who may follow"), max_length=7, choices=Followers.choices, default=Followers.ASK, db_default=Followers.ASK
    )

    class Meta:
        verbose_name = _("door")
        verbose_name_plural = _("doors")


class Key(models.Model):
    """A member's Ed25519 key; the private half is sealed under the member's data key."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="keys")
    public = models.BinaryField(max_length=32)
    private = models.TextField()
    made_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(retired_at__isnull=True), name="key_one_current_per_member"
            )
        ]


class HouseKey(models.Model):
    """An Ed25519 key of the house itself, for what no member signs (status lists); sealed under the root key."""

    public = models.BinaryField(max_length=32, unique=True)
    private = models.TextField()
    made_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["retired_at"],
                condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
                name="house_key_one_current",
            )
        ]


class FactorSecret(models.Model):
    """What a second factor is checked with (the seed of an authenticator app, of recovery codes): sealed, and named by
    its id where allauth would keep the secret itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sealed = models.TextField()
    made_at = models.DateTimeField(default=clock.now)


def where_data_key(member: "Member") -> str:
    """The place that binds a sealed data key to its row (associated data of the seal)."""
    return f"accounts_member:data_key:{member.ledger_id}"


def where_house_key(key: "HouseKey") -> str:
    """Bound to the public half, which the key has before it has a row."""
    return f"accounts_housekey:private:{bytes(key.public).hex()}"


def where_factor(secret: "FactorSecret") -> str:
    return f"accounts_factorsecret:sealed:{secret.pk}"


sealing.registers(FactorSecret, "sealed", where=where_factor)
sealing.registers(Member, "data_key", where=where_data_key)
sealing.registers(HouseKey, "private", where=where_house_key)
