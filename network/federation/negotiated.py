"""All addresses as a server sees them that asks for activities: a person's is their actor, not their page."""

from django.urls import path

from network.federation import urls, views

urlpatterns = [
    path("@<str:handle>/", views.Person.as_view(), name="federation_person"),
    *urls.urlpatterns,
]
