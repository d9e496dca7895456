"""Network's counters for Prometheus.

Thread: main.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily

from sanderling.network.counters import Counters
from sanderling.network.network import Network


class NetworkCollector:
    """Prometheus asks it for everything at once.

    Args:
        network: whose counters.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client.registry.Collector`."""
        counters = self._network.counters
        running, waiting = self._network.load
        load = GaugeMetricFamily("sanderling_transfers", "Transfers without an outcome, by state.", labels=["state"])
        load.add_metric(["running"], running)
        load.add_metric(["waiting"], waiting)
        yield load
        outcomes = CounterMetricFamily(
            "sanderling_transfers_ended", "Transfers by outcome: done, or the name of the error.", labels=["outcome"]
        )
        for outcome, count in counters.outcomes.items():
            outcomes.add_metric([outcome], count)
        yield outcomes
        yield SummaryMetricFamily(
            "sanderling_transfer_queue_seconds",
            "What transfers waited for their turn.",
            count_value=counters.started,
            sum_value=counters.queued_s,
        )
        for name, help_, value in (
            (
                "sanderling_network_connections_opened",
                "Connections made to servers and proxies.",
                counters.connections_opened,
            ),
            (
                "sanderling_network_connections_reused",
                "Transfers that needed no new connection.",
                counters.connections_reused,
            ),
            ("sanderling_tls_handshakes", "TLS handshakes with servers.", counters.tls_handshakes),
            (
                "sanderling_tls_handshakes_saved",
                "Transfers over TLS that needed no new connection.",
                counters.tls_handshakes_saved,
            ),
            (
                "sanderling_names_resolved",
                "Names answered by DNS or its cache, for new connections.",
                counters.names_resolved,
            ),
            (
                "sanderling_transfer_bytes_received",
                "Bytes of responses that came whole, as on the wire.",
                counters.bytes_received,
            ),
            ("sanderling_web_sockets", "WebSockets that pages asked for.", counters.web_sockets),
        ):
            yield CounterMetricFamily(name, help_, value=value)
        yield _saved(counters)


def _saved(counters: Counters) -> Metric:
    family = CounterMetricFamily(
        "sanderling_requests_saved",
        "Requests answered by the HTTP cache, confirmed by a 304, or shared with an equal one under way.",
        labels=["by"],
    )
    for saving in ("cache", "confirmed", "shared"):
        family.add_metric([saving], counters.saved[saving])
    return family
