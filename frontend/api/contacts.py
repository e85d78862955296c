"""Contacts: since when, who keeps quiet until when, ended by either side."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import visibility
from accounts.models import Member, Scope
from foundation.refusals import NotThere
from frontend.api import paging
from frontend.api.described import door
from frontend.api.door import Door, done
from frontend.api.people import BriefOut
from frontend.api.shapes import Id, Moment, Pages, Shape, page_of
from network.contacts import quiet
from network.contacts.models import Contact


class ContactOut(Shape):
    id = Id(source="contact.public_id")
    person = BriefOut()
    began_at = Moment(source="contact.began_at")
    my_quiet_until = Moment(source="mine.until", default=None, allow_null=True, help_text="null: I may sell.")
    their_quiet_until = Moment(source="theirs.until", default=None, allow_null=True)


ContactPage = page_of(ContactOut, "ContactPage")


class Contacts(Door):
    scopes = {"get": Scope.CONTACTS_READ}
    queries = {"get": Pages}

    @door("contacts", "Your contacts, latest first", Scope.CONTACTS_READ, gives=ContactPage, query=Pages)
    def get(self, request: Request) -> Response:
        rows = quiet.of(self.member)
        return paging.page(self, rows, ContactOut, shown=lambda found: contact_lines(self.member, found))


class OneContact(Door):
    scopes = {"get": Scope.CONTACTS_READ, "delete": Scope.CONTACTS_WRITE}

    @door("contact", "One of your contacts", Scope.CONTACTS_READ, gives=ContactOut, more=(404,))
    def get(self, request: Request, number: UUID) -> Response:
        return Response(ContactOut(contact_lines(self.member, [_mine(self.member, number)])[0]).data)

    @door("contact_end", "End a contact", Scope.CONTACTS_WRITE, status=204, more=(404,))
    def delete(self, request: Request, number: UUID) -> Response:
        quiet.end(_mine(self.member, number), by=self.member)
        return done()


class Lift(Door):
    scopes = {"post": Scope.CONTACTS_WRITE}

    @door("contact_lift", "End the other side's quiet period early", Scope.CONTACTS_WRITE, status=204, more=(404,))
    def post(self, request: Request, number: UUID) -> Response:
        quiet.lift(_mine(self.member, number), by=self.member)
        return done()


def _mine(member: Member, number: UUID) -> Contact:
    row = quiet.of(member).filter(public_id=number).first()
    if row is None:
        raise NotThere
    return row


def contact_lines(member: Member, rows: list[Contact]) -> list[dict[str, Any]]:
    others = [row.recipient if row.asker_id == member.pk else row.asker for row in rows]
    names = visibility.names_for(member, others)
    return [
        {
            "contact": row,
            "person": names[other.pk],
            "mine": row.quiet_of(member),
            "theirs": row.quiet_of(other),
        }
        for row, other in zip(rows, others, strict=True)
    ]
