"""`python -m config.metrics`: the house's figures for Prometheus, on a port of their own that faces no visitor.

They are read from the database when they are asked for. If it does not answer, `leumund_up` is 0 and nothing else is
said: a figure of before would be a lie.
"""

import os
import threading
from collections.abc import Iterator, Mapping

from prometheus_client import Metric
from prometheus_client.registry import Collector

from config import env

BIND = "127.0.0.1"
PORT = 9100


class House(Collector):
    """What `prometheus_client` asks for the figures."""

    def collect(self) -> Iterator[Metric]:
        from django.db import DatabaseError, connections
        from prometheus_client.core import GaugeMetricFamily

        try:
            families = list(_families())
            up = 1.0
        except DatabaseError:
            families, up = [], 0.0
        finally:
            connections.close_all()
        yield GaugeMetricFamily("leumund_up", "Whether the database answers", value=up)
        yield from families


def _families() -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    from foundation.gauges import GAUGES

    for gauge in GAUGES.values():
        family = GaugeMetricFamily(f"leumund_{gauge.name}", gauge.help, labels=[gauge.label] if gauge.label else None)
        read = gauge.read()
        figures = dict(read) if isinstance(read, Mapping) else {"": read}
        for value, figure in figures.items():
            family.add_metric([value] if gauge.label else [], figure)
        yield family


def main() -> None:
    """Serves until it is ended."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    registry.register(House())
    start_http_server(env.number("METRICS_PORT", PORT), addr=env.text("METRICS_BIND", BIND), registry=registry)
    threading.Event().wait()


if __name__ == "__main__":
    main()
