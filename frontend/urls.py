"""Every page: address → view. One file of views a topic."""

from django.urls import path

from frontend.views import live

urlpatterns = [
    path("live/", live.stream, name="live"),
]
