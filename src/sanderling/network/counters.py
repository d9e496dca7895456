"""What Network has done since it began, as plain numbers: for `/metrics` and for `fetch --stats`.

Thread: main; others may read, and see numbers that are a moment old.
"""

from __future__ import annotations

from collections import Counter

import msgspec

DONE = "done"
"""The outcome of a transfer that succeeded; others are called by their ``net::ERR_*``."""

MAX_OUTCOMES = 200
"""Different ones that are counted apart; Chromium has about as many."""


class Counters(msgspec.Struct):
    """What happened since the start."""

    outcomes: Counter[str] = msgspec.field(default_factory=Counter)  # of transfers
    started: int = 0  # transfers given to libcurl
    queued_s: float = 0.0  # what those waited before that, in all
    connections_opened: int = 0
    connections_reused: int = 0  # transfers that needed no new one
    tls_handshakes: int = 0
    tls_handshakes_saved: int = 0  # transfers over TLS that needed no new connection
    names_resolved: int = 0  # names that were looked up, or found among those remembered, for a new connection
    bytes_received: int = 0  # on the wire, heads included, of transfers that succeeded
    web_sockets: int = 0  # asked for
    saved: Counter[str] = msgspec.field(
        default_factory=Counter
    )  # requests for which no body came again, by why (`messages.Saving`)

    def ended(self, outcome: str) -> None:
        """A transfer has its outcome."""
        if outcome in self.outcomes or len(self.outcomes) < MAX_OUTCOMES:
            self.outcomes[outcome] += 1

    @property
    def transfers(self) -> int:
        """How many have ended."""
        return self.outcomes.total()
