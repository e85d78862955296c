"""Where members were, and when: organisations, their other names and units, entries, the dated change log.

Months are integers, `year * 12 + month - 1`. A bare year is kept narrowly: as a start it is its December,
as an end its January (`starts_exact`, `ends_exact` are False), so that it never proves an overlap it may not have.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Member, Visibility
from foundation import clock

FAR_MONTH = 9999 * 12
"""Stands for an open end wherever months are compared in the database."""


class EntryKind(models.TextChoices):
    EMPLOYMENT = "employment", _("Employment")
    EDUCATION = "education", _("Education")
    PROJECT = "project", _("Project")
    EVENT = "event", _("Event")
    GROUP = "group", _("List or user group")


class Organisation(models.Model):
    """A company, university, project, fair or list; `merged_into` is set by moderators and can be undone."""

    name = models.CharField(_("name"), max_length=120)
    needs_unit = models.BooleanField(_("needs a unit"), default=False)
    matchable_entries = models.PositiveIntegerField(_("matchable entries"), default=0)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged into")
    )
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """A name under which an organisation is found; the folded form is unique, so typing it again finds it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=240, unique=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        indexes = [models.Index(fields=["folded"], name="alias_by_prefix", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit or site of an organisation: a plant, a faculty, a department."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=240)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [models.UniqueConstraint(fields=["organisation", "folded"], name="unit_named_once")]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One line of a CV. `counts_from` is the day from which its age is counted for grade B."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="entries")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    title = models.CharField(_("title"), max_length=120, blank=True)
    text = models.TextField(_("what I did there"), max_length=1000, blank=True)
    starts = models.IntegerField()
    starts_exact = models.BooleanField(default=True)
    ends = models.IntegerField(null=True, blank=True)
    ends_exact = models.BooleanField(default=True)
    visible_to = models.PositiveSmallIntegerField(choices=Visibility.choices, default=Visibility.ME)
    matchable = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)
    counts_from = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True)
                | Q(ends__gte=F("starts"))
                | (~Q(starts_exact=True, ends_exact=True) & Q(ends__gte=F("starts") - 11)),
                name="entry_ends_after_it_starts",
            )
        ]
        indexes = [  # they hold all that `crossings` reads, so that it need not visit the entries themselves
            models.Index(
                fields=["organisation", "starts"],
                include=["ends", "member", "unit", "id"],
                condition=Q(matchable=True),
                name="entry_matchable_by_place",
            ),
            models.Index(
                fields=["unit", "starts"],
                include=["ends", "member", "id"],
                condition=Q(matchable=True, unit__isnull=False),
                name="entry_matchable_by_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class EntryChange(models.Model):
    """The dated change log: which facts of an entry changed when. Read by its member and by moderators of a case."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="entry_changes")
    entry = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    act = models.CharField(
        max_length=8, choices=[("added", _("added")), ("changed", _("changed")), ("removed", _("removed"))]
    )
    fields = ArrayField(models.CharField(max_length=20), default=list)
    resets_age = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["member", "-at"], name="entry_change_by_member")]


class Merge(models.Model):
    """One organisation became part of another: what moved, so that it can be undone exactly."""

    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    moved = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="merge_joins_two"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(undone_at__isnull=True), name="merge_once_per_source"
            ),
        ]
