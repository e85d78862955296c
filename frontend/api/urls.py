"""Addresses of the API, below /api/v1/."""

from django.urls import path

from frontend.api import me

urlpatterns = [
    path("me", me.Me.as_view()),
]
