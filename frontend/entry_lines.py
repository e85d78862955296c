"""Entries as pages show them: words and months, ready for `parts/entry.html`."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import months
from accounts.models import Entry
from foundation import clock


@dataclass(frozen=True)
class Line:
    entry: Entry
    kind: str
    organisation: str
    unit: str
    title: str
    text: str
    months: str

    @property
    def age_words(self) -> str:
        """From when on a request that names the entry can be grade B; nothing once it is old enough."""
        grown = self.entry.counts_from + timedelta(days=settings.ENTRY_AGE_MIN_DAYS)
        if grown <= clock.now():
            return ""
        return _("Counts for grade B from %(day)s.") % {"day": formats.date_format(timezone.localtime(grown))}


def line(entry: Entry) -> Line:
    return Line(
        entry=entry,
        kind=entry.get_kind_display(),
        organisation=entry.organisation.name,
        unit=entry.unit.name if entry.unit else "",
        title=entry.title,
        text=entry.text,
        months=months.span(entry.starts, entry.ends, starts_exact=entry.starts_exact, ends_exact=entry.ends_exact),
    )
