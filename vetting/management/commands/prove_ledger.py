"""Every chain of the ledger is walked from its first line: what does not follow is named."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vetting import ledger
from vetting.models import Evidence


class Command(BaseCommand):
    help = "Recompute every hash of the ledger and every claim that is still there. Fails if anything was changed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = 0
        for words in ledger.breaks():
            self.stderr.write(words)
            found += 1
        if found:
            raise CommandError(f"{found} lines of the ledger do not hold.")
        self.stdout.write(f"{Evidence.objects.count()} lines of the ledger hold.")
