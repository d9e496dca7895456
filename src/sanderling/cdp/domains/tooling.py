"""Debugger, Profiler, HeapProfiler, Tracing and Memory, as far as clients start with them: the engine neither pauses nor profiles.

https://chromedevtools.github.io/devtools-protocol/tot/Debugger/

Thread: worker.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import msgspec

from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.errors import CdpError, unsupported

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DEBUGGER = Domain("Debugger")
PROFILER = Domain("Profiler")
HEAP_PROFILER = Domain("HeapProfiler")
TRACING = Domain("Tracing")
MEMORY = Domain("Memory")

DEBUGGER_ID = f"{secrets.randbits(63)}.{secrets.randbits(63)}"
"""V8's form: two numbers. One for all pages of this process."""

NO_PAUSE = "scripts cannot be paused"
NO_PROFILER = (
    "the engine opens its profiler only by a listening socket of each isolate, which the sandbox of workers forbids"
)
NO_HEAP_PROFILER = "the engine does not show its heap"


class DepthParams(Params, frozen=True, kw_only=True):
    """`setAsyncCallStackDepth`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"maxDepth": "it limits what pauses show, and there are none"}

    maxDepth: int  # noqa: N815 - CDP's name


class SkipParams(Params, frozen=True, kw_only=True):
    """`setSkipAllPauses`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"skip": "there are no pauses"}

    skip: bool


class StateParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setPauseOnExceptions`."""

    state: str


class ActiveParams(Params, frozen=True, kw_only=True):
    """`setBreakpointsActive`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"active": "there are no breakpoints"}

    active: bool


class PatternsParams(Params, frozen=True, kw_only=True):
    """`setBlackboxPatterns`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "patterns": "they say where not to pause",
        "skipAnonymous": "it says where not to pause",
    }

    patterns: list[str]
    skipAnonymous: bool = False  # noqa: N815


class DebuggerParams(Params, frozen=True, kw_only=True):
    """`enable`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"maxScriptsCacheSize": "no scripts are kept for a debugger"}

    maxScriptsCacheSize: float | None = None  # noqa: N815


# -- Debugger --------------------------------------------------------------------------------------------------------------


@DEBUGGER.method("enable", DebuggerParams)
async def enable_debugger(session: Session, params: DebuggerParams) -> Result:
    """Say who this is. No scripts are reported: nothing could be done with them."""
    session.enabled.add("Debugger")
    return {"debuggerId": DEBUGGER_ID}


@DEBUGGER.method("disable", NoParams)
async def disable_debugger(session: Session, params: NoParams) -> Result:
    """The opposite."""
    session.enabled.discard("Debugger")
    return None


@DEBUGGER.method("setSkipAllPauses", SkipParams)
async def set_skip_all_pauses(session: Session, params: SkipParams) -> Result:
    """Nothing to do: there are no pauses, skipped or not."""
    return None


@DEBUGGER.method("setAsyncCallStackDepth", DepthParams)
async def set_async_call_stack_depth(session: Session, params: DepthParams) -> Result:
    """Nothing to do: it is an upper limit, for the callers that a pause shows."""
    return None


@DEBUGGER.method("setPauseOnExceptions", StateParams)
async def set_pause_on_exceptions(session: Session, params: StateParams) -> Result:
    """Only `none`."""
    if params.state != "none":
        raise unsupported(f"Debugger.setPauseOnExceptions: {NO_PAUSE}")
    return None


@DEBUGGER.method("setBreakpointsActive", ActiveParams)
async def set_breakpoints_active(session: Session, params: ActiveParams) -> Result:
    """Nothing to do: none can be set."""
    return None


@DEBUGGER.method("setBlackboxPatterns", PatternsParams)
async def set_blackbox_patterns(session: Session, params: PatternsParams) -> Result:
    """Nothing to do: they say where not to pause."""
    return None


for _name in (
    "setBreakpoint",
    "setBreakpointByUrl",
    "setBreakpointOnFunctionCall",
    "setInstrumentationBreakpoint",
    "getPossibleBreakpoints",
    "pause",
    "continueToLocation",
):
    DEBUGGER.refuse(_name, NO_PAUSE)


async def _not_paused(session: Session, params: NoParams) -> Result:
    raise CdpError("Can only perform operation while paused.")


for _name in ("resume", "stepInto", "stepOver", "stepOut", "evaluateOnCallFrame", "restartFrame", "setVariableValue"):
    DEBUGGER.method(_name, NoParams)(_not_paused)
    DEBUGGER.refused[f"Debugger.{_name}"] = NO_PAUSE

for _name in ("getScriptSource", "setScriptSource", "searchInContent", "getWasmBytecode", "disassembleWasmModule"):
    DEBUGGER.refuse(_name, "scripts are not reported")

# -- Profiler, HeapProfiler ------------------------------------------------------------------------------------------------

PROFILER.switches()
for _name in (
    "start",
    "stop",
    "setSamplingInterval",
    "startPreciseCoverage",
    "stopPreciseCoverage",
    "takePreciseCoverage",
    "getBestEffortCoverage",
):
    PROFILER.refuse(_name, NO_PROFILER)

HEAP_PROFILER.switches()
for _name in (
    "startSampling",
    "stopSampling",
    "getSamplingProfile",
    "startTrackingHeapObjects",
    "stopTrackingHeapObjects",
    "takeHeapSnapshot",
    "getHeapObjectId",
    "getObjectByHeapObjectId",
):
    HEAP_PROFILER.refuse(_name, NO_HEAP_PROFILER)
HEAP_PROFILER.refuse("collectGarbage", "the engine decides itself when it collects")

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
    MEMORY.refuse(_name, NO_PROFILER)


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


DOMAINS = (DEBUGGER, PROFILER, HEAP_PROFILER, TRACING, MEMORY)
