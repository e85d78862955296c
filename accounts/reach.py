"""Whether what is said here reaches people elsewhere at all. Who looks after the servers decides that: the wing that
carries things there brings its rule (`decided_by`), and verbs ask here before they say "sent"."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation.refusals import Forbidden

Rule = Callable[[Member], bool]
_RULES: list[Rule] = []


class NothingGoesThere(Forbidden):
    code = "nothing-goes-there"
    message = _("This server sends nothing to that one at present, so it would not arrive. Nothing was sent.")


def decided_by(rule: Rule) -> None:
    """`rule` says of people elsewhere whether what is for them leaves this server."""
    if rule not in _RULES:
        _RULES.append(rule)


def is_open(member: Member) -> bool:
    """Whether what is for the member gets to where they live, as far as that depends on this server."""
    return not member.host or all(rule(member) for rule in _RULES)


def check(member: Member) -> None:
    """Raises `NothingGoesThere`. It says nothing of the member: it is the same for everybody of their server."""
    if not is_open(member):
        raise NothingGoesThere
