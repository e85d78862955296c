"""A request to somebody whose server knows no requests: a wish to follow them and, with a note, a message.

It has spent a request and obeys the same rules (`network.contacts.requests`). A message in answer is a request to the
asker (`arriving.strangers`).
"""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import months
from network.contacts import follows
from network.contacts.models import Follow, Request
from network.federation import actors, addresses, notes, outbox, references


def make(request: Request) -> None:
    """The asker follows, and the note goes out as a message that names the context and the asker's page."""
    asker, recipient = request.asker, request.recipient
    follows.follow(asker, recipient)
    if not request.note:
        return
    uri = addresses.thing("approach", request.public_id)
    with translation.override(asker.language):
        text = _text(request)
    activity = notes.to_one(asker, recipient, uri=uri, text=text, at=request.asked_at)
    outbox.send(asker, activity, to=[actors.of(recipient)], key=f"approach:{request.public_id}", proved=False)
    references.remember(uri, "approach", request)


def take_back(request: Request) -> None:
    """The asker follows no longer, unless they did before they asked; a message that has arrived stays."""
    begun = Follow.objects.filter(follower=request.asker, followed=request.recipient, asked_at__gte=request.asked_at)
    if begun.exists():
        follows.end(request.asker, request.recipient)


def _text(request: Request) -> str:
    name = request.asker.name or f"@{request.asker.address}"
    lines = [_("%(name)s asks you for contact.") % {"name": name}, _place(request), request.note]
    return "\n".join(line for line in [*lines, f"{settings.SITE_URL}/@{request.asker.handle}/"] if line)


def _place(request: Request) -> str:
    kept = request.snapshot
    if "kind" not in kept:
        return ""
    span = months.span(kept["starts"], kept["ends"], starts_exact=kept["starts_exact"], ends_exact=kept["ends_exact"])
    place = f"{kept['organisation']}, {kept['unit']}" if kept["unit"] else kept["organisation"]
    return _("What you may know each other from: %(place)s, %(months)s") % {"place": place, "months": span}
