"""Words that claim an earlier contact: "as discussed", "wie besprochen". Pure; German and English.

A pretext says it in passing, so the fixed phrases are looked for and not the verbs: "we met at Acme in 2003" is a
memory and no claim, "let us discuss" a plan, "as discussed in your book" a quotation.
"""

import re

from foundation import wording

READ_MAX_CHARACTERS = 20_000

_TALK = r"(?:phone |telephone |video |short |brief |nice |good |great |last |recent |previous |earlier |first ){0,2}"
_TALK += r"(?:call|conversation|discussion|meeting|talk|chat|exchange|e-?mails?|correspondence|phone call)"
_WRITTEN = r"(?:last |previous |earlier |recent )?(?:message|e-?mail|mail|note|call|letter)"
_ENGLISH = (
    r"as (?:(?:already|previously|briefly|recently|just|we|you and i|we have|we had|we've) ){0,3}"
    r"(?:discussed|agreed|arranged|promised|requested)"
    r"(?! (?:in|by|on) (?:\w+ ){1,3}(?:article|paper|book|talk|chapter|thesis|report|post|blog|interview)s?\b)",
    r"as (?:we |i |you )?(?:mentioned|said|spoke|talked) (?:earlier|before|(?:on|over) the phone|about|last|yesterday)",
    rf"(?:per|following|further to|following up on|regarding) our {_TALK}",
    rf"(?:to |i |just |i'm |am )?follow(?:ing|ed)?(?: up|-up) (?:on|to) (?:my|your) {_WRITTEN}",
    rf"(?:in|on) our (?:last|recent|previous|earlier) {_TALK}",
    rf"my (?:last|previous|earlier) {_WRITTEN} to you",
    r"we(?:'ve| have| had) (?:(?:already|previously|recently|just|once|both) ){0,2}"
    r"(?:been in (?:contact|touch)(?! with)|spoken(?! of)|talked(?! of)|corresponded"
    r"|exchanged (?:e-?mails|messages|numbers))",
    r"we (?:have|had)? ?already (?:met|know each other)",
    r"we (?:spoke|talked|chatted) (?:yesterday|earlier|recently|before|briefly|last (?:week|month|year)|on the phone)",
    r"we were (?:already |once |recently )?in (?:contact|touch)(?! with)",
    r"since we last (?:spoke|talked|met)",
    r"(?:it was )?(?:good|great|nice|lovely|a pleasure) (?:talking|speaking|chatting) (?:to|with) you",
    r"thank(?:s| you) (?:very much |so much |again )?for (?:your|the) "
    r"(?:reply|call|enquiry|inquiry|message|e-?mail|(?:nice |good |great |pleasant )?(?:call|conversation|chat)"
    r"|interest in (?:our|my))",
    r"(?:circling|coming|getting) back to you",
    r"(?:reaching out|writing to you) again",
    r"where we left off",
)
_ADVERBS = (
    r"(?:(?:bereits|schon|ja|eben|gerade|gestern|heute|vorhin|neulich|kürzlich|letztens|kurz|auch|einmal|mal|zuletzt"
    r"|telefonisch|persönlich|mündlich|schriftlich|gemeinsam|wir|uns|du|sie|das|es|mit (?:dir|ihnen|euch)|am telefon"
    r"|per (?:e-?mail|mail|telefon|nachricht)|(?:letzte|vorige|diese) woche|(?:letzten|vorigen|diesen) monat"
    r"|(?:am|letzten) (?:montag|dienstag|mittwoch|donnerstag|freitag)|in unserem gespräch) ){0,4}"
)
_GESPRAECH = (
    r"(?:(?:kurze|nette|gute|letzte|angenehme|heutige|gestrige)[ns]? ){0,2}"
    r"(?:gespräch\w{0,2}|telefonat\w{0,2}|treffen|unterhaltung|austausch|termin|korrespondenz|mailwechsel)"
)
_GERMAN = (
    rf"wie {_ADVERBS}(?:besprochen|vereinbart|abgesprochen|abgemacht|ausgemacht|verabredet|zugesagt|versprochen"
    r"|gewünscht)",
    r"(?:bezug|anschluss|rückbezug|bezugnehmend|anknüpfend|nachgang|rückblick)(?: nehmend)? "
    rf"(?:auf|an|zu) unser\w{{0,2}} {_GESPRAECH}",
    rf"(?:nach|zu) unser(?:em|er|en|m) (?:letzten |kurzen )?{_GESPRAECH}",
    rf"wir (?:waren|standen|stehen|sind) {_ADVERBS}(?:in|im) (?:kontakt|austausch)(?! mit (?!dir|ihnen|euch))",
    rf"wir (?:haben|hatten) {_ADVERBS}(?:gesprochen|telefoniert|geschrieben|gemailt|ausgetauscht"
    r"|kontakt(?! mit (?!dir|ihnen|euch)))",
    r"(?:danke|dank) (?:(?:dir|ihnen|euch|nochmal|nochmals|sehr) ){0,2}für "
    rf"(?:(?:das|den|die|unser\w{{0,2}}) {_GESPRAECH}"
    r"|(?:deine?n?|ihre?n?|eure?n?|die|den) (?:(?:schnelle|nette|liebe|freundliche)n? )?"
    r"(?:antwort|rückmeldung|rückruf|nachricht|anruf|mail|anfrage)"
    r"|(?:dein|ihr|euer) interesse an (?:unser|mein)\w{0,2})",
    r"(?:ich )?komme (?:noch ?mals?|wieder) auf (?:dich|sie|euch) zu",
    r"(?:meine|deine|ihre) (?:letzte|vorige|frühere|gestrige) (?:nachricht|mail|anfrage|antwort)",
)
_CLAIMS = re.compile(r"(?:^|\n) ?(?:re|aw|fwd?|wg) ?:|\b(?:" + "|".join((*_ENGLISH, *_GERMAN)) + r")\b", re.IGNORECASE)


def made_in(text: str) -> bool:
    """Whether the words claim that the two had to do with each other before."""
    words = wording.clean(text[:READ_MAX_CHARACTERS]).replace("’", "'").replace("‘", "'")
    lines = "\n".join(" ".join(line.split()) for line in words.splitlines())
    return _CLAIMS.search(lines) is not None or _CLAIMS.search(" ".join(lines.split("\n"))) is not None
