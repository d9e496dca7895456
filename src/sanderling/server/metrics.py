"""What the server counts, and how Prometheus gets it.

Counters are plain numbers, changed on the loop; the exposition is made when somebody asks.

Thread: main.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from sanderling.network.network import Network
from sanderling.server.network_metrics import NetworkCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Counters(msgspec.Struct):
    """What happened since the start."""

    connections: int = 0  # accepted
    requests: Counter[int] = msgspec.field(default_factory=Counter)  # by status of their answer
    clients: int = 0  # upgraded
    messages_in: int = 0
    messages_out: int = 0
    bytes_in: int = 0  # of messages, unpacked
    bytes_out: int = 0
    refused: Counter[str] = msgspec.field(default_factory=Counter)  # by reason
    dropped: Counter[str] = msgspec.field(default_factory=Counter)  # by reason


class _Collector:
    """Prometheus asks it for everything at once."""

    def __init__(
        self, counters: Counters, phases: Callable[[], Mapping[str, int]], facts: Callable[[], Mapping[str, int]]
    ) -> None:
        self._counters = counters
        self._phases = phases
        self._facts = facts

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        c = self._counters
        yield _labelled(
            GaugeMetricFamily("sanderling_connections", "Connections of clients by phase.", labels=["phase"]),
            self._phases(),
        )
        for name, help_, value in (
            ("sanderling_accepted", "Connections accepted.", c.connections),
            ("sanderling_clients_upgraded", "WebSocket clients served.", c.clients),
            ("sanderling_messages_received", "WebSocket messages of clients.", c.messages_in),
            ("sanderling_messages_sent", "WebSocket messages to clients.", c.messages_out),
            ("sanderling_message_bytes_received", "Bytes of clients' messages.", c.bytes_in),
            ("sanderling_message_bytes_sent", "Bytes of messages to clients.", c.bytes_out),
        ):
            yield CounterMetricFamily(name, help_, value=value)
        yield _labelled(
            CounterMetricFamily("sanderling_http_responses", "HTTP answers by status.", labels=["status"]),
            {str(status): count for status, count in c.requests.items()},
        )
        yield _labelled(
            CounterMetricFamily("sanderling_refused", "Requests refused, by reason.", labels=["reason"]), c.refused
        )
        yield _labelled(
            CounterMetricFamily("sanderling_dropped", "Connections cut by us, by reason.", labels=["reason"]), c.dropped
        )
        for fact, value in self._facts().items():
            yield GaugeMetricFamily(f"sanderling_{fact}", f"Live {fact.replace('_', ' ')}.", value=value)


def _labelled(family: CounterMetricFamily | GaugeMetricFamily, values: Mapping[str, int]) -> Metric:
    for label, value in values.items():
        family.add_metric([label], value)
    return family


class Metrics:
    """The counters and their exposition.

    Args:
        phases: gives the number of connections by phase.
        facts: gives live things by name (``workers``).
        network: whose transfers are counted, too.
    """

    def __init__(
        self,
        phases: Callable[[], Mapping[str, int]],
        facts: Callable[[], Mapping[str, int]],
        network: Network | None = None,
    ) -> None:
        self.counters = Counters()
        self._registry = CollectorRegistry()
        self._registry.register(_Collector(self.counters, phases, facts))
        if network is not None:
            self._registry.register(NetworkCollector(network))

    def exposition(self) -> bytes:
        """Give the text for Prometheus (its exposition format 0.0.4)."""
        return generate_latest(self._registry)
