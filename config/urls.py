"""Which door an address leads to. The pages are the frontend's own affair."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("frontend.urls")),
]
