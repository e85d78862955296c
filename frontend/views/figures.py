"""What everybody may know of a year of moderation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.moderation import figures


def _parted(rows: list[figures.Row]) -> dict[str, object]:
    """Those with a number, and the words of those under five."""
    told = [row for row in rows if row[1] is not None]
    return {"told": told, "few": [words for words, number in rows if number is None]}


@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    return moderation_year(request, figures.years()[0])


@require_safe
def moderation_year(request: HttpRequest, number: int) -> HttpResponse:
    year = figures.of_year(number)
    seen = {
        "year": year,
        "years": figures.years(),
        "parts": [
            (_("Reported"), _parted(year.reports)),
            (_("Decided"), _parted(year.decisions)),
            (_("What the sanctions stood on"), _parted(year.grounds)),
            (_("Appeals against decisions"), _parted(year.appeals)),
        ],
    }
    return render(request, "pages/figures.html", seen)
