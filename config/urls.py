"""Which door an address leads to. The pages are the frontend's own affair."""

from django.urls import include, path

from config import health
from foundation import panel

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/", include("frontend.api.urls")),
    path("panel/", panel.site.urls),
    path("account/", include("allauth.account.urls")),
    path("account/factors/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("", include("network.federation.urls")),  # before the pages, whose addresses begin alike
    path("", include("frontend.urls")),
]
handler400 = "frontend.views.errors.malformed"
handler403 = "frontend.views.errors.forbidden"
handler404 = "frontend.views.errors.not_there"
handler500 = "frontend.views.errors.broken"
