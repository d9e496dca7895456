"""Debugger, Profiler and HeapProfiler: V8's own, where the isolates have its inspector (`serve --debugger`, `cdp/debugging.py`).

https://chromedevtools.github.io/devtools-protocol/tot/Debugger/

Elsewhere what clients start with is answered as far as it could change nothing, and the rest is refused.

Thread: worker.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from sanderling.cdp.debugging import NOT_PAUSED
from sanderling.cdp.dispatch import Domain, Method, Result
from sanderling.cdp.errors import CdpError, unsupported

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DEBUGGER = Domain("Debugger", events=("breakpointResolved", "paused", "resumed", "scriptFailedToParse", "scriptParsed"))
PROFILER = Domain("Profiler")
HEAP_PROFILER = Domain(
    "HeapProfiler",
    events=(
        "addHeapSnapshotChunk",
        "heapStatsUpdate",
        "lastSeenObjectId",
        "reportHeapSnapshotProgress",
        "resetProfiles",
    ),
)
for _domain in (DEBUGGER, HEAP_PROFILER):
    _domain.with_debugger |= {f"{_domain.name}.{event}" for event in _domain.events}

DEBUGGER_ID = f"{secrets.randbits(63)}.{secrets.randbits(63)}"
"""V8's form: two numbers. One for all pages of this process, where the engine gives none."""

WHY_NOT = "its isolates have no inspector; `sanderling serve --debugger` gives them one"

OUR_OBJECTS = "objects of the Runtime domain are not V8's own here"

Given: TypeAlias = dict[str, Any]
"""Parameters as the client gave them; V8 checks them."""

Handler: TypeAlias = "Callable[[Session, str, Given], Awaitable[Result]]"


def _params(names: str) -> type[Any]:
    fields = [(name, Any, msgspec.UNSET) for name in names.split()]
    return msgspec.defstruct("RelayedParams", fields, frozen=True, kw_only=True)


def _relay(domain: Domain, name: str, names: str, run: Handler, without: Handler | None = None) -> None:
    """Declare a method that V8 answers.

    Args:
        domain: of the method.
        name: behind the dot.
        names: of its parameters.
        run: does it.
        without: does it where there is no inspector; None to refuse it then.
    """
    full = f"{domain.name}.{name}"

    async def call(session: Session, params: msgspec.Struct) -> Result:
        given: Given = msgspec.to_builtins(params)
        if session.debugger.available:
            return await run(session, full, given)
        if without is None:
            raise unsupported_without(full)
        return await without(session, full, given)

    domain.methods[full] = Method(_params(names), call)
    if without is None:
        domain.with_debugger.add(full)


def unsupported_without(full: str) -> CdpError:
    """Give the error for what needs the inspector."""
    return CdpError(f"{full} is not supported by Sanderling: {WHY_NOT}")


async def _nothing(session: Session, full: str, given: Given) -> Result:
    """Without breakpoints and pauses it could change nothing."""
    return None


async def _enable(session: Session, full: str, given: Given) -> Result:
    session.enabled.add(full.partition(".")[0])
    return {"debuggerId": DEBUGGER_ID} if full.startswith("Debugger.") else None


async def _disable(session: Session, full: str, given: Given) -> Result:
    session.enabled.discard(full.partition(".")[0])
    return None


async def _only_none(session: Session, full: str, given: Given) -> Result:
    if given.get("state") != "none":
        raise unsupported(f"{full}: {WHY_NOT}")
    return None


async def _all_or_none(session: Session, full: str, given: Given) -> Result:
    if given.get("state") in ("caught", "uncaught"):
        # The platform catches in its own code what it reports as uncaught: to V8 it is caught.
        raise unsupported(
            f"{full}: whether an exception will be caught is not known here, so only 'all' and 'none' work;"
        )
    return await _set(session, full, given)


async def _not_paused(session: Session, full: str, given: Given) -> Result:
    raise CdpError(NOT_PAUSED)


async def _set(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.set(full, given))


async def _everywhere(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.everywhere(full, given))


async def _main(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.main(full, given))


async def _by_script(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.by_script(full, given))


async def _paused(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.paused(full, given))


async def _end(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.unset(full, f"{full.partition('.')[0]}."))


def _undo(*undone: str) -> Handler:
    async def run(session: Session, full: str, given: Given) -> Result:
        return dict(await session.debugger.unset(full, *undone))

    return run


# -- Debugger --------------------------------------------------------------------------------------------------------------


async def _enable_debugger(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.enable(given))


async def _blackbox(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.blackbox(given))


async def _break_by_url(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.break_by_url(given))


async def _remove_breakpoint(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.remove_breakpoint(given))


_relay(DEBUGGER, "enable", "maxScriptsCacheSize", _enable_debugger, _enable)
_relay(DEBUGGER, "disable", "", _end, _disable)
_relay(DEBUGGER, "setSkipAllPauses", "skip", _set, _nothing)
_relay(DEBUGGER, "setAsyncCallStackDepth", "maxDepth", _set, _nothing)
_relay(DEBUGGER, "setPauseOnExceptions", "state", _all_or_none, _only_none)
_relay(DEBUGGER, "setBreakpointsActive", "active", _set, _nothing)
_relay(DEBUGGER, "setBlackboxPatterns", "patterns skipAnonymous", _blackbox, _nothing)
_relay(DEBUGGER, "setBlackboxedRanges", "scriptId positions", _by_script)
_relay(DEBUGGER, "setBreakpoint", "location condition", _by_script)
_relay(DEBUGGER, "setBreakpointByUrl", "lineNumber url urlRegex scriptHash columnNumber condition", _break_by_url)
_relay(DEBUGGER, "setInstrumentationBreakpoint", "instrumentation", _set)
_relay(DEBUGGER, "removeBreakpoint", "breakpointId", _remove_breakpoint)
_relay(DEBUGGER, "getPossibleBreakpoints", "start end restrictToFunction", _by_script)
_relay(DEBUGGER, "continueToLocation", "location targetCallFrames", _paused)
_relay(DEBUGGER, "pause", "", _everywhere)
_relay(DEBUGGER, "resume", "terminateOnResume", _paused, _not_paused)
_relay(DEBUGGER, "stepInto", "breakOnAsyncCall skipList", _paused, _not_paused)
_relay(DEBUGGER, "stepOver", "skipList", _paused, _not_paused)
_relay(DEBUGGER, "stepOut", "", _paused, _not_paused)
_relay(DEBUGGER, "restartFrame", "callFrameId mode", _paused, _not_paused)
_relay(
    DEBUGGER,
    "evaluateOnCallFrame",
    "callFrameId expression objectGroup includeCommandLineAPI silent returnByValue generatePreview throwOnSideEffect timeout scopeNumber",
    _paused,
    _not_paused,
)
_relay(DEBUGGER, "setVariableValue", "scopeNumber variableName newValue callFrameId", _paused, _not_paused)
_relay(DEBUGGER, "getScriptSource", "scriptId", _by_script)
_relay(DEBUGGER, "setScriptSource", "scriptId scriptSource dryRun allowTopFrameEditing", _by_script)
_relay(DEBUGGER, "searchInContent", "scriptId query caseSensitive isRegex", _by_script)
_relay(DEBUGGER, "getWasmBytecode", "scriptId", _by_script)
_relay(DEBUGGER, "disassembleWasmModule", "scriptId", _by_script)
DEBUGGER.refuse("setBreakpointOnFunctionCall", OUR_OBJECTS)

# -- Profiler, HeapProfiler ------------------------------------------------------------------------------------------------


async def _coverage(session: Session, full: str, given: Given) -> Result:
    return dict(await session.debugger.coverage(full))


_relay(PROFILER, "enable", "", _set, _enable)
_relay(PROFILER, "disable", "", _end, _disable)
_relay(PROFILER, "setSamplingInterval", "interval", _set)
_relay(PROFILER, "start", "", _set)
_relay(PROFILER, "stop", "", _undo("Profiler.start"))
_relay(PROFILER, "startPreciseCoverage", "callCount detailed allowTriggeredUpdates", _set)
_relay(PROFILER, "stopPreciseCoverage", "", _undo("Profiler.startPreciseCoverage"))
_relay(PROFILER, "takePreciseCoverage", "", _coverage)
_relay(PROFILER, "getBestEffortCoverage", "", _coverage)

_relay(HEAP_PROFILER, "enable", "", _set, _enable)
_relay(HEAP_PROFILER, "disable", "", _end, _disable)
_relay(HEAP_PROFILER, "collectGarbage", "", _everywhere)
_SNAPSHOT = "reportProgress treatGlobalObjectsAsRoots captureNumericValue exposeInternals"
_relay(HEAP_PROFILER, "takeHeapSnapshot", _SNAPSHOT, _main)
_relay(HEAP_PROFILER, "startTrackingHeapObjects", "trackAllocations", _main)
_relay(HEAP_PROFILER, "stopTrackingHeapObjects", _SNAPSHOT, _main)
_SAMPLING = "samplingInterval stackDepth includeObjectsCollectedByMajorGC includeObjectsCollectedByMinorGC"
_relay(HEAP_PROFILER, "startSampling", _SAMPLING, _main)
_relay(HEAP_PROFILER, "stopSampling", "", _main)
_relay(HEAP_PROFILER, "getSamplingProfile", "", _main)
_relay(HEAP_PROFILER, "getObjectByHeapObjectId", "objectId objectGroup", _main)
HEAP_PROFILER.refuse("getHeapObjectId", OUR_OBJECTS)

DOMAINS = (DEBUGGER, PROFILER, HEAP_PROFILER)
