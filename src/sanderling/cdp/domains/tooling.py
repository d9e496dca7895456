"""Tracing and Memory, as far as clients start with them.

https://chromedevtools.github.io/devtools-protocol/tot/Tracing/

Thread: worker.
"""

from __future__ import annotations

import asyncio
import gzip
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import msgspec

from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.errors import CdpError, unsupported
from sanderling.cdp.streams import streams_of
from sanderling.cdp.tracing import CATEGORIES, Trace, TraceConfig

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

TRACING = Domain("Tracing", events=("dataCollected", "tracingComplete"))

EVENTS_AT_ONCE = 1000
"""In one `Tracing.dataCollected`."""

MEMORY = Domain("Memory")

# -- Tracing ---------------------------------------------------------------------------------------------------------------


class Delivery(msgspec.Struct, frozen=True):
    """How a trace is handed out."""

    as_stream: bool
    compression: Literal["none", "gzip"]


_TRACES: weakref.WeakKeyDictionary[Session, tuple[Trace, Delivery]] = weakref.WeakKeyDictionary()


class StartParams(Params, frozen=True, kw_only=True):
    """`start`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("perfettoConfig",)
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "options": "they choose among buffers, and the trace is kept whole",
        "bufferUsageReportingInterval": "the buffer has no size that could be used up",
        "tracingBackend": "there is one",
        "screenshotMaxSize": "nothing is painted: there are no screenshots, of whatever size",
        "screenshotMaxCount": "nothing is painted: there are no screenshots, however many",
    }

    categories: str = ""
    options: str = ""
    bufferUsageReportingInterval: float | None = None  # noqa: N815 - CDP's name, as below
    transferMode: Literal["ReportEvents", "ReturnAsStream"] = "ReportEvents"  # noqa: N815
    streamFormat: Literal["json", "proto"] = "json"  # noqa: N815
    streamCompression: Literal["none", "gzip"] = "none"  # noqa: N815
    traceConfig: TraceConfig | None = None  # noqa: N815
    perfettoConfig: str = ""  # noqa: N815
    tracingBackend: str = ""  # noqa: N815
    screenshotMaxSize: int | None = None  # noqa: N815
    screenshotMaxCount: int | None = None  # noqa: N815


@TRACING.method("start", StartParams)
async def start_tracing(session: Session, params: StartParams) -> Result:
    """Trace the page from now on."""
    if session in _TRACES:
        raise CdpError("Tracing has already been started (possibly in another tab).")
    if params.streamFormat != "json":
        raise unsupported("a trace in the format 'proto'")
    config = params.traceConfig
    if config is None:
        names = [name for name in params.categories.split(",") if name]
        config = TraceConfig(
            includedCategories=tuple(name for name in names if not name.startswith("-")),
            excludedCategories=tuple(name[1:] for name in names if name.startswith("-")),
        )
    trace = Trace(session.inspector, config)
    delivery = Delivery(params.transferMode == "ReturnAsStream", params.streamCompression)
    _TRACES[session] = (trace, delivery)
    session.closers.append(lambda: _forget_trace(session))
    return None


def _forget_trace(session: Session) -> None:
    known = _TRACES.pop(session, None)
    if known is not None:
        known[0].stop()


TRACING.refuse("requestMemoryDump", "the engine does not say what its memory holds")
TRACING.refuse("recordClockSyncMarker", "there are no other traces to be joined with")


@TRACING.method("end", NoParams)
async def end_tracing(session: Session, params: NoParams) -> Result:
    """Give the trace, behind the answer: by events, or as a stream."""
    known = _TRACES.pop(session, None)
    if known is None:
        raise CdpError("Tracing is not started")
    trace, delivery = known
    asyncio.get_running_loop().call_soon(_hand_out, session, trace.stop(), trace.lost, delivery)
    return None


def _hand_out(session: Session, events: list[dict[str, Any]], lost: bool, delivery: Delivery) -> None:
    if not delivery.as_stream:
        for begin in range(0, len(events), EVENTS_AT_ONCE):
            session.event("Tracing.dataCollected", {"value": events[begin : begin + EVENTS_AT_ONCE]})
        session.event("Tracing.tracingComplete", {"dataLossOccurred": lost})
        return
    data = msgspec.json.encode({"traceEvents": events, "metadata": {}})
    if delivery.compression == "gzip":
        data = gzip.compress(data)
    session.event(
        "Tracing.tracingComplete",
        {
            "dataLossOccurred": lost,
            "stream": streams_of(session).open(data),
            "traceFormat": "json",
            "streamCompression": delivery.compression,
        },
    )


@TRACING.method("getCategories", NoParams)
async def get_categories(session: Session, params: NoParams) -> Result:
    """Name those that have events."""
    return {"categories": list(CATEGORIES)}


# -- Memory ----------------------------------------------------------------------------------------------------------------


@MEMORY.method("getDOMCounters", NoParams)
async def get_dom_counters(session: Session, params: NoParams) -> Result:
    """Count what the page's frames hold."""
    counts = await dom_counts(session)
    return {"documents": counts.documents, "nodes": counts.nodes, "jsEventListeners": counts.listeners}


for _name in ("prepareForLeakDetection", "forciblyPurgeJavaScriptMemory", "simulatePressureNotification"):
    MEMORY.refuse(_name, "the engine has no such control of its memory")
for _name in ("startSampling", "stopSampling", "getAllTimeSamplingProfile", "getSamplingProfile"):
    MEMORY.refuse(_name, "the engine does not sample what its heap does not hold")


class DomCounts(msgspec.Struct, frozen=True):
    """Of a page's frames that are there."""

    documents: int
    frames: int
    nodes: int
    """Those in the documents' trees, shadow trees too."""
    listeners: int
    """On those nodes and on the windows."""


async def dom_counts(session: Session) -> DomCounts:
    """Count documents, nodes and event listeners."""
    page = session.page
    frames = tuple(page.frames)
    counts = [await page.call("inspector.countNodes", {"frame": frame}, frame=frame) for frame in frames]
    return DomCounts(
        documents=sum(count["nodes"] > 0 for count in counts),
        frames=len(frames),
        nodes=sum(count["nodes"] for count in counts),
        listeners=sum(count["listeners"] for count in counts),
    )


DOMAINS = (TRACING, MEMORY)
