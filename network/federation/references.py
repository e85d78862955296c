"""Things of ours and of others by their names on the wire: each taken once (federation.md, 31)."""

from django.db.models import Model

from network.federation import parking
from network.federation.models import Actor, Reference


def remember(uri: str, kind: str, row: Model, *, owner: Actor | None = None) -> bool:
    """`uri` means that row from now on, and what waited for it is looked at again; False if the name was taken before.

    Call it inside a transaction.
    """
    _reference, created = Reference.objects.get_or_create(
        uri=uri, defaults={"kind": kind, "row": row.pk, "owner": owner}
    )
    if created:
        parking.look_again(uri)
    return created


def find(uri: str, *kinds: str) -> Reference | None:
    """What that name means, if it is of one of the kinds (of any, if none is given)."""
    found = Reference.objects.select_related("owner").filter(uri=uri).first() if uri else None
    return found if found and (not kinds or found.kind in kinds) else None


def name_of(kind: str, row: Model) -> str:
    """The name under which a row was remembered; empty if it never was on the wire."""
    return Reference.objects.filter(kind=kind, row=row.pk).order_by("pk").values_list("uri", flat=True).first() or ""


def names_of(kind: str, row: Model) -> list[str]:
    """All the names of a row, in the order in which they were given."""
    return list(Reference.objects.filter(kind=kind, row=row.pk).order_by("pk").values_list("uri", flat=True))


def ours(kind: str, row: Model) -> str:
    """The name that we gave the row; empty if it has only names that others gave it, or none."""
    names = Reference.objects.filter(kind=kind, row=row.pk, owner=None)
    return names.order_by("pk").values_list("uri", flat=True).first() or ""
