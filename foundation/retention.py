"""How long what is kept: one table of rules, by which the nightly job goes, the privacy page and docs/operating.md.

A rule is entered where the thing is kept. Its days are a setting, so that nobody reads one number and lives by another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise

from foundation import clock, jobs

Forget = Callable[[datetime], object]


@dataclass(frozen=True)
class Rule:
    """`what` is gone `days` after it ended or was last of use; `forget` takes the moment before which that was."""

    name: str
    what: Promise | str
    setting: str
    forget: Forget

    @property
    def days(self) -> int:
        return int(getattr(settings, self.setting))


RULES: dict[str, Rule] = {}


def keeps(name: str, *, setting: str, what: Promise | str) -> Callable[[Forget], Forget]:
    """The decorated function forgets what `what` says, as many days later as `setting` says."""

    def enter(forget: Forget) -> Forget:
        RULES[name] = Rule(name, what, setting, forget)
        return forget

    return enter


def table() -> list[Rule]:
    """All rules, in one order."""
    return [RULES[name] for name in sorted(RULES)]


def apply(name: str) -> None:
    """What that rule says is forgotten now. Twice is once."""
    rule = RULES[name]
    rule.forget(clock.now() - timedelta(days=rule.days))


@jobs.handles("retention-rule", lane="slow", time_limit_s=300)
def apply_rule(rule: str) -> None:
    apply(rule)


@jobs.every("retention", timedelta(days=1), lane="slow")
def apply_all() -> None:
    """A job a rule, so that one that fails keeps no other from its work."""
    jobs.add_many("retention-rule", {f"retention:{name}": {"rule": name} for name in RULES})
