"""The table at the end of `fetch --stats`: what went over the network, and what needed not to.

Thread: main.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sanderling.network.counters import Counters


def rows(counters: Counters) -> Iterator[tuple[str, str]]:
    """Give the lines of the table: what, and how much."""
    yield "transfers", str(counters.transfers)
    for outcome, count in counters.outcomes.most_common():
        yield f"  {outcome}", str(count)
    mean_ms = counters.queued_s / counters.started * 1000 if counters.started else 0.0
    yield "waited for their turn, mean", f"{mean_ms:.1f} ms"
    yield "bytes received", f"{counters.bytes_received:,}"
    yield "connections opened", str(counters.connections_opened)
    yield "connections reused", str(counters.connections_reused)
    yield "TLS handshakes", str(counters.tls_handshakes)
    yield "TLS handshakes saved", str(counters.tls_handshakes_saved)
    yield "names resolved", str(counters.names_resolved)
    yield "WebSockets", str(counters.web_sockets)
    yield "answered by the cache", str(counters.saved["cache"])
    yield "confirmed by a 304", str(counters.saved["confirmed"])
    yield "shared with an equal request", str(counters.saved["shared"])


def show(counters: Counters) -> None:
    """Print the table to standard error, for standard output is the page's."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Network", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for what, amount in rows(counters):
        table.add_row(what, amount)
    Console(stderr=True).print(table)
