"""Runtime, and what belongs to it: evaluation, remote objects, execution contexts, bindings, console and exceptions.

https://chromedevtools.github.io/devtools-protocol/tot/Runtime/

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from sanderling.base.errors import JavaScriptError, PageCrashedError
from sanderling.cdp.contexts import ExecutionContext
from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.domains.debugger import unsupported_without
from sanderling.cdp.errors import CdpError, invalid_params, unsupported
from sanderling.cdp.ids import MAIN_FRAME
from sanderling.cdp.nodes import node_watch
from sanderling.js.errors import NotEnteredError

if TYPE_CHECKING:
    from sanderling.browser.agent import Json
    from sanderling.cdp.session import Session

DOMAIN = Domain(
    "Runtime",
    events=(
        "bindingCalled",
        "consoleAPICalled",
        "exceptionThrown",
        "executionContextCreated",
        "executionContextDestroyed",
        "executionContextsCleared",
    ),
)
INSPECTOR = Domain("Inspector", events=("detached", "targetCrashed", "workerScriptLoaded"))
INSPECTOR.switches()
CONSOLE = Domain("Console")
CONSOLE.switches()


class SerializationOptions(msgspec.Struct, frozen=True):
    """How a result is written."""

    serialization: str
    maxDepth: int | None = None  # noqa: N815 - CDP's name, as all below
    additionalParameters: dict[str, Any] | None = None  # noqa: N815


_NO_PAUSES = {
    "silent": "exceptions of evaluations are not reported as uncaught ones anyway, and nothing pauses",
    "disableBreaks": "there are no breakpoints",
}


class EvaluateParams(Params, frozen=True, kw_only=True):
    """`evaluate`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("throwOnSideEffect",)
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = _NO_PAUSES

    expression: str
    objectGroup: str = ""  # noqa: N815
    includeCommandLineAPI: bool = False  # noqa: N815
    silent: bool = False
    contextId: int | None = None  # noqa: N815
    uniqueContextId: str | None = None  # noqa: N815
    returnByValue: bool = False  # noqa: N815
    generatePreview: bool = False  # noqa: N815
    userGesture: bool = False  # noqa: N815
    awaitPromise: bool = False  # noqa: N815
    throwOnSideEffect: bool = False  # noqa: N815
    timeout: float | None = None
    disableBreaks: bool = False  # noqa: N815
    replMode: bool = False  # noqa: N815
    allowUnsafeEvalBlockedByCSP: bool = True  # noqa: N815
    serializationOptions: SerializationOptions | None = None  # noqa: N815


class CallParams(Params, frozen=True, kw_only=True):
    """`callFunctionOn`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("throwOnSideEffect",)
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"silent": _NO_PAUSES["silent"]}

    functionDeclaration: str  # noqa: N815
    objectId: str | None = None  # noqa: N815
    arguments: tuple[dict[str, Any], ...] = ()
    silent: bool = False
    returnByValue: bool = False  # noqa: N815
    generatePreview: bool = False  # noqa: N815
    userGesture: bool = False  # noqa: N815
    awaitPromise: bool = False  # noqa: N815
    executionContextId: int | None = None  # noqa: N815
    uniqueContextId: str | None = None  # noqa: N815
    objectGroup: str | None = None  # noqa: N815
    throwOnSideEffect: bool = False  # noqa: N815
    serializationOptions: SerializationOptions | None = None  # noqa: N815


class AwaitParams(msgspec.Struct, frozen=True, kw_only=True):
    """`awaitPromise`."""

    promiseObjectId: str  # noqa: N815
    returnByValue: bool = False  # noqa: N815
    generatePreview: bool = False  # noqa: N815


class PropertiesParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getProperties`."""

    objectId: str  # noqa: N815
    ownProperties: bool = False  # noqa: N815
    accessorPropertiesOnly: bool = False  # noqa: N815
    nonIndexedPropertiesOnly: bool = False  # noqa: N815
    generatePreview: bool = False  # noqa: N815


class ObjectParams(msgspec.Struct, frozen=True, kw_only=True):
    """`releaseObject`."""

    objectId: str  # noqa: N815


class GroupParams(msgspec.Struct, frozen=True, kw_only=True):
    """`releaseObjectGroup`."""

    objectGroup: str  # noqa: N815


class BindingParams(msgspec.Struct, frozen=True, kw_only=True):
    """`addBinding`."""

    name: str
    executionContextId: int | None = None  # noqa: N815
    executionContextName: str | None = None  # noqa: N815


class NameParams(msgspec.Struct, frozen=True, kw_only=True):
    """`removeBinding`."""

    name: str


class CompileParams(msgspec.Struct, frozen=True, kw_only=True):
    """`compileScript`."""

    expression: str
    sourceURL: str = ""  # noqa: N815
    persistScript: bool = False  # noqa: N815
    executionContextId: int | None = None  # noqa: N815


async def _context(session: Session, context_id: int | None, unique_id: str | None) -> ExecutionContext:
    contexts = session.contexts
    if context_id is not None and unique_id is not None:
        raise invalid_params("contextId and uniqueContextId are mutually exclusive")
    if unique_id is not None:
        return contexts.find_unique(unique_id)
    if context_id is not None:
        return contexts.find(context_id)
    if session.page.crashed_reason is not None:
        raise PageCrashedError(session.page.crashed_reason)
    return await contexts.main_soon(MAIN_FRAME)


def _deep(session: Session, options: SerializationOptions | None) -> dict[str, Any] | None:
    if options is None or options.serialization in ("json", "idOnly"):
        return None
    if options.serialization != "deep":
        raise invalid_params(f"unknown serialization: {options.serialization}")
    extra = options.additionalParameters or {}
    # ChromeDriver takes a node for stale when it does not name the loader of its frame's document.
    frames = session.inspector.frames
    loaders = {str(number): frames.loader(number) for number in session.page.frames}
    taken = node_watch(session.inspector).taken
    out: dict[str, Any] = {"maxNodeDepth": extra.get("maxNodeDepth", 0), "loaders": loaders, "taken": taken}
    if options.maxDepth is not None:
        out["maxDepth"] = options.maxDepth
    return out


def _given(params: msgspec.Struct) -> dict[str, Any]:
    """Give parameters as they go to V8's own inspector: without those that nobody gave."""
    fields = msgspec.structs.fields(type(params))
    values = {field.name: getattr(params, field.name) for field in fields}
    given: dict[str, Any] = msgspec.to_builtins(
        {field.name: values[field.name] for field in fields if field.required or values[field.name] != field.default}
    )
    return given


def _by_value(by_value: bool, options: SerializationOptions | None) -> bool:
    return by_value or (options is not None and options.serialization == "json")


async def _outcome(session: Session, frame: int, work: Json) -> Result:
    agent = session.page.agent_of(frame)
    try:
        outcome: Json = await work
    except JavaScriptError as error:
        if "execution terminated" not in str(error):
            raise
        raise CdpError("Execution was terminated") from None  # by `terminateExecution`
    if "taken" in outcome and agent is not None:  # nodes were named by their backend ids
        node_watch(session.inspector).given(outcome["taken"], agent)
    out = {"result": outcome["result"]}
    if "exceptionDetails" in outcome:
        out["exceptionDetails"] = outcome["exceptionDetails"]
    return out


@DOMAIN.method("evaluate", EvaluateParams)
async def evaluate(session: Session, params: EvaluateParams) -> Result:
    """Evaluate an expression in a world of a frame."""
    while True:
        context = await _context(session, params.contextId, params.uniqueContextId)
        try:
            return await _evaluate_in(session, params, context)
        except NotEnteredError:
            # Its document went before it began. Who named no context means the page, whichever document that shows.
            if params.contextId is not None or params.uniqueContextId is not None or session.page.closed:
                raise


async def _evaluate_in(session: Session, params: EvaluateParams, context: ExecutionContext) -> Result:
    work = session.ask_later(
        "inspector.evaluate" if params.allowUnsafeEvalBlockedByCSP else "inspector.evaluateBound",
        {
            "context": context.id,
            "expression": params.expression,
            "byValue": _by_value(params.returnByValue, params.serializationOptions),
            "awaits": params.awaitPromise,
            "group": params.objectGroup,
            "preview": params.generatePreview,
            "deep": _deep(session, params.serializationOptions),
            "gesture": params.userGesture,
            "commandLine": params.includeCommandLineAPI,
            "repl": params.replMode,
        },
        frame=context.frame,
    )
    if params.timeout is not None:
        try:
            return await asyncio.wait_for(_outcome(session, context.frame, work), params.timeout / 1000)
        except TimeoutError:
            raise CdpError("Execution was terminated") from None
    return await _outcome(session, context.frame, work)


@DOMAIN.method("callFunctionOn", CallParams)
async def call_function_on(session: Session, params: CallParams) -> Result:
    """Call a function with an object as `this`, or in a context."""
    payload: dict[str, Any] = {
        "declaration": params.functionDeclaration,
        "args": params.arguments,
        "byValue": _by_value(params.returnByValue, params.serializationOptions),
        "awaits": params.awaitPromise,
        "group": params.objectGroup,
        "preview": params.generatePreview,
        "deep": _deep(session, params.serializationOptions),
        "gesture": params.userGesture,
    }
    if params.objectId is not None:
        relayed = await session.debugger.object("Runtime.callFunctionOn", params.objectId, lambda: _given(params))
        if relayed is not None:
            return dict(relayed)
        context = session.contexts.of_object(params.objectId)
        payload["object"] = params.objectId
    elif params.executionContextId is None and params.uniqueContextId is None:
        raise invalid_params("Either objectId or executionContextId or uniqueContextId must be specified")
    else:
        context = await _context(session, params.executionContextId, params.uniqueContextId)
    payload["context"] = context.id
    return await _outcome(session, context.frame, session.ask_later("inspector.call", payload, frame=context.frame))


@DOMAIN.method("awaitPromise", AwaitParams)
async def await_promise(session: Session, params: AwaitParams) -> Result:
    """Wait for a promise."""
    context = session.contexts.of_object(params.promiseObjectId)
    payload = {
        "object": params.promiseObjectId,
        "byValue": params.returnByValue,
        "preview": params.generatePreview,
        "group": None,
        "deep": None,
    }
    return await _outcome(session, context.frame, session.ask_later("inspector.await", payload, frame=context.frame))


@DOMAIN.method("getProperties", PropertiesParams)
async def get_properties(session: Session, params: PropertiesParams) -> Result:
    """List the properties of an object."""
    relayed = await session.debugger.object("Runtime.getProperties", params.objectId, lambda: _given(params))
    if relayed is not None:
        return dict(relayed)
    context = session.contexts.of_object(params.objectId)
    outcome = await session.ask(
        "inspector.properties",
        {
            "object": params.objectId,
            "ownOnly": params.ownProperties,
            "accessorsOnly": params.accessorPropertiesOnly,
            "namedOnly": params.nonIndexedPropertiesOnly,
            "preview": params.generatePreview,
        },
        frame=context.frame,
    )
    return dict(outcome)


@DOMAIN.method("releaseObject", ObjectParams)
async def release_object(session: Session, params: ObjectParams) -> Result:
    """Let go of an object."""
    if await session.debugger.object("Runtime.releaseObject", params.objectId, lambda: _given(params)) is not None:
        return None
    context = session.contexts.of_object(params.objectId)
    await session.ask("inspector.release", {"object": params.objectId}, frame=context.frame)
    return None


@DOMAIN.method("releaseObjectGroup", GroupParams)
async def release_object_group(session: Session, params: GroupParams) -> Result:
    """Let go of every object of a group."""
    await session.debugger.release_group(params.objectGroup)
    await session.everywhere("inspector.releaseGroup", {"group": params.objectGroup})
    return None


@DOMAIN.method("enable", NoParams)
async def enable(session: Session, params: NoParams) -> Result:
    """Tell of contexts, console calls and exceptions: those of the present first."""
    if "Runtime" in session.enabled:
        return None
    session.enabled.add("Runtime")
    for context in session.contexts:
        session.event("Runtime.executionContextCreated", {"context": context.payload()})
    for event, fields in tuple(session.kept):
        session.event(f"Runtime.{event}", fields)
    session.runtime_enabled()
    return None


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Tell nothing more."""
    session.enabled.discard("Runtime")
    return None


@DOMAIN.method("runIfWaitingForDebugger", NoParams)
async def run_if_waiting(session: Session, params: NoParams) -> Result:
    """Let a new page run, as far as this session is concerned."""
    session.release()
    return None


@DOMAIN.method("addBinding", BindingParams)
async def add_binding(session: Session, params: BindingParams) -> Result:
    """Make a function that reports its calls, here and in documents to come."""
    if params.executionContextId is not None and params.executionContextName is not None:
        raise invalid_params("executionContextName is mutually exclusive with executionContextId")
    if params.executionContextId is not None:
        context = session.contexts.find(params.executionContextId)
        session.bindings.append((params.name, f"#{context.id}"))
        await session.ask("inspector.bind", {"name": params.name, "context": context.id}, frame=context.frame)
        return None
    binding = (params.name, params.executionContextName)
    if binding not in session.bindings:
        session.bindings.append(binding)
    session.inspector.standing_changed()
    await session.everywhere("inspector.bind", {"name": params.name, "world": params.executionContextName})
    return None


@DOMAIN.method("removeBinding", NameParams)
async def remove_binding(session: Session, params: NameParams) -> Result:
    """Report calls no more; the function stays where it is."""
    session.bindings[:] = [binding for binding in session.bindings if binding[0] != params.name]
    session.inspector.standing_changed()
    return None


@DOMAIN.method("discardConsoleEntries", NoParams)
async def discard_console_entries(session: Session, params: NoParams) -> Result:
    """Forget console messages and exceptions."""
    session.kept.clear()
    return None


@CONSOLE.method("clearMessages", NoParams)
async def clear_messages(session: Session, params: NoParams) -> Result:
    """Forget console messages and exceptions."""
    session.kept.clear()
    return None


@DOMAIN.method("getIsolateId", NoParams)
async def get_isolate_id(session: Session, params: NoParams) -> Result:
    """Name the isolate of the main document."""
    return {"id": session.inspector.loader}


@DOMAIN.method("getHeapUsage", NoParams)
async def get_heap_usage(session: Session, params: NoParams) -> Result:
    """Say how much of the heap is in use."""
    agents = session.agents()
    if not agents:
        raise CdpError("the page has no document")
    usage = agents[0].heap_usage()
    return {
        "usedSize": usage.used_bytes,
        "totalSize": usage.total_bytes,
        "embedderHeapUsedSize": 0,
        "backingStorageSize": usage.external_bytes,
    }


@DOMAIN.method("compileScript", CompileParams)
async def compile_script(session: Session, params: CompileParams) -> Result:
    """Look whether a script compiles."""
    if params.persistScript:
        raise unsupported("persistScript")
    context = await _context(session, params.executionContextId, None)
    outcome = await session.ask(
        "inspector.compile",
        {"context": context.id, "source": params.expression, "url": params.sourceURL},
        frame=context.frame,
    )
    return {"exceptionDetails": outcome["exceptionDetails"]} if "exceptionDetails" in outcome else None


@DOMAIN.method("terminateExecution", NoParams)
async def terminate_execution(session: Session, params: NoParams) -> Result:
    """End what the page computes; the page lives on."""
    if not session.debugger.available:
        raise unsupported_without("Runtime.terminateExecution")
    await session.debugger.terminate()
    return None


DOMAIN.with_debugger.add("Runtime.terminateExecution")
