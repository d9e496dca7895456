"""What a fetch gives: content, facts of the transfer, and a verdict on the page.

Plain data: it crosses from the worker, and `--dump json` prints it.

Thread: any.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Fault: TypeAlias = Literal["caller", "peer", "page", "internal"]

ErrorKind: TypeAlias = Literal[
    "usage", "name", "connection", "tls", "timeout", "http", "page", "crash", "robots", "internal"
]


class FetchError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a fetch failed."""

    kind: ErrorKind
    """Decides the exit code."""
    fault: Fault
    code: str
    """``net::ERR_*`` where the network failed, else a short name such as ``timeout``."""
    message: str


class RedirectRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One hop that led elsewhere."""

    url: str
    status: int


class RequestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One request the page made, redirects included as hops of it."""

    url: str
    method: str
    type: str
    """Fetch's destination or initiator: document, script, style, fetch, xhr, iframe…"""
    status: int
    """0 when there was no response."""
    encoded_bytes: int
    """On the wire."""
    duration_ms: float
    error: str = ""
    """``net::ERR_*`` when it failed."""


class ConsoleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One console message."""

    type: str
    text: str
    url: str = ""
    line: int = 0


class ScriptErrorRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An uncaught exception or an unhandled rejection."""

    name: str
    message: str
    stack: str = ""
    kind: Literal["error", "rejection"] = "error"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the page can be trusted to be what its author meant."""

    ok: bool
    """No script error, nothing that matters blocked, failed or missing."""
    script_errors: tuple[ScriptErrorRecord, ...] = ()
    failed: tuple[str, ...] = ()
    """URLs of scripts, stylesheets, frames and data requests that failed or answered with an HTTP error."""
    blocked: tuple[str, ...] = ()
    """URLs refused by a rule: robots.txt, CORS, mixed content, bad ports."""
    unsupported: tuple[str, ...] = ()
    """Features that the page asked for and Sanderling lacks."""
    missing_globals: tuple[str, ...] = ()
    """Names that scripts tripped over as not defined."""


class Timings(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds since the navigation began; -1 where it did not happen."""

    response: float = -1
    dom_content_loaded: float = -1
    load: float = -1
    total: float = -1


class FetchResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one fetch."""

    url: str
    """As asked for."""
    final_url: str = ""
    redirects: tuple[RedirectRecord, ...] = ()
    status: int = 0
    """Of the document; 0 when there was none."""
    headers: tuple[tuple[str, str], ...] = ()
    title: str = ""
    content: dict[str, str] = {}
    """By dump format; empty when the fetch failed."""
    timings: Timings = Timings()
    requests: tuple[RequestRecord, ...] = ()
    console: tuple[ConsoleRecord, ...] = ()
    verdict: Verdict = Verdict(ok=False)
    error: FetchError | None = None

    @property
    def ok(self) -> bool:
        """Whether the page was loaded and dumped."""
        return self.error is None

    @property
    def markdown(self) -> str:
        """The Markdown dump.

        Raises:
            KeyError: `markdown` was not among the dumps asked for.
        """
        return self.content["markdown"]

    @property
    def html(self) -> str:
        """The HTML dump (`KeyError` when not asked for)."""
        return self.content["html"]

    @property
    def text(self) -> str:
        """The text dump (`KeyError` when not asked for)."""
        return self.content["text"]
