"""What other servers ask for. The address of a person is a page's, too: `negotiation` decides which one is given."""

from django.urls import path

from network.federation import receiving, views

urlpatterns = [
    path("inbox", receiving.LetterBox.as_view(), name="federation_inbox"),
    path("@<str:handle>/inbox", receiving.PersonalLetterBox.as_view(), name="federation_personal_inbox"),
    path("actor", views.House.as_view(), name="federation_house"),
    path("actor/outbox", views.HouseOutbox.as_view(), name="federation_house_outbox"),
    path("@<str:handle>/outbox", views.Outbox.as_view(), name="federation_outbox"),
    path("@<str:handle>/followers", views.Followers.as_view(), name="federation_followers"),
    path("@<str:handle>/following", views.Following.as_view(), name="federation_following"),
    path("@<str:handle>/vouches", views.Vouches.as_view(), name="federation_vouches"),
    path("@<str:handle>/connections", views.Connections.as_view(), name="federation_connections"),
    path("activities/<uuid:number>", views.Activity.as_view(), name="federation_activity"),
    path("things/<slug:kind>/<uuid:number>", views.Thing.as_view(), name="federation_thing"),
    path(".well-known/webfinger", views.WebFinger.as_view(), name="webfinger"),
    path(".well-known/host-meta", views.HostMeta.as_view(), name="host_meta"),
    path(".well-known/nodeinfo", views.NodeInfoLinks.as_view(), name="nodeinfo_links"),
    path("nodeinfo/<str:version>", views.NodeInfo.as_view(), name="nodeinfo"),
]
