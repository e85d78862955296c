"""Addresses of the API, below /api/v1/."""

from django.urls import path

from frontend.api import contacts, entries, me, people, questions, requests, threads

urlpatterns = [
    path("me", me.Me.as_view()),
    path("entries", entries.Entries.as_view()),
    path("entries/<uuid:number>", entries.OneEntry.as_view()),
    path("crossings", people.Crossings.as_view()),
    path("people", people.People.as_view()),
    path("people/<str:handle>", people.Person.as_view()),
    path("requests", requests.AtTheDoor.as_view()),
    path("requests/tray", requests.Tray.as_view()),
    path("requests/sent", requests.Sent.as_view()),
    path("requests/sent/<uuid:number>", requests.OneSent.as_view()),
    path("requests/sent/<uuid:number>/withdraw", requests.Withdraw.as_view()),
    path("requests/sent/<uuid:number>/reply", requests.Reply.as_view()),
    path("requests/<uuid:number>", requests.Received.as_view()),
    path("requests/<uuid:number>/accept", requests.Accept.as_view()),
    path("requests/<uuid:number>/decline", requests.Decline.as_view()),
    path("requests/<uuid:number>/ask-back", requests.AskBack.as_view()),
    path("questions", questions.Questions.as_view()),
    path("questions/<uuid:number>", questions.OneQuestion.as_view()),
    path("questions/<uuid:number>/answer", questions.AnswerQuestion.as_view()),
    path("contacts", contacts.Contacts.as_view()),
    path("contacts/<uuid:number>", contacts.OneContact.as_view()),
    path("contacts/<uuid:number>/lift", contacts.Lift.as_view()),
    path("threads", threads.Threads.as_view()),
    path("threads/<uuid:number>", threads.OneThread.as_view()),
    path("threads/<uuid:number>/messages", threads.Messages.as_view()),
    path("threads/<uuid:number>/read", threads.Read.as_view()),
    path("messages", threads.Write.as_view()),
    path("messages/<uuid:number>/pitch", threads.Pitch.as_view()),
]
