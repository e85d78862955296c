"""Letters of this wing: short, in the member's language, without any words of strangers in them (threat 23)."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import letters
from network.contacts.models import Request, VouchQuestion

WORDS = {
    "request": (_("Somebody asks you for contact"), _("A request of grade %(grade)s waits for you.")),
    "accepted": (_("Your request was accepted"), _("You have a new contact.")),
    "tray": (_("What waits in your tray"), _("Requests in your tray: %(count)s. You owe them no answer.")),
    "asked-back": (
        _("A question about your request"),
        _("Somebody you asked for contact has a question back."),
    ),
    "vouch-asked": (
        _("Would you vouch for somebody?"),
        _("One of your contacts asks for your word with another of your contacts."),
    ),
    "moved": (
        _("One of your contacts has moved"),
        _("One of your contacts lives on another server now. The contact goes on if you say so."),
    ),
    "vouch-offered": (
        _("Somebody vouches for you"),
        _("One of your contacts would vouch for you in public. It shows nowhere before you countersign it."),
    ),
}
"""Kind of letter → subject and sentence."""


def tray_summed_up(member: Member, waiting: int) -> None:
    tell(member, "tray", "/requests/tray/", count=str(waiting))


def tell(member: Member, kind: str, path: str, **values: str) -> None:
    """The member has a letter of that kind with a link to `path`; other wings add kinds of theirs to `WORDS`."""
    if member.account is None:
        return
    subject, sentence = WORDS[kind]
    with translation.override(member.language):
        filled = {"sentence": sentence % values, "url": f"{settings.SITE_URL}{path}", "site": settings.SITE_NAME}
        letters.write(member.account.email, str(subject), render_to_string("mail/notice.txt", filled), kind=kind)


def request_arrived(request: Request) -> None:
    tell(request.recipient, "request", f"/requests/{request.public_id}/", grade=request.grade)


def request_accepted(request: Request) -> None:
    tell(request.asker, "accepted", f"/@{request.recipient.called}/")


def asked_back(request: Request) -> None:
    tell(request.asker, "asked-back", f"/requests/sent/{request.public_id}/")


def vouch_asked(question: VouchQuestion) -> None:
    tell(question.voucher, "vouch-asked", f"/questions/{question.public_id}/")


def moved(member: Member) -> None:
    tell(member, "moved", "/contacts/")


def vouch_offered(subject: Member) -> None:
    tell(subject, "vouch-offered", "/vouches/")
