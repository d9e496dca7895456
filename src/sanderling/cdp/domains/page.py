"""Page: navigation, frames, history, init scripts, dialogs.

https://chromedevtools.github.io/devtools-protocol/tot/Page/

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from sanderling.base.errors import UsageError
from sanderling.browser import hub as events
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.domains.network_changes import settings_of
from sanderling.cdp.errors import CdpError, invalid_params, unsupported
from sanderling.cdp.ids import MAIN_FRAME, frame_loader_id, loader_id
from sanderling.cdp.ids import frame_id as child_frame_id
from sanderling.cdp.nodes import node_watch
from sanderling.proto.referrer import parse_policy

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain(
    "Page",
    events=(
        "documentOpened",
        "windowOpen",
        "domContentEventFired",
        "fileChooserOpened",
        "frameAttached",
        "frameClearedScheduledNavigation",
        "frameDetached",
        "frameNavigated",
        "frameRequestedNavigation",
        "frameScheduledNavigation",
        "frameStartedLoading",
        "frameStartedNavigating",
        "frameStoppedLoading",
        "javascriptDialogClosed",
        "javascriptDialogOpening",
        "lifecycleEvent",
        "loadEventFired",
        "navigatedWithinDocument",
    ),
)

DEFAULT_FONT_SIZE = 16
DEFAULT_FIXED_FONT_SIZE = 13
"""CSS pixels; the user agent style sheet's."""

NO_PIXELS = "there is no rendering yet, so there are no pixels to give"


class PageParams(Params, frozen=True, kw_only=True):
    """`enable`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("enableFileChooserOpenedEvent",)

    enableFileChooserOpenedEvent: bool = False  # noqa: N815 - CDP's name, as all below


class NavigateParams(Params, frozen=True, kw_only=True):
    """`navigate`."""

    url: str
    referrer: str = ""
    transitionType: str = ""  # noqa: N815
    frameId: str | None = None  # noqa: N815
    referrerPolicy: str = ""  # noqa: N815


class ReloadParams(Params, frozen=True, kw_only=True):
    """`reload`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("scriptToEvaluateOnLoad",)

    ignoreCache: bool = False  # noqa: N815
    scriptToEvaluateOnLoad: str = ""  # noqa: N815
    loaderId: str | None = None  # noqa: N815


class LifecycleParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setLifecycleEventsEnabled`."""

    enabled: bool


class WorldParams(Params, frozen=True, kw_only=True):
    """`createIsolatedWorld`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("contentSecurityPolicy",)
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "grantUniveralAccess": "frames of other origins live in other isolates, out of reach of every world"
    }

    frameId: str  # noqa: N815
    worldName: str = ""  # noqa: N815
    grantUniveralAccess: bool = False  # noqa: N815 - the protocol's own spelling
    contentSecurityPolicy: str | None = None  # noqa: N815


class ScriptParams(Params, frozen=True, kw_only=True):
    """`addScriptToEvaluateOnNewDocument`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("includeCommandLineAPI",)

    source: str
    worldName: str = ""  # noqa: N815
    includeCommandLineAPI: bool = False  # noqa: N815
    runImmediately: bool = False  # noqa: N815


class ScriptRef(msgspec.Struct, frozen=True, kw_only=True):
    """`removeScriptToEvaluateOnNewDocument`."""

    identifier: str


class EntryParams(msgspec.Struct, frozen=True, kw_only=True):
    """`navigateToHistoryEntry`."""

    entryId: int  # noqa: N815


class ContentParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setDocumentContent`."""

    frameId: str  # noqa: N815
    html: str


class DialogParams(msgspec.Struct, frozen=True, kw_only=True):
    """`handleJavaScriptDialog`."""

    accept: bool
    promptText: str = ""  # noqa: N815


class FileChooserParams(Params, frozen=True, kw_only=True):
    """`setInterceptFileChooserDialog`."""

    enabled: bool
    cancel: bool = False


class LifecycleState(msgspec.Struct, frozen=True, kw_only=True):
    """`setWebLifecycleState`."""

    state: str


class BypassParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setBypassCSP`."""

    enabled: bool


@DOMAIN.method("setBypassCSP", BypassParams)
async def set_bypass_csp(session: Session, params: BypassParams) -> Result:
    """Have Content Security Policies not count, from the next document on."""
    settings_of(session).bypass_csp = params.enabled
    return None


@DOMAIN.method("enable", PageParams)
async def enable(session: Session, params: PageParams) -> Result:
    """Tell of frames, navigations and dialogs."""
    session.enabled.add("Page")
    session.inspector.watch_dialogs()
    return None


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Tell nothing more."""
    session.enabled.discard("Page")
    settings_of(session).bypass_csp = False
    session.inspector.watch_dialogs()
    return None


def _policy(params: NavigateParams) -> str:
    """Give a referrer policy by its name in HTTP, from its name in CDP."""
    name = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in params.referrerPolicy)
    if parse_policy(name) != name:
        raise invalid_params(f"referrerPolicy: {params.referrerPolicy!r} is none")
    return name


@DOMAIN.method("navigate", NavigateParams)
async def navigate(session: Session, params: NavigateParams) -> Result:
    """Load a document; answered when its response is there, or when it is clear that it will not be."""
    frame = MAIN_FRAME if params.frameId is None else session.inspector.number_of(params.frameId)
    frame_id = params.frameId or session.inspector.frame_id
    page = session.page
    if frame != MAIN_FRAME:
        return await _navigate_child(session, frame, params)
    if params.url.rstrip("/") == "chrome://crash":  # how testers of clients make a page crash
        # The answer goes before the event, as in Chromium: Playwright takes none for a page that it knows to have crashed.
        asyncio.get_running_loop().call_soon(page.crash, "chrome://crash was loaded")
        raise CdpError("Target crashed")
    try:
        navigation = await page.navigations.begin(
            NavigationRequest(
                url=params.url,
                referrer=params.referrer,
                referrer_policy=_policy(params),
                transition=params.transitionType or "typed",
                replace=params.url == page.main_frame.url,  # as in Chromium: the same address again is no new entry
            )
        )
    except UsageError:
        raise CdpError("Cannot navigate to invalid URL") from None
    if navigation is None:
        return {"frameId": frame_id, "isDownload": False}
    loader = loader_id(page.id, navigation.number)

    def outcome(code: str) -> dict[str, Any]:
        out: dict[str, Any] = {"frameId": frame_id, "loaderId": loader, "isDownload": False}
        return {**out, "errorText": code, "isDownload": navigation.is_download} if code else out

    return await session.wait_document(loader, session.command_id(), outcome)


async def _navigate_child(session: Session, frame: int, params: NavigateParams) -> Result:
    """Load a document in a child frame; answered as for the main frame."""
    page = session.page
    begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()  # the loader; empty: the frame is gone
    answered: list[asyncio.Future[dict[str, Any]]] = []
    command = session.command_id()

    def listen(event: events.AnyEvent) -> None:
        if begun.done():
            return
        if isinstance(event, events.NavigationStarted) and event.frame == frame:
            loader = frame_loader_id(page.id, frame, event.number)
            answered.append(session.wait_document(loader, command, lambda code: outcome(loader, code)))
            begun.set_result(loader)
        elif (isinstance(event, events.FrameDetached) and event.frame == frame) or (
            isinstance(event, events.FrameNavigated) and event.frame == MAIN_FRAME and not event.within_document
        ):
            begun.set_result("")

    out: dict[str, Any] = {"frameId": child_frame_id(page.id, frame), "isDownload": False}

    def outcome(loader: str, code: str) -> dict[str, Any]:
        return {**out, "loaderId": loader, **({"errorText": code} if code else {})}

    unsubscribe = page.hub.subscribe(listen)
    try:
        payload = {
            "frame": frame,
            "url": params.url,
            "replace": False,
            "referrer": params.referrer,
            "referrerPolicy": _policy(params),
        }
        asked = await session.ask("location.set", payload, frame=frame)
        if not asked["valid"]:
            raise CdpError("Cannot navigate to invalid URL")
        if not asked["loads"]:
            return out
        loader = await begun
    finally:
        unsubscribe()
    if not loader:
        return {**out, "errorText": "net::ERR_ABORTED"}
    return await answered[0]


@DOMAIN.method("reload", ReloadParams)
async def reload(session: Session, params: ReloadParams) -> Result:
    """Load the current document again."""
    page = session.page
    if params.loaderId is not None and params.loaderId != session.inspector.loader:
        raise invalid_params("loaderId: the page has another document")
    page.navigations.start(NavigationRequest(url=page.main_frame.url, reload=True, bypass_cache=params.ignoreCache))
    return None


@DOMAIN.method("stopLoading", NoParams)
async def stop_loading(session: Session, params: NoParams) -> Result:
    """Cancel the navigation under way and the requests of the document."""
    session.page.stop_loading()
    return None


@DOMAIN.method("getFrameTree", NoParams)
async def get_frame_tree(session: Session, params: NoParams) -> Result:
    """List the frames."""
    return {"frameTree": session.inspector.frames.tree()}


@DOMAIN.method("setLifecycleEventsEnabled", LifecycleParams)
async def set_lifecycle_events_enabled(session: Session, params: LifecycleParams) -> Result:
    """Tell of milestones: what the current documents have reached first."""
    if params.enabled and not session.wants_lifecycle:
        for number, name, timestamp in session.inspector.frames.replay():
            session.lifecycle(number, name, timestamp)
    session.wants_lifecycle = params.enabled
    return None


@DOMAIN.method("createIsolatedWorld", WorldParams)
async def create_isolated_world(session: Session, params: WorldParams) -> Result:
    """Give a world of its own to scripts of the client."""
    number = session.inspector.number_of(params.frameId, "No frame for given id found")
    context = await session.inspector.isolated_world(number, params.worldName)
    return {"executionContextId": context.id}


@DOMAIN.method("addScriptToEvaluateOnNewDocument", ScriptParams)
async def add_script(session: Session, params: ScriptParams) -> Result:
    """Run a script in every document to come, before its own; a named world is made there for it."""
    identifier = session.add_script(params.source, params.worldName)
    session.inspector.standing_changed()
    if params.runImmediately:
        await session.everywhere("inspector.runNow", {"source": params.source, "world": params.worldName})
    return {"identifier": identifier}


@DOMAIN.method("removeScriptToEvaluateOnNewDocument", ScriptRef)
async def remove_script(session: Session, params: ScriptRef) -> Result:
    """Forget such a script."""
    if session.scripts.pop(params.identifier, None) is None:
        raise CdpError("Script not found")
    session.inspector.standing_changed()
    return None


@DOMAIN.method("getNavigationHistory", NoParams)
async def get_navigation_history(session: Session, params: NoParams) -> Result:
    """List the session history."""
    history = session.page.history
    return {
        "currentIndex": history.index,
        "entries": [
            {
                "id": step.id,
                "url": step.main.url,
                "userTypedURL": step.main.url,
                "title": session.page.title if index == history.index else "",
                "transitionType": step.main.transition,
            }
            for index, step in enumerate(history.steps)
        ],
    }


@DOMAIN.method("navigateToHistoryEntry", EntryParams)
async def navigate_to_history_entry(session: Session, params: EntryParams) -> Result:
    """Go to an entry of the session history."""
    history = session.page.history
    for index, step in enumerate(history.steps):
        if step.id == params.entryId:
            session.page.navigations.traverse(index - history.index)
            return None
    raise invalid_params("No entry with passed id")


@DOMAIN.method("resetNavigationHistory", NoParams)
async def reset_navigation_history(session: Session, params: NoParams) -> Result:
    """Forget every entry but the current one."""
    session.page.history.forget_others()
    session.page.navigations.tell_history()
    return None


@DOMAIN.method("setDocumentContent", ContentParams)
async def set_document_content(session: Session, params: ContentParams) -> Result:
    """Replace the content of a document."""
    number = session.inspector.number_of(params.frameId)
    await session.ask("inspector.setContent", {"frame": number, "html": params.html}, frame=number)
    return None


@DOMAIN.method("handleJavaScriptDialog", DialogParams)
async def handle_dialog(session: Session, params: DialogParams) -> Result:
    """Answer the dialog that is open."""
    dialog = session.inspector.dialog
    if dialog is None or dialog.answer.done():
        raise CdpError("No dialog is showing", code=-32602)
    dialog.answer.set_result((params.accept, params.promptText))
    return None


@DOMAIN.method("setInterceptFileChooserDialog", FileChooserParams)
async def set_intercept_file_chooser_dialog(session: Session, params: FileChooserParams) -> Result:
    """Report what would open a file chooser as `Page.fileChooserOpened`; without that, nothing opens."""
    await node_watch(session.inspector).intercept_file_chooser(session, on=params.enabled, cancel=params.cancel)
    return None


@DOMAIN.method("bringToFront", NoParams)
async def bring_to_front(session: Session, params: NoParams) -> Result:
    """Nothing to do: every page is in front, and behaves so."""
    return None


@DOMAIN.method("close", NoParams)
async def close(session: Session, params: NoParams) -> Result:
    """Close the page, with its `beforeunload`."""
    page = session.page
    asyncio.get_running_loop().call_soon(lambda: page.context.close_soon(page))
    return None


@DOMAIN.method("crash", NoParams)
async def crash(session: Session, params: NoParams) -> Result:
    """End the page's engine."""
    session.page.crash("Page.crash was called")
    return None


@DOMAIN.method("getLayoutMetrics", NoParams)
async def get_layout_metrics(session: Session, params: NoParams) -> Result:
    """Give the sizes of viewport and content."""
    now = await session.ask("inspector.metrics", {})
    layout = {"pageX": now["x"], "pageY": now["y"], "clientWidth": now["width"], "clientHeight": now["height"]}
    visual = {**layout, "offsetX": 0, "offsetY": 0, "scale": 1, "zoom": 1}
    content = {"x": 0, "y": 0, "width": now["contentWidth"], "height": now["contentHeight"]}
    # One device pixel is one CSS pixel where nothing is rendered, so both sets are the same.
    return {
        "layoutViewport": layout,
        "visualViewport": visual,
        "contentSize": content,
        "cssLayoutViewport": layout,
        "cssVisualViewport": visual,
        "cssContentSize": content,
    }


@DOMAIN.method("setWebLifecycleState", LifecycleState)
async def set_web_lifecycle_state(session: Session, params: LifecycleState) -> Result:
    """Pages are active, always."""
    if params.state != "active":
        raise unsupported(f"the lifecycle state {params.state!r}")
    return None


class FamiliesParams(Params, frozen=True, kw_only=True):
    """`setFontFamilies`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("fontFamilies", "forScripts"), "text is drawn and measured with no font"
    )

    fontFamilies: dict[str, str]  # noqa: N815
    forScripts: list[dict[str, Any]] | None = None  # noqa: N815


@DOMAIN.method("setFontFamilies", FamiliesParams)
async def set_font_families(session: Session, params: FamiliesParams) -> Result:
    """Nothing to do: which font a generic family stands for shows only in glyphs and their widths, and text is drawn and measured with none."""
    return None


class FontSizes(msgspec.Struct, frozen=True, kw_only=True):
    """CDP's type of that name."""

    standard: int = DEFAULT_FONT_SIZE
    fixed: int = DEFAULT_FIXED_FONT_SIZE


class SizesParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setFontSizes`."""

    fontSizes: FontSizes  # noqa: N815


@DOMAIN.method("setFontSizes", SizesParams)
async def set_font_sizes(session: Session, params: SizesParams) -> Result:
    """Only the sizes that are so anyway: others would show in computed styles, where they cannot be changed."""
    if params.fontSizes != FontSizes():
        raise unsupported("Page.setFontSizes with other sizes than the default ones")
    return None


DOMAIN.refuse("captureScreenshot", NO_PIXELS)
DOMAIN.refuse("printToPDF", NO_PIXELS)
DOMAIN.refuse("startScreencast", NO_PIXELS)
