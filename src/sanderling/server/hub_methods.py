"""The domains that a hub answers itself: Target, Browser, SystemInfo, and what browser sessions ask about a context.

https://chromedevtools.github.io/devtools-protocol/tot/Target/

Thread: main.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import msgspec

from sanderling.cdp.dispatch import NoParams
from sanderling.cdp.envelope import read_envelope
from sanderling.cdp.errors import INVALID_PARAMS, CdpError, invalid_params, unsupported
from sanderling.server.targets import DEFAULT_FILTER, AutoAttach, ContextRecord, FilterEntry, SessionRecord, matches

if TYPE_CHECKING:
    from sanderling.server.client import HubClient
    from sanderling.server.hub import Hub

PROTOCOL_VERSION = "1.3"

REVISION = "@0000000000000000000000000000000000000000"
"""There is no revision of Chromium behind this; clients want 40 digits."""


class Asked(NamedTuple):
    """Where a command came from."""

    client: HubClient
    hub: Hub
    session: SessionRecord
    method: str
    params: bytes


Result: TypeAlias = "Mapping[str, Any] | None"
P = TypeVar("P")

METHODS: dict[str, tuple[type[Any], Callable[[Asked, Any], Awaitable[Result]]]] = {}
CONTEXT_METHODS: dict[str, tuple[type[Any], Callable[[Asked, Any], Awaitable[Result]]]] = {}
"""Only on browser sessions: handed on to the context's worker."""

EVENTS = (
    "Browser.downloadProgress",
    "Browser.downloadWillBegin",
    "Target.attachedToTarget",
    "Target.detachedFromTarget",
    "Target.receivedMessageFromTarget",
    "Target.targetCrashed",
    "Target.targetCreated",
    "Target.targetDestroyed",
    "Target.targetInfoChanged",
)
"""What the hub sends by itself."""

TAB_METHODS = frozenset(
    {
        "Target.setAutoAttach",
        "Target.getTargetInfo",
        "Target.detachFromTarget",
        "Target.attachToTarget",
        "Target.closeTarget",
        "Target.activateTarget",
        "Runtime.runIfWaitingForDebugger",
    }
)
"""What sessions on a tab have."""


def _method(
    name: str, params: type[P]
) -> Callable[[Callable[[Asked, P], Awaitable[Result]]], Callable[[Asked, P], Awaitable[Result]]]:
    def declare(run: Callable[[Asked, P], Awaitable[Result]]) -> Callable[[Asked, P], Awaitable[Result]]:
        METHODS[name] = (params, run)
        return run

    return declare


# -- Target ----------------------------------------------------------------------------------------------------------------


class ContextOptionsParams(msgspec.Struct, frozen=True, kw_only=True):
    """`createBrowserContext`."""

    disposeOnDetach: bool = False  # noqa: N815 - CDP's name, as all below
    proxyServer: str = ""  # noqa: N815
    proxyBypassList: str = ""  # noqa: N815


class ContextRef(msgspec.Struct, frozen=True, kw_only=True):
    """`disposeBrowserContext`."""

    browserContextId: str  # noqa: N815


class CreateTarget(msgspec.Struct, frozen=True, kw_only=True):
    """`createTarget`."""

    url: str = ""
    width: int = 0
    height: int = 0
    browserContextId: str = ""  # noqa: N815
    newWindow: bool = False  # noqa: N815
    background: bool = False
    forTab: bool = False  # noqa: N815


class TargetRef(msgspec.Struct, frozen=True, kw_only=True):
    """Names a target."""

    targetId: str  # noqa: N815


class MaybeTarget(msgspec.Struct, frozen=True, kw_only=True):
    """`getTargetInfo`."""

    targetId: str = ""  # noqa: N815


class FilterParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getTargets`."""

    filter: tuple[FilterEntry, ...] | None = None


class AttachParams(msgspec.Struct, frozen=True, kw_only=True):
    """`attachToTarget`."""

    targetId: str  # noqa: N815
    flatten: bool = False


class DetachParams(msgspec.Struct, frozen=True, kw_only=True):
    """`detachFromTarget`."""

    sessionId: str = ""  # noqa: N815
    targetId: str = ""  # noqa: N815


class AutoAttachParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setAutoAttach`."""

    autoAttach: bool  # noqa: N815
    waitForDebuggerOnStart: bool  # noqa: N815
    flatten: bool = False
    filter: tuple[FilterEntry, ...] | None = None


class DiscoverParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setDiscoverTargets`."""

    discover: bool
    filter: tuple[FilterEntry, ...] | None = None


class WrappedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """`sendMessageToTarget`."""

    message: str
    sessionId: str = ""  # noqa: N815
    targetId: str = ""  # noqa: N815


@_method("Target.getBrowserContexts", NoParams)
async def get_browser_contexts(asked: Asked, params: NoParams) -> Result:
    """List the contexts that were created."""
    hub = asked.hub
    created = [context.id for context in hub.contexts.values() if context is not hub.default_context]
    return {"browserContextIds": created, "defaultBrowserContextId": hub.default_context.id}


@_method("Target.createBrowserContext", ContextOptionsParams)
async def create_browser_context(asked: Asked, params: ContextOptionsParams) -> Result:
    """Make a context."""
    if params.proxyBypassList:
        raise unsupported("proxyBypassList")
    owner = asked.client if params.disposeOnDetach else None
    context = await asked.hub.new_context(proxy=params.proxyServer, owner=owner)
    return {"browserContextId": context.id}


@_method("Target.disposeBrowserContext", ContextRef)
async def dispose_browser_context(asked: Asked, params: ContextRef) -> Result:
    """End a context with its pages."""
    context = asked.hub.contexts.get(params.browserContextId)
    if context is None or context is asked.hub.default_context:
        raise CdpError(f"Failed to find context with id {params.browserContextId}")
    await asked.hub.dispose_context(context)
    return None


@_method("Target.createTarget", CreateTarget)
async def create_target(asked: Asked, params: CreateTarget) -> Result:
    """Open a page."""
    hub = asked.hub
    page = await hub.new_page(hub.find_context(params.browserContextId), params.url, (params.width, params.height))
    hub.go(page)
    return {"targetId": page.tab_id if params.forTab else page.id}


@_method("Target.closeTarget", TargetRef)
async def close_target(asked: Asked, params: TargetRef) -> Result:
    """Close a page."""
    page, _ = asked.hub.find_target(params.targetId)
    asked.hub.close_page(page)
    return {"success": True}


@_method("Target.getTargets", FilterParams)
async def get_targets(asked: Asked, params: FilterParams) -> Result:
    """List the targets."""
    wanted = DEFAULT_FILTER if params.filter is None else params.filter
    infos = [page.info(kind) for page in asked.hub.pages.values() for kind in ("tab", "page") if matches(wanted, kind)]
    if matches(wanted, "browser"):
        infos.insert(0, _browser_info(asked.hub))
    return {"targetInfos": infos}


def _browser_info(hub: Hub) -> dict[str, Any]:
    return {
        "targetId": hub.id,
        "type": "browser",
        "title": "",
        "url": "",
        "attached": True,
        "canAccessOpener": False,
    }


@_method("Target.getTargetInfo", MaybeTarget)
async def get_target_info(asked: Asked, params: MaybeTarget) -> Result:
    """Describe a target, the session's own when none is named."""
    hub, session = asked.hub, asked.session
    if params.targetId == hub.id or (not params.targetId and session.page is None):
        return {"targetInfo": _browser_info(hub)}
    if not params.targetId and session.page is not None:
        return {"targetInfo": session.page.info(session.kind)}
    page, kind = hub.find_target(params.targetId)
    return {"targetInfo": page.info(kind)}


@_method("Target.activateTarget", TargetRef)
async def activate_target(asked: Asked, params: TargetRef) -> Result:
    """Nothing to do: every page is in front."""
    asked.hub.find_target(params.targetId)
    return None


@_method("Target.attachToTarget", AttachParams)
async def attach_to_target(asked: Asked, params: AttachParams) -> Result:
    """Attach a session."""
    hub = asked.hub
    if params.targetId == hub.id:
        return {"sessionId": hub.attach_browser(asked.session).id}
    page, kind = hub.find_target(params.targetId)
    if kind == "tab":
        return {"sessionId": hub.attach_tab(asked.session, page, flat=params.flatten).id}
    session = await hub.attach_page(asked.session, page, flat=params.flatten)
    hub.go(page)
    return {"sessionId": session.id}


@_method("Target.attachToBrowserTarget", NoParams)
async def attach_to_browser_target(asked: Asked, params: NoParams) -> Result:
    """Attach a session to the browser."""
    return {"sessionId": asked.hub.attach_browser(asked.session).id}


@_method("Target.detachFromTarget", DetachParams)
async def detach_from_target(asked: Asked, params: DetachParams) -> Result:
    """End a session."""
    children = asked.session.children
    session = children.get(params.sessionId)
    if session is None and params.targetId:
        page, kind = asked.hub.find_target(params.targetId)
        session = next((child for child in children.values() if child.page is page and child.kind == kind), None)
    if session is None:
        raise CdpError("No session with given id", code=INVALID_PARAMS)
    asked.hub.end_session(session, tell=True)
    return None


@_method("Target.setAutoAttach", AutoAttachParams)
async def set_auto_attach(asked: Asked, params: AutoAttachParams) -> Result:
    """Attach to what is there and to what will come."""
    hub, session = asked.hub, asked.session
    if session.kind == "browser" and params.autoAttach and not params.flatten:
        raise CdpError("Only flatten protocol is supported with browser level auto-attach", code=INVALID_PARAMS)
    if not params.autoAttach:
        session.auto_attach = None
        for child in tuple(session.children.values()):
            if child.auto_attached:
                hub.end_session(child, tell=True)
        return None
    auto = AutoAttach(
        DEFAULT_FILTER if params.filter is None else params.filter, params.waitForDebuggerOnStart, params.flatten
    )
    session.auto_attach = auto
    if session.kind == "browser":
        for page in tuple(hub.pages.values()):
            known = {child.kind for child in session.children.values() if child.auto_attached and child.page is page}
            if matches(auto.filter, "tab") and "tab" not in known:
                hub.attach_tab(session, page, auto=True)
            if matches(auto.filter, "page") and "page" not in known:
                await hub.attach_page(session, page, auto=True, flat=auto.flatten)
                hub.go(page)
    elif session.kind == "tab" and session.page is not None:
        known = {child.kind for child in session.children.values() if child.auto_attached}
        if matches(auto.filter, "page") and "page" not in known:
            await hub.attach_page(session, session.page, auto=True, waiting=auto.wait, flat=auto.flatten)
            hub.go(session.page)
    elif matches(auto.filter, "worker"):
        # On a page or web worker: out-of-process frames would come too; none are targets of their own.
        for worker in hub.workers_of(session):
            await hub.attach_worker(session, worker, auto)
    return None


@_method("Target.setDiscoverTargets", DiscoverParams)
async def set_discover_targets(asked: Asked, params: DiscoverParams) -> Result:
    """Be told of targets: of those that are there at once."""
    hub, session = asked.hub, asked.session
    if not params.discover:
        if params.filter is not None:
            raise invalid_params("filter should not be present when discover is false")
        session.discover = None
        return None
    wanted = DEFAULT_FILTER if params.filter is None else params.filter
    session.discover = wanted
    if matches(wanted, "browser"):
        hub.event(session, "Target.targetCreated", {"targetInfo": _browser_info(hub)})
    for page in tuple(hub.pages.values()):
        for kind in ("tab", "page"):
            if matches(wanted, kind):
                hub.event(session, "Target.targetCreated", {"targetInfo": page.info(kind)})
    return None


@_method("Target.sendMessageToTarget", WrappedMessage)
async def send_message_to_target(asked: Asked, params: WrappedMessage) -> Result:
    """Take a message of a session that is not flat."""
    children = asked.session.children
    session = children.get(params.sessionId)
    if session is None and params.targetId:
        page, _ = asked.hub.find_target(params.targetId)
        session = next((child for child in children.values() if child.page is page), None)
    if session is None or session.wire_id:
        raise CdpError("No session with given id", code=INVALID_PARAMS)
    data = params.message.encode()
    asked.client.command(session, read_envelope(data), data)
    return None


@_method("Runtime.runIfWaitingForDebugger", NoParams)
async def run_if_waiting(asked: Asked, params: NoParams) -> Result:
    """Let the page of a tab run."""
    asked.hub.release_tab(asked.session)
    return None


# -- Browser ---------------------------------------------------------------------------------------------------------------


class MaybeContext(msgspec.Struct, frozen=True, kw_only=True):
    """What names a context, or none for the default one."""

    browserContextId: str = ""  # noqa: N815


class DownloadParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setDownloadBehavior`."""

    behavior: str
    browserContextId: str = ""  # noqa: N815
    downloadPath: str = ""  # noqa: N815
    eventsEnabled: bool = False  # noqa: N815


class WindowBounds(msgspec.Struct, frozen=True, kw_only=True):
    """`setWindowBounds`."""

    windowId: int  # noqa: N815
    bounds: dict[str, Any]


class HistogramParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getHistograms`."""

    query: str = ""
    delta: bool = False


@_method("Browser.getVersion", NoParams)
async def get_version(asked: Asked, params: NoParams) -> Result:
    """Say what this is."""
    settings = asked.hub.settings
    return {
        "protocolVersion": PROTOCOL_VERSION,
        "product": settings.product,
        "revision": REVISION,
        "userAgent": settings.user_agent,
        "jsVersion": v8_version(),
    }


def v8_version() -> str:
    """Give the engine's version, from the name of its build: this process never starts it."""
    from sanderling.js.engine import engine_identity

    match = re.search(r"\bv8-([0-9.]+[0-9])", engine_identity())
    return match[1] if match else ""


@_method("Browser.close", NoParams)
async def close_browser(asked: Asked, params: NoParams) -> Result:
    """Close every connection of this browser, once this is answered, and end it."""
    asked.hub.close_soon()
    return None


@_method("Browser.getWindowForTarget", MaybeTarget)
async def get_window_for_target(asked: Asked, params: MaybeTarget) -> Result:
    """There are no windows: an error, which clients take for headless."""
    raise CdpError("Browser window not found: Sanderling has no windows")


@_method("Browser.getHistograms", HistogramParams)
async def get_histograms(asked: Asked, params: HistogramParams) -> Result:
    """Chromium's internal statistics: there are none."""
    return {"histograms": []}


@_method("Browser.setDownloadBehavior", DownloadParams)
async def set_download_behavior(asked: Asked, params: DownloadParams) -> Result:
    """Say where the downloads of a context go."""
    hub = asked.hub
    context = hub.find_context(params.browserContextId)
    if params.behavior not in ("deny", "allow", "allowAndName", "default"):
        raise invalid_params(f"unknown behavior: {params.behavior}")
    await _standing(hub, context, asked)
    browser_session: SessionRecord = asked.session
    if params.eventsEnabled:
        browser_session.downloads.add(context.id)
    else:
        browser_session.downloads.discard(context.id)
    return None


async def _standing(hub: Hub, context: ContextRecord, asked: Asked) -> Mapping[str, Any]:
    """Set something on a context that holds for its life, also on a worker that replaces a dead one."""
    params = asked.params or b"{}"
    if context.made_on is not None and context.made_on is context.slot.link:
        outcome = await hub.context_command(context, asked.method, params)
        context.settings[asked.method] = params
        return outcome
    # Nobody uses the context yet: it is told when it is made.
    context.settings[asked.method] = params
    return {}


@_method("Browser.grantPermissions", MaybeContext)
async def grant_permissions(asked: Asked, params: MaybeContext) -> Result:
    """Grant permissions in a context."""
    return await asked.hub.context_command(
        asked.hub.find_context(params.browserContextId), asked.method, asked.params or b"{}"
    )


METHODS["Browser.resetPermissions"] = (MaybeContext, grant_permissions)
METHODS["Browser.setPermission"] = (MaybeContext, grant_permissions)
METHODS["Browser.cancelDownload"] = (MaybeContext, grant_permissions)


# -- SystemInfo ------------------------------------------------------------------------------------------------------------


@_method("SystemInfo.getProcessInfo", NoParams)
async def get_process_info(asked: Asked, params: NoParams) -> Result:
    """Name the process of the server, with its CPU time in seconds."""
    return {"processInfo": [{"type": "browser", "id": os.getpid(), "cpuTime": time.process_time()}]}


# -- about one context -----------------------------------------------------------------------------------------------------


async def _context_command(asked: Asked, params: MaybeContext) -> Result:
    hub = asked.hub
    return await hub.context_command(hub.find_context(params.browserContextId), asked.method, asked.params or b"{}")


for _name in (
    "Storage.getCookies",
    "Storage.setCookies",
    "Storage.clearCookies",
    "Security.setIgnoreCertificateErrors",
):
    CONTEXT_METHODS[_name] = (MaybeContext, _context_command)
