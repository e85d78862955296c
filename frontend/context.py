"""What every page knows: `house`. Counts are asked for only where a template shows them."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from accounts import visibility
from accounts.models import Member
from network.contacts import requests, vouching
from network.messages import threads
from vetting import vouches

MODERATORS = "Moderators"


@dataclass
class House:
    request: HttpRequest

    name: str = settings.SITE_NAME
    demo: bool = settings.DEMO

    @cached_property
    def member(self) -> Member | None:
        return getattr(self.request, "member", None)

    @cached_property
    def shown_name(self) -> str:
        return visibility.visible_name(self.member, self.member) if self.member else ""

    @cached_property
    def unread(self) -> int:
        return threads.unread(self.member) if self.member else 0

    @cached_property
    def waiting(self) -> int:
        return requests.at_the_door(self.member).count() if self.member else 0

    @cached_property
    def questions(self) -> int:
        return vouching.waiting_for(self.member).count() if self.member else 0

    @cached_property
    def offered(self) -> int:
        """Vouches that wait for a countersignature."""
        return vouches.offered_to(self.member).count() if self.member else 0

    @property
    def asked(self) -> int:
        """What waits behind the menu."""
        return self.questions + self.offered

    @property
    def is_moderator(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user and user.is_authenticated and user.is_staff)

    @property
    def languages(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)

    @property
    def language(self) -> str:
        return translation.get_language() or "en"


def house(request: HttpRequest) -> dict[str, House]:
    return {"house": House(request)}
