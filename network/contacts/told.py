"""What of this wing is worth a letter: in words that name nobody and quote nothing, as long as it matters."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import DoorLevel, Member
from network.contacts import moves, requests, vouching
from network.contacts.models import Contact, Request
from network.notices.facts import Fact, Found, register
from network.notices.models import Kind
from vetting import vouches


def _request(member: Member, ref: str) -> Found | None:
    found = requests.at_the_door(member).filter(pk=ref).first()
    return Found(f"/requests/{found.public_id}/", {"grade": found.grade}) if found else None


def _accepted(member: Member, ref: str) -> Found | None:
    contact = Contact.objects.filter(request_id=int(ref), ended_at=None).select_related("request__recipient").first()
    return Found(f"/@{contact.request.recipient.called}/") if contact and contact.request else None


def _asked_back(member: Member, ref: str) -> Found | None:
    asked = Request.objects.filter(pk=ref, asker=member, question_at__isnull=False, reply_at=None, ended_at=None)
    found = asked.first()
    return Found(f"/requests/sent/{found.public_id}/") if found else None


def _vouch_asked(member: Member, ref: str) -> Found | None:
    found = vouching.waiting_for(member).filter(pk=ref).first()
    return Found(f"/questions/{found.public_id}/") if found else None


def _vouch_offered(member: Member, ref: str) -> Found | None:
    return Found("/vouches/") if vouches.offered_to(member).filter(pk=ref).exists() else None


def _moved(member: Member, ref: str) -> Found | None:
    return Found("/contacts/") if moves.waiting_for(member).filter(pk=ref).exists() else None


def _tray(member: Member, ref: str) -> Found | None:
    """Behind the door *known* nothing is ever summed up (product.md, section 3)."""
    count = 0 if member.door.lowest == DoorLevel.KNOWN else requests.in_the_tray(member).count()
    return Found("/requests/tray/", {"count": str(count)}) if count else None


register(
    "request",
    Fact(
        kind=Kind.REQUEST,
        subject=_("Somebody asks you for contact"),
        sentence=_("A request of grade %(grade)s waits for you."),
        several=ngettext_lazy("%(count)d request is at your door.", "%(count)d requests are at your door.", "count"),
        find=_request,
        page="/requests/",
    ),
)
register(
    "accepted",
    Fact(
        kind=Kind.ANSWER,
        subject=_("Your request was accepted"),
        sentence=_("You have a new contact."),
        several=ngettext_lazy("You have %(count)d new contact.", "You have %(count)d new contacts.", "count"),
        find=_accepted,
        page="/contacts/",
    ),
)
register(
    "asked-back",
    Fact(
        kind=Kind.ANSWER,
        subject=_("A question about your request"),
        sentence=_("Somebody you asked for contact has a question back."),
        several=ngettext_lazy(
            "%(count)d person you asked has a question back.",
            "%(count)d people you asked have a question back.",
            "count",
        ),
        find=_asked_back,
        page="/requests/sent/",
    ),
)
register(
    "vouch-asked",
    Fact(
        kind=Kind.VOUCH,
        subject=_("Would you vouch for somebody?"),
        sentence=_("One of your contacts asks for your word with another of your contacts."),
        several=ngettext_lazy(
            "Your word is asked for in %(count)d request.", "Your word is asked for in %(count)d requests.", "count"
        ),
        find=_vouch_asked,
        page="/questions/",
    ),
)
register(
    "vouch-offered",
    Fact(
        kind=Kind.VOUCH,
        subject=_("Somebody vouches for you"),
        sentence=_("One of your contacts would vouch for you in public. It shows nowhere before you countersign it."),
        several=ngettext_lazy(
            "%(count)d public vouch waits for your countersignature.",
            "%(count)d public vouches wait for your countersignature.",
            "count",
        ),
        find=_vouch_offered,
        page="/vouches/",
    ),
)
register(
    "moved",
    Fact(
        kind=Kind.CONTACT,
        subject=_("One of your contacts has moved"),
        sentence=_("One of your contacts lives on another server now. The contact goes on if you say so."),
        several=ngettext_lazy(
            "%(count)d contact has moved and goes on if you say so.",
            "%(count)d contacts have moved and go on if you say so.",
            "count",
        ),
        find=_moved,
        page="/contacts/",
    ),
)
register(
    "tray",
    Fact(
        kind=Kind.TRAY,
        subject=_("What waits in your tray"),
        sentence=_("Requests in your tray: %(count)s. You owe them no answer."),
        several=_("Your tray is not empty."),
        find=_tray,
        page="/requests/tray/",
    ),
)
