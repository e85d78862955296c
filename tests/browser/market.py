"""Who plays on the market of offers, calls and promotions, and what they have at the start."""

from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress

from accounts import people
from accounts.models import Member, Visibility
from foundation import clock
from network.contacts import invitations
from network.moderation import moderators
from tests import cast
from tests.browser.window import Window
from tests.vetting import town
from vetting import allowance

PASSWORD = "a long enough password"
PROMOTION = allowance.Kind.PROMOTION


@dataclass
class Stage:
    """Who plays, under handles of this run. `careless`: who offers what falls short, and in what."""

    ada: Member
    bo: Member
    mo: Member
    careless: list[tuple[Member, dict[str, str]]]
    points: float
    pictures: Path | None

    def picture(self, window: Window, name: str) -> None:
        window.picture(self.pictures, f"market-{name}")


def stage(tag: str, pictures: Path | None) -> Stage:
    """Ada, old in contact with Bo, stands by her founder's vouch, and has one promotion left; two more may offer."""
    ada, bo, mo, low, veiled = (_with_password(f"{who}{tag}") for who in ("ada", "bo", "mo", "low", "veiled"))
    moderators.appoint(mo)
    with clock.at(clock.now() - 60 * cast.DAY):
        invitations.spend(invitations.make(ada)[1], by=bo)
    founder = town.founder(f"founder{tag}")
    for sender in (ada, low, veiled):
        town.vouched(founder, sender)
    town.night()
    while allowance.left(ada, PROMOTION) >= 2:
        allowance.spend(ada, PROMOTION)
    assert allowance.left(ada, PROMOTION) >= 1
    careless = [
        (low, {"role": "Curator of instruments", "pay_low": "60000", "pay_high": "72000"}),
        (veiled, {"role": "Director of collections", "employer": ""}),
    ]
    return Stage(ada, bo, mo, careless, town.points(ada), pictures)


def _with_password(handle: str) -> Member:
    member = cast.new_member(handle)
    cast.was_at(member, f"Works of {handle}")
    people.change_profile(member, {"headline": "Keeps old instruments", "headline_to": Visibility.MEMBERS})
    account = member.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return member


def address(member: Member) -> str:
    assert member.account is not None
    return str(member.account.email)
