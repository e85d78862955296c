"""The contract's numbers (product.md); every one may be set by the operator. Units stand in the names."""

from datetime import timedelta

from config import env

NOTE_MAX_CHARACTERS = env.number("NOTE_MAX_CHARACTERS", 200)
OVERLAP_MIN_MONTHS = env.number("OVERLAP_MIN_MONTHS", 3)
ENTRY_AGE_MIN_DAYS = env.number("ENTRY_AGE_MIN_DAYS", 30)
ENTRIES_MAX = env.number("ENTRIES_MAX", 40)
ENTRIES_FREE_DAYS = env.number("ENTRIES_FREE_DAYS", 7)
ENTRY_ORGANISATIONS_A_DAY = env.number("ENTRY_ORGANISATIONS_A_DAY", 5)
MATCHABLE_EMPLOYMENTS_AT_ONCE = env.number("MATCHABLE_EMPLOYMENTS_AT_ONCE", 3)
NEEDS_UNIT_FROM_ENTRIES = env.number("NEEDS_UNIT_FROM_ENTRIES", 200)
NOT_TRUE_PEOPLE = env.number("NOT_TRUE_PEOPLE", 3)
PENALTY_PEOPLE = env.number("PENALTY_PEOPLE", 3)
CROSSINGS_A_PAGE = env.number("CROSSINGS_A_PAGE", 10)
CROSSING_PAGES_A_DAY = env.number("CROSSING_PAGES_A_DAY", 10)
REQUESTS_OPEN = env.number("REQUESTS_OPEN", 3)
REQUESTS_OPEN_MAX = env.number("REQUESTS_OPEN_MAX", 10)
REQUESTS_NEW_A_DAY = env.number("REQUESTS_NEW_A_DAY", 2)
REQUEST_SLOT_DAYS = env.number("REQUEST_SLOT_DAYS", 14)
REQUEST_ENDS_DAYS = env.number("REQUEST_ENDS_DAYS", 60)
REQUEST_LATE_DAYS = env.number("REQUEST_LATE_DAYS", 8)  # answers of other servers: 7 days of delivery, one to spare
REQUEST_AGAIN_DAYS = env.number("REQUEST_AGAIN_DAYS", 180)
VOUCH_QUESTIONS_A_REQUEST = env.number("VOUCH_QUESTIONS_A_REQUEST", 3)
REQUEST_VOUCHES_MAX = env.number("REQUEST_VOUCHES_MAX", 3)
REQUEST_VOUCHES_DAYS = env.number("REQUEST_VOUCHES_DAYS", 30)
VOUCH_SUSPENDED_DAYS = env.number("VOUCH_SUSPENDED_DAYS", 90)
QUIET_PERIOD_DAYS = env.number("QUIET_PERIOD_DAYS", 30)
INVITATION_DAYS = env.number("INVITATION_DAYS", 14)
INVITATIONS_OPEN = env.number("INVITATIONS_OPEN", 10)
NOTICE_MESSAGE_MINUTES = env.number("NOTICE_MESSAGE_MINUTES", 10)  # unread so long before a letter says so
FILE_MAX_BYTES = env.number("FILE_MAX_BYTES", 5 << 20)  # one file; the proxy in front has to let it pass
FILES_KEPT_BYTES = env.number("FILES_KEPT_BYTES", 100 << 20)  # all that a member has sent
FILES_A_DAY = env.number("FILES_A_DAY", 20)
PICTURE_MAX_PIXELS = env.number("PICTURE_MAX_PIXELS", 24_000_000)  # unpacked: four bytes each
EDIT_MINUTES = env.number("EDIT_MINUTES", 5)
MESSAGE_MAX_CHARACTERS = env.number("MESSAGE_MAX_CHARACTERS", 10_000)
SENTENCE_MAX_CHARACTERS = env.number("SENTENCE_MAX_CHARACTERS", 300)
REPORTS_A_DAY = env.number("REPORTS_A_DAY", 10)  # enough for one person's worst day, too few to flood the queue
APPEAL_DAYS = env.number("APPEAL_DAYS", 184)  # six months, however long they are (DSA Art. 20)
NOTICES_AN_HOUR = env.number("NOTICES_AN_HOUR", 5)  # without an account: a network address, or a mail address
VOUCHES_MAX = env.number("VOUCHES_MAX", 5)
VOUCHES_DAYS = env.number("VOUCHES_DAYS", 30)
VOUCHES_LIVE_MAX = env.number("VOUCHES_LIVE_MAX", 20)
VOUCH_MONTHS = env.number("VOUCH_MONTHS", 24)
VOUCH_AFTER_DAYS = env.number("VOUCH_AFTER_DAYS", 90)
VOUCH_RENEWABLE_DAYS = env.number("VOUCH_RENEWABLE_DAYS", 180)
PROMOTIONS_A_DAY = env.number("PROMOTIONS_A_DAY", 5)  # at full standing; the bucket holds those of PROMOTIONS_DAYS
PROMOTIONS_DAYS = env.number("PROMOTIONS_DAYS", 3)
OFFERS_A_MONTH = env.number("OFFERS_A_MONTH", 10)
OFFER_AGAIN_DAYS = env.number("OFFER_AGAIN_DAYS", 365)
OFFER_PAUSE_DAYS = env.number("OFFER_PAUSE_DAYS", 30)  # between two offers of one sender to one person
OFFER_ENDS_DAYS = env.number("OFFER_ENDS_DAYS", 60)
OFFER_RANGE_PERCENT = env.number("OFFER_RANGE_PERCENT", 130)  # the upper end of a pay range, of the lower one
OFFER_MANDATE_MAX_CHARACTERS = env.number("OFFER_MANDATE_MAX_CHARACTERS", 1000)
OFFER_WAIT_MINUTES = env.number("OFFER_WAIT_MINUTES", 1 if env.flag("DEMO") else 60)
OFFER_JITTER_MINUTES = env.number("OFFER_JITTER_MINUTES", 1 if env.flag("DEMO") else 360)
OFFER_CASES_MIN = env.number("OFFER_CASES_MIN", 5)
OFFER_RATES = env.rates("OFFER_RATES", "EUR:1,CHF:1.05,GBP:1.15,USD:0.9,SEK:0.088,DKK:0.134,PLN:0.23,CZK:0.04")
OFFER_PLACES = env.places("OFFER_PLACES_FILE")  # CSV: region code, latitude, longitude; without it codes alone count
CALL_DAYS_MAX = env.number("CALL_DAYS_MAX", 180)
CALLS_OPEN = env.number("CALLS_OPEN", 5)
TRADES_MAX = env.number("TRADES_MAX", 5)  # topics with their region that a member can speak to
TRADES_NEW = env.number("TRADES_NEW", 8)  # new ones in 30 days, against reading all calls topic by topic
SENT_TO_MANY_DAYS = env.number("SENT_TO_MANY_DAYS", 30)
PROMOTION_AGAIN_DAYS = env.number("PROMOTION_AGAIN_DAYS", 30)
PROMOTIONS_HEARD_A_WEEK = env.number("PROMOTIONS_HEARD_A_WEEK", 2)
PROMOTION_GOOD_DAYS = env.number("PROMOTION_GOOD_DAYS", 14)
PROOF_DAYS = env.number("PROOF_DAYS", 730)
PROOFS_A_DOMAIN = env.number("PROOFS_A_DOMAIN", 20)
PROOF_SHARES = {  # what a proof counts of a whole anchor; in percent, so that an operator can set it
    "moderator": 1.0,
    "met": env.number("PROOF_MET_PERCENT", 100) / 100,
    "checked-in": env.number("PROOF_CHECKED_IN_PERCENT", 50) / 100,
    "work-mail": env.number("PROOF_WORK_MAIL_PERCENT", 50) / 100,
}
JOB_ATTEMPTS_MAX = env.number("JOB_ATTEMPTS_MAX", 12)
MAIL_DEADLINE = timedelta(days=3)
