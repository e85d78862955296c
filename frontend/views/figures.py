"""What everybody may know of a year of moderation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from network.moderation import figures


@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    return moderation_year(request, figures.years()[0])


@require_safe
def moderation_year(request: HttpRequest, number: int) -> HttpResponse:
    seen = {"year": figures.of_year(number), "years": figures.years()}
    return render(request, "pages/figures.html", seen)
