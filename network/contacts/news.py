"""Letters of this wing: short, in the member's language, without any words of strangers in them (threat 23)."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Member
from foundation import letters
from network.contacts.models import Request, VouchQuestion


def _tell(member: Member, *, kind: str, subject: str, sentence: str, path: str) -> None:
    if member.account is None:
        return
    values = {"sentence": sentence, "url": f"{settings.SITE_URL}{path}", "site": settings.SITE_NAME}
    letters.write(member.account.email, subject, render_to_string("mail/notice.txt", values), kind=kind)


def request_arrived(request: Request) -> None:
    with translation.override(request.recipient.language):
        _tell(
            request.recipient,
            kind="request",
            subject=_("Somebody asks you for contact"),
            sentence=_("A request of grade %(grade)s waits for you.") % {"grade": request.grade},
            path=f"/requests/{request.public_id}/",
        )


def request_accepted(request: Request) -> None:
    with translation.override(request.asker.language):
        _tell(
            request.asker,
            kind="accepted",
            subject=_("Your request was accepted"),
            sentence=_("You have a new contact."),
            path=f"/@{request.recipient.handle}/",
        )


def asked_back(request: Request) -> None:
    with translation.override(request.asker.language):
        _tell(
            request.asker,
            kind="asked-back",
            subject=_("A question about your request"),
            sentence=_("Somebody you asked for contact has a question back."),
            path=f"/requests/sent/{request.public_id}/",
        )


def vouch_asked(question: VouchQuestion) -> None:
    with translation.override(question.voucher.language):
        _tell(
            question.voucher,
            kind="vouch-asked",
            subject=_("Would you vouch for somebody?"),
            sentence=_("One of your contacts asks for your word with another of your contacts."),
            path=f"/questions/{question.public_id}/",
        )
