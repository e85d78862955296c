"""People of other servers, for tests of pages: without the technical side that federation keeps of them."""

from typing import Any

from accounts.models import Door, Elsewhere, Member
from foundation import clock


def lives_elsewhere(handle: str, host: str = "two.example", *, name: str = "", **more: Any) -> Member:
    """Somebody of another server, as federation keeps them; `more` are values of `Elsewhere`."""
    uri = f"https://{host}/@{handle}/"
    member = Member.objects.create(handle=handle, host=host, name=name, name_to=3, about_to=3, confirmed_at=clock.now())
    Elsewhere.objects.create(member=member, **{"uri": uri, "page": uri, "speaks": True, **more})
    Door.objects.create(member=member)
    return member
