"""The Target domain, which a hub answers itself.

https://chromedevtools.github.io/devtools-protocol/tot/Target/

Thread: main.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from sanderling.cdp.dispatch import NoParams, Params
from sanderling.cdp.envelope import read_envelope
from sanderling.cdp.errors import INVALID_PARAMS, CdpError, invalid_params
from sanderling.http.proxies import as_in_chromium
from sanderling.server.exposed import expose_protocol
from sanderling.server.hub import Hub
from sanderling.server.hub_methods import Asked, HubMethods, Result
from sanderling.server.targets import DEFAULT_FILTER, AutoAttach, FilterEntry, SessionRecord, matches

TARGET_METHODS = HubMethods()


class ContextOptionsParams(Params, frozen=True, kw_only=True):
    """`createBrowserContext`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("originsWithUniversalNetworkAccess",)

    disposeOnDetach: bool = False  # noqa: N815 - CDP's name, as all below
    proxyServer: str = ""  # noqa: N815
    proxyBypassList: str = ""  # noqa: N815
    originsWithUniversalNetworkAccess: tuple[str, ...] = ()  # noqa: N815


class ContextRef(msgspec.Struct, frozen=True, kw_only=True):
    """`disposeBrowserContext`."""

    browserContextId: str  # noqa: N815


class CreateTarget(Params, frozen=True, kw_only=True):
    """`createTarget`."""

    REFUSED: ClassVar[tuple[str, ...]] = (
        "left",
        "top",
        "windowState",
    )
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "background": "every page behaves as if in front",
        "focus": "every page behaves as focused",
        "enableBeginFrameControl": "only the old headless mode of Chromium knows it",
    }

    url: str = ""
    width: int = 0
    height: int = 0
    browserContextId: str = ""  # noqa: N815
    newWindow: bool = False  # noqa: N815
    background: bool = False
    focus: bool = False
    left: int | None = None
    top: int | None = None
    windowState: str = "normal"  # noqa: N815
    enableBeginFrameControl: bool = False  # noqa: N815
    hidden: bool = False
    forTab: bool = False  # noqa: N815


class TargetRef(msgspec.Struct, frozen=True, kw_only=True):
    """Names a target."""

    targetId: str  # noqa: N815


class ExposeParams(Params, frozen=True, kw_only=True):
    """`exposeDevToolsProtocol`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"inheritPermissions": "every session may do everything"}

    targetId: str  # noqa: N815
    bindingName: str = "cdp"  # noqa: N815
    inheritPermissions: bool = False  # noqa: N815


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


@TARGET_METHODS.method("Target.getBrowserContexts", NoParams)
async def get_browser_contexts(asked: Asked, params: NoParams) -> Result:
    """List the contexts that were created."""
    hub = asked.hub
    created = [context.id for context in hub.contexts.values() if context is not hub.default_context]
    return {"browserContextIds": created, "defaultBrowserContextId": hub.default_context.id}


@TARGET_METHODS.method("Target.createBrowserContext", ContextOptionsParams)
async def create_browser_context(asked: Asked, params: ContextOptionsParams) -> Result:
    """Make a context."""
    owner = asked.client if params.disposeOnDetach else None
    proxy = as_in_chromium(params.proxyServer)
    context = await asked.hub.new_context(proxy=proxy, proxy_bypass=params.proxyBypassList, owner=owner)
    return {"browserContextId": context.id}


@TARGET_METHODS.method("Target.disposeBrowserContext", ContextRef)
async def dispose_browser_context(asked: Asked, params: ContextRef) -> Result:
    """End a context with its pages."""
    context = asked.hub.contexts.get(params.browserContextId)
    if context is None or context is asked.hub.default_context:
        raise CdpError(f"Failed to find context with id {params.browserContextId}")
    await asked.hub.dispose_context(context)
    return None


@TARGET_METHODS.method("Target.createTarget", CreateTarget)
async def create_target(asked: Asked, params: CreateTarget) -> Result:
    """Open a page."""
    hub = asked.hub
    if params.hidden and (params.forTab or params.newWindow):
        raise invalid_params("hidden cannot be combined with forTab or newWindow")
    context = hub.find_context(params.browserContextId)
    size = (params.width, params.height)
    page = await hub.new_page(context, params.url, size, hidden_by=asked.session if params.hidden else None)
    hub.go(page)
    return {"targetId": page.tab_id if params.forTab else page.id}


@TARGET_METHODS.method("Target.closeTarget", TargetRef)
async def close_target(asked: Asked, params: TargetRef) -> Result:
    """Close a page, or end a shared web worker; as in Chromium, dedicated ones end with their documents."""
    worker = asked.hub.find_worker(params.targetId)
    if worker is not None:
        if not asked.hub.close_worker(worker):
            raise CdpError("Specified target doesn't support closing", code=INVALID_PARAMS)
        return {"success": True}
    page, _ = asked.hub.find_target(params.targetId)
    asked.hub.close_page(page)
    return {"success": True}


@TARGET_METHODS.method("Target.exposeDevToolsProtocol", ExposeParams)
async def expose_dev_tools_protocol(asked: Asked, params: ExposeParams) -> Result:
    """Let code of a page speak the protocol."""
    page, _ = asked.hub.find_target(params.targetId)
    await expose_protocol(asked.client, page, params.bindingName)
    return None


@TARGET_METHODS.method("Target.getDevToolsTarget", TargetRef)
async def get_dev_tools_target(asked: Asked, params: TargetRef) -> Result:
    """Nobody has opened DevTools for a page, and they would need pixels: there is no such target."""
    asked.hub.find_target(params.targetId)
    return {}


@TARGET_METHODS.method("Target.getTargets", FilterParams)
async def get_targets(asked: Asked, params: FilterParams) -> Result:
    """List the targets."""
    wanted = DEFAULT_FILTER if params.filter is None else params.filter
    infos = [page.info(kind) for page in asked.hub.pages.values() for kind in ("tab", "page") if matches(wanted, kind)]
    infos += [worker.info() for worker in asked.hub.web_workers() if matches(wanted, worker.kind)]
    if matches(wanted, "browser"):
        infos.insert(0, browser_info(asked.hub))
    return {"targetInfos": infos}


def browser_info(hub: Hub) -> dict[str, Any]:
    """Give the `TargetInfo` of the browser itself."""
    return {
        "targetId": hub.id,
        "type": "browser",
        "title": "",
        "url": "",
        "attached": True,
        "canAccessOpener": False,
    }


@TARGET_METHODS.method("Target.getTargetInfo", MaybeTarget)
async def get_target_info(asked: Asked, params: MaybeTarget) -> Result:
    """Describe a target, the session's own when none is named."""
    hub, session = asked.hub, asked.session
    if params.targetId == hub.id or (not params.targetId and session.page is None):
        return {"targetInfo": browser_info(hub)}
    worker = hub.find_worker(params.targetId) if params.targetId else session.worker
    if worker is not None:
        return {"targetInfo": worker.info()}
    if not params.targetId and session.page is not None:
        return {"targetInfo": session.page.info(session.kind)}
    page, kind = hub.find_target(params.targetId)
    return {"targetInfo": page.info(kind)}


@TARGET_METHODS.method("Target.activateTarget", TargetRef)
async def activate_target(asked: Asked, params: TargetRef) -> Result:
    """Nothing to do: every page is in front."""
    if asked.hub.find_worker(params.targetId) is None:
        asked.hub.find_target(params.targetId)
    return None


@TARGET_METHODS.method("Target.attachToTarget", AttachParams)
async def attach_to_target(asked: Asked, params: AttachParams) -> Result:
    """Attach a session."""
    hub = asked.hub
    if params.targetId == hub.id:
        return {"sessionId": hub.sessions.attach_browser(asked.session).id}
    worker = hub.find_worker(params.targetId)
    if worker is not None:
        attached = await hub.sessions.attach_worker(asked.session, worker, flat=params.flatten)
        return {"sessionId": "" if attached is None else attached.id}
    page, kind = hub.find_target(params.targetId)
    if kind == "tab":
        return {"sessionId": hub.sessions.attach_tab(asked.session, page, flat=params.flatten).id}
    session = await hub.sessions.attach_page(asked.session, page, flat=params.flatten)
    hub.go(page)
    return {"sessionId": session.id}


@TARGET_METHODS.method("Target.attachToBrowserTarget", NoParams)
async def attach_to_browser_target(asked: Asked, params: NoParams) -> Result:
    """Attach a session to the browser."""
    return {"sessionId": asked.hub.sessions.attach_browser(asked.session).id}


@TARGET_METHODS.method("Target.detachFromTarget", DetachParams)
async def detach_from_target(asked: Asked, params: DetachParams) -> Result:
    """End a session."""
    children = asked.session.children
    session = children.get(params.sessionId)
    worker = asked.hub.find_worker(params.targetId) if params.targetId else None
    if session is None and worker is not None:
        session = next((child for child in children.values() if child.worker is worker), None)
    elif session is None and params.targetId:
        page, kind = asked.hub.find_target(params.targetId)
        session = next((child for child in children.values() if child.page is page and child.kind == kind), None)
    if session is None:
        raise CdpError("No session with given id", code=INVALID_PARAMS)
    asked.hub.sessions.end(session, tell=True)
    return None


@TARGET_METHODS.method("Target.setAutoAttach", AutoAttachParams)
async def set_auto_attach(asked: Asked, params: AutoAttachParams) -> Result:
    """Attach to what is there and to what will come."""
    hub, session = asked.hub, asked.session
    if session.kind == "browser" and params.autoAttach and not params.flatten:
        raise CdpError("Only flatten protocol is supported with browser level auto-attach", code=INVALID_PARAMS)
    if not params.autoAttach:
        session.auto_attach = None
        for child in tuple(session.children.values()):
            if child.auto_attached:
                hub.sessions.end(child, tell=True)
        return None
    auto = AutoAttach(
        DEFAULT_FILTER if params.filter is None else params.filter, params.waitForDebuggerOnStart, params.flatten
    )
    session.auto_attach = auto
    if session.kind == "browser":
        for page in tuple(hub.pages.values()):
            known = {child.kind for child in session.children.values() if child.auto_attached and child.page is page}
            if matches(auto.filter, "tab") and "tab" not in known:
                hub.sessions.attach_tab(session, page, auto=True)
            if matches(auto.filter, "page") and "page" not in known:
                await hub.sessions.attach_page(session, page, auto=True, flat=auto.flatten)
                hub.go(page)
        await _attach_workers(hub, session, auto)
    elif session.kind == "tab" and session.page is not None:
        known = {child.kind for child in session.children.values() if child.auto_attached}
        if matches(auto.filter, "page") and "page" not in known:
            await hub.sessions.attach_page(session, session.page, auto=True, waiting=auto.wait, flat=auto.flatten)
            hub.go(session.page)
    else:
        # On a page or web worker: out-of-process frames would come too; none are targets of their own.
        await _attach_workers(hub, session, auto)
    return None


async def _attach_workers(hub: Hub, session: SessionRecord, auto: AutoAttach) -> None:
    for worker in hub.sessions.workers_of(session):
        if matches(auto.filter, worker.kind):
            await hub.sessions.attach_worker(session, worker, auto=True, waiting=auto.wait, flat=auto.flatten)


@TARGET_METHODS.method("Target.setDiscoverTargets", DiscoverParams)
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
        hub.sessions.event(session, "Target.targetCreated", {"targetInfo": browser_info(hub)})
    for page in tuple(hub.pages.values()):
        for kind in ("tab", "page"):
            if matches(wanted, kind):
                hub.sessions.event(session, "Target.targetCreated", {"targetInfo": page.info(kind)})
    for worker in hub.web_workers():
        if matches(wanted, worker.kind):
            hub.sessions.event(session, "Target.targetCreated", {"targetInfo": worker.info()})
    return None


@TARGET_METHODS.method("Target.sendMessageToTarget", WrappedMessage)
async def send_message_to_target(asked: Asked, params: WrappedMessage) -> Result:
    """Take a message of a session that is not flat."""
    children = asked.session.children
    session = children.get(params.sessionId)
    if session is None and params.targetId:
        worker = asked.hub.find_worker(params.targetId)
        if worker is not None:
            session = next((child for child in children.values() if child.worker is worker), None)
        else:
            page, _ = asked.hub.find_target(params.targetId)
            session = next((child for child in children.values() if child.page is page), None)
    if session is None or session.wire_id:
        raise CdpError("No session with given id", code=INVALID_PARAMS)
    data = params.message.encode()
    asked.client.command(session, read_envelope(data), data)
    return None


@TARGET_METHODS.method("Runtime.runIfWaitingForDebugger", NoParams)
async def run_if_waiting(asked: Asked, params: NoParams) -> Result:
    """Let the page of a tab run."""
    asked.hub.sessions.release_tab(asked.session)
    return None
