"""Numbers of the API for members; `settings.py` takes them all (docs/decisions/0060)."""

from config import env

TOKENS_MAX = env.number("TOKENS_MAX", 20)  # tokens that work, of one member
API_REQUESTS_A_MINUTE = env.number("API_REQUESTS_A_MINUTE", 300)  # by one token: five a second
API_REFUSALS_A_MINUTE = env.number("API_REFUSALS_A_MINUTE", 60)  # requests of one address without a token that works
