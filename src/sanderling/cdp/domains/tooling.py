"""Tracing and Memory, as far as clients start with them.

https://chromedevtools.github.io/devtools-protocol/tot/Tracing/

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.errors import CdpError

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

TRACING = Domain("Tracing")
MEMORY = Domain("Memory")

# -- Tracing ---------------------------------------------------------------------------------------------------------------

TRACING.refuse("start", "nothing of the engine is traced")
TRACING.refuse("requestMemoryDump", "nothing of the engine is traced")
TRACING.refuse("recordClockSyncMarker", "nothing of the engine is traced")


@TRACING.method("end", NoParams)
async def end_tracing(session: Session, params: NoParams) -> Result:
    """Fail as Chromium does where tracing was never started: an answer of success would let clients wait for `tracingComplete`."""
    raise CdpError("Tracing is not started")


TRACING.refused["Tracing.end"] = "nothing of the engine is traced"


@TRACING.method("getCategories", NoParams)
async def get_categories(session: Session, params: NoParams) -> Result:
    """There are none."""
    return {"categories": []}


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
