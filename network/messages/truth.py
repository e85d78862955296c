"""The truth line: when the two last had to do with each other here, computed by the server. Pure but for words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.messages.claims import made_in

HOW = {
    "contact": gettext_lazy("as contacts"),
    "message": gettext_lazy("by message"),
    "invitation": gettext_lazy("by invitation"),
    "offer": gettext_lazy("by an offer"),
    "question": gettext_lazy("by question and reply"),
}


@dataclass(frozen=True)
class TruthLine:
    """`bold` where the text claims a contact that the server has no record of."""

    text: str
    bold: bool = False


def line(met_at: datetime | None, met_how: str, *, words: str = "", claims: bool = False) -> TruthLine:
    """What the server knows of the two before this text; `claims`: it is known already that the text claims one."""
    if met_at is None:
        return TruthLine(_("No contact on this server before."), bold=claims or made_in(words))
    day = formats.date_format(timezone.localtime(met_at), "DATE_FORMAT")
    how = HOW.get(met_how)
    if how is None:
        return TruthLine(_("Last contact %(day)s.") % {"day": day})
    return TruthLine(_("Last contact %(day)s, %(how)s.") % {"day": day, "how": how})
