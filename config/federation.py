"""Numbers of the federation wing; `settings.py` takes them all. Sources: ../docs/decisions and the specification."""

from config import env

SOFTWARE_VERSION = "0.1.0"  # as in pyproject.toml; other servers are told
FEDERATION = env.flag("FEDERATION", default=env.text("SITE_URL").startswith("https://"))
FEDERATION_ALLOW_LIST = env.flag("FEDERATION_ALLOW_LIST")  # only peers marked as allowed; all others as if closed
FEDERATION_NETWORKS = env.words("FEDERATION_NETWORKS")  # CIDRs that may be dialled though private: tests, two towns
FEDERATION_PORTS = env.words("FEDERATION_PORTS")  # `name:port` of servers on this machine that do not listen at 443
FEDERATION_CA_FILE = env.text("FEDERATION_CA_FILE")  # a private authority to trust besides the system's own
INBOX_MAX_BYTES = 256 * 1024
INBOX_A_MINUTE_AND_SERVER = env.number("INBOX_A_MINUTE_AND_SERVER", 1200)  # twenty a second, a large server's burst
INBOX_A_MINUTE_AND_ACTOR = env.number("INBOX_A_MINUTE_AND_ACTOR", 300)
INBOX_MAX_NODES = 10_000
SIGNATURE_PAST_S = 3600  # Mastodon: 5 min TTL + 1 h margin
SIGNATURE_FUTURE_S = 300
KEY_REFETCH_S = 300  # one refetch of an actor's key in five minutes, however many ask
FETCH_TIMEOUT_S = 10
FETCH_MAX_BYTES = 1_048_576
FETCH_MAX_REDIRECTS = 3
FETCHES_AN_ACTIVITY = 20  # whatever leads from one to the next
PARKED_DAYS = 7
MOVE_AGAIN_DAYS = 30  # between two moves of one person
DELIVERY_DAYS = 7
DELIVERY_FIRST_PAUSE_S = 60
DELIVERY_LAST_PAUSE_S = 43_200
LOOKUPS_A_DAY = 50  # people on other servers one member may look up
FOLLOWS_A_DAY = 20  # each tells somebody elsewhere of a member here, who did not ask for it
PEER_QUOTAS = {
    "requests": env.number("PEER_REQUESTS_A_DAY", 200),  # as many as a hundred members may open at two a day
    "messages": env.number("PEER_MESSAGES_A_DAY", 5000),  # only people in contact write: generous
    "follows": env.number("PEER_FOLLOWS_A_DAY", 2000),
    "vouches": env.number("PEER_VOUCHES_A_DAY", 100),  # offered to people here
    "reports": env.number("PEER_REPORTS_A_DAY", 50),  # each one is a moderator's time
    "lookups": env.number("PEER_LOOKUPS_A_DAY", 500),  # people of that server whom ours may look up
}
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}  # doors say the rest themselves
# `check --deploy` describes the doors as we do: choices stand where they are asked for
SPECTACULAR_SETTINGS: dict[str, list[str]] = {"POSTPROCESSING_HOOKS": []}
