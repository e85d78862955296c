"""People of other servers as pages show them: where they live, what they say of themselves, who follows whom."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from accounts import reach, remotes
from accounts.models import Elsewhere, Lookup, Member
from accounts.visibility import Shown, show
from foundation import clock
from network.contacts import follows
from network.contacts.models import Follow

SLOW_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Away:
    """Somebody who lives elsewhere. `page` and `moved_to` are addresses to be followed, or empty."""

    server: str
    page: str
    page_host: str
    fields: list[dict[str, str]]
    speaks: bool
    gone: bool
    in_reach: bool
    moved_to: str
    moved: Member | None
    mine: Follow | None
    theirs: Follow | None
    mutual: bool

    @property
    def is_there(self) -> bool:
        return self.in_reach and not (self.gone or self.moved_to)


def away(owner: Member, viewer: Member) -> Away | None:
    """Nothing for those who live here."""
    lives = Elsewhere.objects.filter(member=owner).first() if owner.host else None
    if lives is None:
        return None
    page, moved_to = _led(lives.page), _led(lives.moved_to)
    return Away(
        server=owner.host,
        page=page,
        page_host=urlsplit(page).hostname or "",
        fields=lives.fields,
        speaks=lives.speaks,
        gone=lives.gone_at is not None,
        in_reach=reach.is_open(owner),
        moved_to=moved_to,
        moved=Member.objects.present().filter(elsewhere__uri=moved_to).first() if moved_to else None,
        mine=follows.between(viewer, owner),
        theirs=follows.between(owner, viewer),
        mutual=follows.are_mutual(viewer, owner),
    )


def _led(address: str) -> str:
    """An address that a link may lead to."""
    return address if address.startswith("https://") else ""


@dataclass(frozen=True)
class Sought:
    """What is known of an address elsewhere: the person, or the state of the look-up. `asked` is None before anybody
    asked for it."""

    address: str
    server: str
    person: Shown | None
    asked: Lookup | None

    @property
    def waits(self) -> bool:
        return self.person is None and self.asked is not None and self.asked.answered_at is None

    @property
    def slow(self) -> bool:
        return self.asked is not None and clock.now() - self.asked.asked_at > SLOW_AFTER

    @property
    def why_not(self) -> str:
        """Why there is nobody, as a sentence."""
        failed = self.person is None and self.asked is not None and not self.waits
        return str(remotes.REASONS.get(self.asked.why_not, remotes.REASONS["nobody"])) if failed and self.asked else ""

    @property
    def may_ask(self) -> bool:
        """Whether a look-up would ask anew."""
        if self.person or self.waits:
            return False
        return self.asked is None or clock.now() - self.asked.asked_at > remotes.AGAIN_AFTER


def sought(viewer: Member, typed: str) -> Sought | None:
    """None where what was typed is no address elsewhere."""
    if not remotes.is_elsewhere(typed):
        return None
    asked, member = remotes.asked_for(typed), remotes.known(typed)
    if member is None and asked is not None and asked.member and asked.member.confirmed_at:
        member = asked.member
    address = remotes.normal(typed)
    return Sought(address, address.partition("@")[2], show(member, viewer) if member else None, asked)
