"""The truth line: when the two last had to do with each other here, computed by the server. Pure but for words."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HOW = {
    "contact": gettext_lazy("as contacts"),
    "message": gettext_lazy("by message"),
    "invitation": gettext_lazy("by invitation"),
    "offer": gettext_lazy("by an offer"),
}
_CLAIMS = re.compile(
    r"\b(?:as (?:discussed|agreed|promised|mentioned (?:earlier|before)|we (?:discussed|agreed|spoke))"
    r"|(?:following|further to) (?:up on )?our (?:call|conversation|meeting|talk|chat)"
    r"|we(?:'ve| have) (?:already )?(?:been in (?:contact|touch)|spoken|talked|met)"
    r"|(?:good|great|nice) (?:talking|speaking) (?:to|with) you|re:"
    r"|wie (?:(?:bereits|schon) )?(?:\w+ )?(?:besprochen|vereinbart|abgesprochen|verabredet|telefonisch)"
    r"|(?:bezug|anschluss|rückbezug)\w* (?:auf|an) unser\w* (?:gespräch|telefonat|treffen|unterhaltung)"
    r"|wir (?:waren|standen|sind|hatten) (?:ja |bereits |schon )*(?:in|im) kontakt"
    r"|wir (?:haben|hatten) (?:ja |bereits |schon |kürzlich )*(?:gesprochen|telefoniert|kontakt))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TruthLine:
    """`bold` where the text claims a contact that the server has no record of."""

    text: str
    bold: bool = False


def claims_contact(text: str) -> bool:
    """Whether the words claim that the two had to do with each other before ("as discussed", "wie besprochen")."""
    return _CLAIMS.search(text[:20_000]) is not None


def line(met_at: datetime | None, met_how: str, *, words: str = "") -> TruthLine:
    """What the server knows of the two before this text."""
    if met_at is None:
        return TruthLine(_("No contact on this server before."), bold=claims_contact(words))
    day = formats.date_format(timezone.localtime(met_at), "DATE_FORMAT")
    how = HOW.get(met_how)
    if how is None:
        return TruthLine(_("Last contact %(day)s.") % {"day": day})
    return TruthLine(_("Last contact %(day)s, %(how)s.") % {"day": day, "how": how})
