"""What this wing keeps of a member, as they take it along."""

from typing import Any

from accounts.exporting import leaves_out, part, rows
from accounts.models import Member
from network.notices.models import Rhythm, Wish


@part("letters_wanted", "notices.Wish", "notices.Rhythm")
def wishes_of(member: Member) -> dict[str, Any]:
    wishes = Wish.objects.filter(member=member).order_by("pk")
    return {"kinds": rows(wishes, "kind", "way"), "digest": rows(Rhythm.objects.filter(member=member), "hour", "days")}


leaves_out("notices.Notice", "that a letter was written or was to be; what it was about is in its own part")
