"""The life of a client's connection as a table.

Theory: RFC 9112 until the upgrade, then RFC 6455, 7 (closing). `CLOSED` is final; everything that happens to a closed connection is
late and changes nothing, as does a second wish to close.

Thread: main.
"""

from __future__ import annotations

import enum

from sanderling.base.errors import InternalError


class Phase(enum.Enum):
    """How far a connection is."""

    ACCEPTING = "accepting"
    """Nothing was asked yet."""
    HTTP = "http"
    """A request was taken; others may follow."""
    UPGRADED = "upgraded"
    """It carries WebSocket frames, and holds a client's place."""
    CLOSING = "closing"
    """Its end was announced, by a close frame or by the end of our stream; the peer's end is awaited, until a deadline."""
    CLOSED = "closed"
    """The socket is gone."""


class PhaseEvent(enum.Enum):
    """What happens to a connection."""

    REQUEST = "request"
    """A whole request came."""
    UPGRADE = "upgrade"
    """It was one for a WebSocket, and is granted."""
    CLOSE = "close"
    """We end it, or the client announced its end."""
    LOST = "lost"
    """The socket is gone."""


P = Phase
E = PhaseEvent

TABLE: dict[tuple[Phase, PhaseEvent], Phase] = {
    (P.ACCEPTING, E.REQUEST): P.HTTP,
    (P.ACCEPTING, E.CLOSE): P.CLOSING,
    (P.ACCEPTING, E.LOST): P.CLOSED,
    (P.HTTP, E.REQUEST): P.HTTP,
    (P.HTTP, E.UPGRADE): P.UPGRADED,
    (P.HTTP, E.CLOSE): P.CLOSING,
    (P.HTTP, E.LOST): P.CLOSED,
    (P.UPGRADED, E.CLOSE): P.CLOSING,
    (P.UPGRADED, E.LOST): P.CLOSED,
    (P.CLOSING, E.CLOSE): P.CLOSING,
    (P.CLOSING, E.LOST): P.CLOSED,
    (P.CLOSED, E.CLOSE): P.CLOSED,
    (P.CLOSED, E.LOST): P.CLOSED,
}


def advance(phase: Phase, event: PhaseEvent) -> Phase:
    """Give the phase that follows.

    Raises:
        InternalError: `event` cannot happen in `phase`.
    """
    try:
        return TABLE[phase, event]
    except KeyError:
        raise InternalError(f"a client's connection that is {phase.value} got '{event.value}'") from None
