"""How a log line looks: JSON for machines (line ends in values are escaped), plain for a laptop."""

from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

_FACTS: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def json(**_: Any) -> ProcessorFormatter:
    """One JSON object a line: event, level, logger, timestamp, exception."""
    return _formatter([structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])


def plain(**_: Any) -> ProcessorFormatter:
    """For eyes: key=value, the exception below."""
    return _formatter([structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)])


def _formatter(last: list[Processor]) -> ProcessorFormatter:
    return ProcessorFormatter(foreign_pre_chain=_FACTS, processors=[ProcessorFormatter.remove_processors_meta, *last])
