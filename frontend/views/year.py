"""The locust report: a page for each year of membership, and the same as CSV and JSON."""

import csv
import io

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from foundation import clock
from frontend import years_shown
from frontend.doors import MemberRequest, members_only
from network.offers import yearly


@require_safe
@members_only
def year(request: MemberRequest) -> HttpResponse:
    return redirect("year_of", number=clock.today().year)


@require_safe
@members_only
def year_of(request: MemberRequest, number: int) -> HttpResponse:
    report = yearly.report(request.member, number)
    values = {"report": report, "sections": years_shown.sections(report), "years": yearly.years_of(request.member)}
    return render(request, "pages/year.html", values)


@require_safe
@members_only
def year_csv(request: MemberRequest, number: int) -> HttpResponse:
    report = yearly.report(request.member, number)
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["name", "count", "words"])
    words = years_shown.words()
    rows.writerows([_cell(name), count, _cell(words.get(name, ""))] for name, count in yearly.as_rows(report))
    return _file(HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8"), f"year-{number}.csv")


@require_safe
@members_only
def year_json(request: MemberRequest, number: int) -> HttpResponse:
    report = yearly.report(request.member, number)
    return _file(JsonResponse(dict(yearly.as_rows(report))), f"year-{number}.json")


def _cell(text: str) -> str:
    """No cell begins a formula (security.md, threat 47)."""
    return f"'{text}" if text[:1] in "=+-@\t\r\n" and text else text


def _file(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
