"""Passwords: Argon2id with OWASP's numbers, and never more hashes at once than there are cores.

Without the semaphore 50 clients guessing made every other page wait 6.5 s (security.md, decision 8).
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.refusals import TooOften

WORDS = {"leumund", "moderation", "moderator", "password", "passwort"}
REST_MIN = 12
LEANS = _("Your password must not lean on the name of this server: choose words that have nothing to do with it.")
AT_ONCE = os.cpu_count() or 1
WAIT_S = 2.0


class Busy(TooOften):
    code = "busy"
    message = _("Too many people are signing in at this moment. Please try again.")


class Argon2id(Argon2PasswordHasher):
    """Django's encoding (`argon2$argon2id$…`), 19 MiB, two passes, one lane (OWASP password storage, 2023).

    `encode` and `verify` raise `Busy` if no core is free within two seconds.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _cores.one():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _cores.one():
            return bool(super().verify(password, encoded))


class Cores:
    """At most `AT_ONCE` holders at a time in this process."""

    def __init__(self) -> None:
        self.begin()
        os.register_at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        """A forked process has its own cores to give: the threads that held these were not copied."""
        self._free = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a core, or raise `Busy` after two seconds."""
        free = self._free
        if not free.acquire(timeout=WAIT_S):
            raise Busy
        try:
            yield
        finally:
            free.release()


_cores = Cores()


class NotOfTheHouse:
    """A validator: what is left of a password without the words of this house is as long as any must be (ASVS 6.2.11).

    The words: the house's name, the labels of its host, and what everybody here reads every day (`WORDS`).
    """

    def validate(self, password: str, user: object = None) -> None:
        rest = password.casefold()
        for word in sorted(_house_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < REST_MIN and rest != password.casefold():
            raise ValidationError(str(LEANS), code="password_of_the_house")

    def get_help_text(self) -> str:
        return str(LEANS)


def _house_words() -> set[str]:
    names = f"{settings.SITE_NAME} {urlsplit(settings.SITE_URL).hostname or ''}"
    return WORDS | {part for part in re.split(r"[^\w]+", names.casefold()) if len(part) > 2}
