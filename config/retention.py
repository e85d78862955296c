"""How many days what is kept (foundation/retention.py says what; docs/operating.md and the privacy page list it)."""

from config import env

LETTER_BODY_DAYS = env.number("LETTER_BODY_DAYS", 30)
JOB_DONE_DAYS = env.number("JOB_DONE_DAYS", 7)  # long enough to look into what happened on a bad week-end
COUNTER_DAYS = env.number("COUNTER_DAYS", 400)  # longer than any window in the contract
UNCONFIRMED_DAYS = env.number("UNCONFIRMED_DAYS", 3)
ADDRESS_UNDO_DAYS = env.number("ADDRESS_UNDO_DAYS", 7)  # the old address can take the account back (security.md)
LEFT_HANDLE_DAYS = env.number("LEFT_HANDLE_DAYS", 30)  # other servers are told meanwhile, under that name
HANDLE_RESTS_DAYS = env.number("HANDLE_RESTS_DAYS", 365)  # nobody else gets it before
SESSION_DAYS = env.number("SESSION_DAYS", 14)
TOKEN_ENDED_DAYS = env.number("TOKEN_ENDED_DAYS", 30)
LOOKUP_DAYS = env.number("LOOKUP_DAYS", 30)
EXPORT_DAYS = env.number("EXPORT_DAYS", 1)
INVITATION_ENDED_DAYS = env.number("INVITATION_ENDED_DAYS", 30)
REPORT_DAYS = env.number("REPORT_DAYS", 365)
INBOUND_BODY_DAYS = env.number("INBOUND_BODY_DAYS", 30)  # that an activity came is known for ever
DELIVERY_DONE_DAYS = env.number("DELIVERY_DONE_DAYS", 30)
DELIVERY_DEAD_DAYS = env.number("DELIVERY_DEAD_DAYS", 90)
DRAFT_DAYS = env.number("DRAFT_DAYS", 90)
REVISION_DAYS = env.number("REVISION_DAYS", 365)  # as long as a report keeps what was reported
NOTICE_DAYS = env.number("NOTICE_DAYS", 90)
