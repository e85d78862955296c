"""What one member may see of another: the only place that knows.

A blocked member sees what an anonymous visitor sees (product.md, the contract, 3).
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import ties
from accounts.models import Block, Entry, Member, Visibility
from foundation import wording


def nearness(viewer: Member | None, owner: Member) -> Visibility:
    """How near `viewer` is to `owner`; a thing is visible if its own visibility reaches at least that far."""
    if viewer is None or viewer.confirmed_at is None:
        return Visibility.EVERYONE
    if viewer.pk == owner.pk:
        return Visibility.ME
    if ties.has_blocked(owner, viewer):
        return Visibility.EVERYONE
    return Visibility.CONTACTS if ties.in_contact(viewer, owner) else Visibility.MEMBERS


@dataclass(frozen=True)
class Shown:
    """What a viewer sees of a member: fields that may not be seen are empty."""

    member: Member
    nearness: Visibility
    name: str
    headline: str
    place: str
    languages: str
    about: str

    @property
    def called(self) -> str:
        """What follows the @ in the address of their page; with the server for those who live elsewhere."""
        return self.member.called

    @property
    def is_gone(self) -> bool:
        return self.member.is_gone

    @property
    def shown_name(self) -> str:
        """How pages name them. Who lives elsewhere is never shown without their server, and in full where the name's
        scripts are mixed, so that no name chosen elsewhere passes for one of here (security.md, threat 24)."""
        if self.member.left_at:
            return _("somebody who has left")
        if not self.name:
            return f"@{self.called}"
        if not self.member.host:
            return self.name
        told = f"@{self.called}" if wording.has_mixed_scripts(self.name) else self.member.host
        return f"{self.name} ({told})"


def show(owner: Member, viewer: Member | None) -> Shown:
    return show_at(owner, nearness(viewer, owner))


def show_at(owner: Member, near: Visibility) -> Shown:
    """What somebody at that nearness sees; for lists, where the nearness is already known."""
    seen = {field: getattr(owner, field) if getattr(owner, f"{field}_to") >= near else "" for field in Member.PROFILE}
    return Shown(member=owner, nearness=near, **seen)


def disclosed(asker: Member) -> Shown:
    """What a request discloses to its recipient: name and headline, whatever their visibility."""
    return Shown(asker, Visibility.MEMBERS, asker.name, asker.headline, place="", languages="", about="")


def entries(owner: Member, viewer: Member | None) -> QuerySet[Entry]:
    """The owner's entries that the viewer may see, newest first."""
    return entries_at(owner, nearness(viewer, owner))


def entries_at(owner: Member, near: Visibility) -> QuerySet[Entry]:
    """The owner's entries that somebody at that nearness sees, newest first."""
    return owner.entries.filter(visible_to__gte=near).select_related("organisation", "unit")


def visible_name(owner: Member, viewer: Member | None) -> str:
    return show(owner, viewer).shown_name


def names_for(viewer: Member, owners: list[Member]) -> dict[int, Shown]:
    """`show` for a list in two queries, keyed by member id."""
    contacts = ties.among(owners, viewer)
    blocks = Block.objects.filter(blocked=viewer, blocker__in=owners)
    blockers = set(blocks.values_list("blocker", flat=True))
    shown = {}
    for owner in owners:
        near = Visibility.CONTACTS if owner.pk in contacts else Visibility.MEMBERS
        if owner.pk in blockers:
            near = Visibility.EVERYONE
        shown[owner.pk] = show_at(owner, Visibility.ME if owner.pk == viewer.pk else near)
    return shown
