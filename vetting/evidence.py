"""What can be known of a member: the kinds of evidence and what each weighs (reputation.md, Evidence). Numbers only.

A line of the ledger has one of these kinds. Some make the one who speaks lend standing (`LENDS`), some are about
conduct, good or bad; the rest takes something back. `word` is what the speaker's word weighed then (`reputation.word`).
"""

from dataclasses import dataclass

YEAR_D = 365.0


@dataclass(frozen=True)
class Lends:
    """An edge of weight `w0` at most, fading by half every `half_life_d` days. `code` stands for it in the table."""

    code: int
    w0: float
    half_life_d: float
    explicit: bool = False
    """Said of one's own accord, as a public vouch: the only way in which anchors lend."""


WORKED, STUDIED, PROJECT = "confirmed-worked", "confirmed-studied", "confirmed-project"
MET, GROUP, INVITED = "confirmed-met", "confirmed-group", "confirmed-invited"
ACCEPTED, VOUCH = "accepted", "vouch"
REQUEST_VOUCH = "request-vouch"
"""Kept, but it lends nothing: what it lent would tell the asker who of those they asked spoke (docs/decisions/0032)."""

LENDS = {
    WORKED: Lends(1, 1.0, 2 * YEAR_D),
    STUDIED: Lends(2, 1.0, 2 * YEAR_D),
    INVITED: Lends(3, 0.75, 2 * YEAR_D),
    PROJECT: Lends(4, 0.5, 2 * YEAR_D),
    MET: Lends(5, 0.5, 2 * YEAR_D),
    GROUP: Lends(6, 0.5, 2 * YEAR_D),
    ACCEPTED: Lends(7, 0.1, YEAR_D),
    VOUCH: Lends(8, 1.0, YEAR_D, explicit=True),
}
CODES = {lends.code: kind for kind, lends in LENDS.items()}
CONFIRMED = frozenset({WORKED, STUDIED, INVITED, PROJECT, MET, GROUP})

# ── good conduct: weight · word of who says it, fading by half in a year, in sum at most 6 ──
PROMOTION_HEARD = "promotion-heard"
GOOD = dict.fromkeys(CONFIRMED, 0.25) | {PROMOTION_HEARD: 0.02}
GOOD_HALF_LIFE_D = YEAR_D

# ── bad conduct: weight · word, fading by half in 90 days ──
NOT_TRUE, PITCH, REPORTED = "not-true", "pitch", "reported"
STRIKE, LIABLE, BAD_FAITH = "strike", "liable", "bad-faith"
BAD_HALF_LIFE_D = 90.0
ACCUSATION_WEIGHT, ACCUSATIONS_MAX = 3.0, 12.0
REPORT_WEIGHT, REPORTS_MAX = 1.0, 4.0
STRIKE_WEIGHT = 10.0
LIABILITY_WEIGHT, LIABILITY_MAX = 10.0, 6.0
LIABLE_FOR_CONTACT = 0.25
"""A mere contact answers for a quarter of what a vouch answers for."""
BAD_FAITH_WEIGHT = 2.0
ACCUSATIONS = frozenset({NOT_TRUE, PITCH})
WHISPERED = ACCUSATIONS | {REPORTED}
"""Said by members about a member: one row, from three distinct people on, on Mondays only."""
UNHEARD = WHISPERED | {REQUEST_VOUCH}
"""Nothing is recomputed when these are said, or what has faded since the night would show that somebody spoke now."""
CONDUCT = (*sorted(WHISPERED), STRIKE, LIABLE, BAD_FAITH)

# ── taking back ──
RETRACTED, DECIDED = "retracted", "decided"
"""Of the line with the same source: an appeal was granted; a report was decided (it weighs only until then)."""
JUDGED = (*CONDUCT, RETRACTED, DECIDED)
WITHDRAWN, PARTED, SEVERED = "withdrawn", "parted", "severed"
"""Of the vouch with the same source; of all that the speaker lent by contact; of all the speaker ever lent."""
ENDS = (WITHDRAWN, PARTED, SEVERED)
