"""How a log line looks: JSON for machines (line ends in values are escaped), plain for a laptop.

Whatever a line is made of, it tells of nobody: no mail address, no whole network address, no token, no query, no row of
a database (security.md, Logs). `Requests` gives each request an id, which all lines about it share.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, MutableMapping
from ipaddress import ip_address, ip_network
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

log = logging.getLogger("house.requests")

QUERY = re.compile(r"(?<=[\w/])\?[^\s\"')]+")
MAIL = re.compile(r"[\w.+%-]+@(?=[\w-]+(\.[\w-]+)+)")
IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
IP6 = re.compile(r"(?<![\w:])(?=[0-9a-fA-F:]*:[0-9a-fA-F:]*:)[0-9a-fA-F:]{3,39}(?![\w:])")
TOKEN = re.compile(r"(?<![\w-])(?!(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?![\w-]))[\w-]*[A-Za-z0-9][\w-]{19,}")
LONG_WORD = re.compile(r"[a-z_]+|[A-Z][a-zA-Z]+")
"""Names in code, however long: no digits, no mixture as tokens have it."""
DETAIL = re.compile(r"(?m)^(DETAIL|CONTEXT|PARAMETERS?):.*$")


def scrubbed(text: str) -> str:
    """`text` without what is nobody's business: see the top of this file."""
    text = DETAIL.sub(r"\1: …", QUERY.sub("?…", text))
    text = TOKEN.sub(_unless_word, MAIL.sub("…@", text))
    return IP6.sub(_network, IP4.sub(_network, text))


def _unless_word(found: re.Match[str]) -> str:
    parts = re.split(r"[-_]", found[0])
    return found[0] if all(LONG_WORD.fullmatch(part) for part in parts if part) else "…"


def _network(found: re.Match[str]) -> str:
    """The /24 or /48 of an address; what only looks like one stays."""
    try:
        address = ip_address(found[0])
    except ValueError:
        return found[0]
    if address.is_loopback or address.is_unspecified:
        return found[0]
    return str(ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False).network_address)


def _scrub(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        name: scrubbed(value) if isinstance(value, str) and name != "timestamp" else value
        for name, value in event.items()
    }


_FACTS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(allow={"method", "route", "status", "ms", "network"}),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def json(**_: Any) -> ProcessorFormatter:
    """One JSON object a line: event, level, logger, timestamp, exception; request, if one is being answered."""
    return _formatter([structlog.processors.format_exc_info, _scrub, structlog.processors.JSONRenderer()])


def plain(**_: Any) -> ProcessorFormatter:
    """For eyes: key=value, the exception below."""
    return _formatter(
        [_scrub, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )


def _formatter(last: list[Processor]) -> ProcessorFormatter:
    return ProcessorFormatter(foreign_pre_chain=_FACTS, processors=[ProcessorFormatter.remove_processors_meta, *last])


class Requests:
    """Each request has an id, and one line when it is answered: the route, never the address, since that holds tokens.

    What a browser says of an id is not believed. Answers do not carry ours: two alike are alike to the byte.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name, began = secrets.token_hex(8), time.monotonic()
        structlog.contextvars.bind_contextvars(
            request=name
        )  # until the next one: Django logs refusals after we are done
        response = self.get_response(request)
        match = request.resolver_match
        facts = {
            "method": request.method,
            "route": match.route if match else "",
            "status": response.status_code,
            "ms": round((time.monotonic() - began) * 1000),
            "network": request.META.get("REMOTE_ADDR", ""),
        }
        log.info("answered", extra=facts)
        return response
