"""People of other servers on our pages: found, looked up, shown with their server, followed."""

import pytest

from accounts import visibility
from accounts.models import Elsewhere, Member
from foundation import clock


def lives_elsewhere(handle: str, host: str = "two.example", *, name: str = "", **more: object) -> Member:
    """Somebody of another server, as federation keeps them; `more` are values of `Elsewhere`."""
    uri = f"https://{host}/@{handle}/"
    member = Member.objects.create(handle=handle, host=host, name=name, name_to=3, about_to=3, confirmed_at=clock.now())
    Elsewhere.objects.create(member=member, **{"uri": uri, "page": uri, "speaks": True, **more})
    return member


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoë Marchetti", "Zoë Marchetti (two.example)"),
        ("", "@zoe@two.example"),
        ("Аda Test", "Аda Test (@zoe@two.example)"),
    ],
)
def test_nobody_from_elsewhere_is_named_without_their_server(name: str, shown: str, ada: Member) -> None:
    zoe = lives_elsewhere("zoe", name=name)

    assert visibility.show(zoe, ada).shown_name == shown


def test_a_name_that_imitates_one_of_here_is_told_apart(ada: Member, bo: Member) -> None:
    imitator = lives_elsewhere("ada", name=ada.name)

    names = visibility.names_for(bo, [ada, imitator])

    assert names[ada.pk].shown_name != names[imitator.pk].shown_name
    assert names[imitator.pk].called == "ada@two.example"
