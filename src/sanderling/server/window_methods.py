"""The windows of the Browser domain: every page has one of its own, as large as its viewport.

Nothing is drawn, so a window has no frame around its page; where it stands and whether it is minimized is remembered and changes nothing.

https://chromedevtools.github.io/devtools-protocol/tot/Browser/#type-Bounds

Thread: main.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from sanderling.cdp.dispatch import Params
from sanderling.cdp.errors import CdpError, invalid_params
from sanderling.server.hub import Hub
from sanderling.server.hub_methods import Asked, HubMethods, Result
from sanderling.server.targets import PageRecord, WindowRecord

WINDOW_METHODS = HubMethods()

MAX_SIDE = 10_000_000
"""Of a window, in CSS pixels: Chromium's limit of emulated screens."""

WindowState: TypeAlias = Literal["normal", "minimized", "maximized", "fullscreen"]


class WindowOf(msgspec.Struct, frozen=True, kw_only=True):
    """`getWindowForTarget`."""

    targetId: str = ""  # noqa: N815 - CDP's name


class WindowRef(msgspec.Struct, frozen=True, kw_only=True):
    """Names a window."""

    windowId: int  # noqa: N815


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """CDP's `Bounds`; what is left out stays."""

    left: int | None = None
    top: int | None = None
    width: int | None = None
    height: int | None = None
    windowState: WindowState | None = None  # noqa: N815


class SetBounds(Params, frozen=True, kw_only=True):
    """`setWindowBounds`."""

    windowId: int  # noqa: N815
    bounds: Bounds


class SetContents(Params, frozen=True, kw_only=True):
    """`setContentsSize`."""

    windowId: int  # noqa: N815
    width: int | None = None
    height: int | None = None


def _bounds(window: WindowRecord) -> dict[str, object]:
    return {
        "left": window.left,
        "top": window.top,
        "width": window.width,
        "height": window.height,
        "windowState": window.state,
    }


def _page_of(hub: Hub, window_id: int) -> PageRecord:
    for page in hub.pages.values():
        if page.window.id == window_id:
            return page
    raise CdpError("Browser window not found")


async def _resize(asked: Asked, page: PageRecord, width: int | None, height: int | None) -> None:
    window = page.window
    wide = window.width if width is None else width
    high = window.height if height is None else height
    if not (0 < wide <= MAX_SIDE and 0 < high <= MAX_SIDE):
        raise invalid_params(f"width and height of a window must be from 1 to {MAX_SIDE}")
    if (wide, high) == (window.width, window.height):
        return
    window.width, window.height = page.size = (wide, high)
    if page.made and not page.crashed:
        told = msgspec.json.encode({"page": page.id, "width": wide, "height": high})
        await asked.hub.context_command(page.context, "Browser.setWindowBounds", told)


@WINDOW_METHODS.method("Browser.getWindowForTarget", WindowOf)
async def get_window_for_target(asked: Asked, params: WindowOf) -> Result:
    """Give the window of a page, or of the session's."""
    hub = asked.hub
    if params.targetId:
        page, _ = hub.find_target(params.targetId)
    elif asked.session.page is not None:
        page = asked.session.page
    else:
        raise CdpError("No web contents in the target")
    return {"windowId": page.window.id, "bounds": _bounds(page.window)}


@WINDOW_METHODS.method("Browser.getWindowBounds", WindowRef)
async def get_window_bounds(asked: Asked, params: WindowRef) -> Result:
    """Give place, size and state of a window."""
    return {"bounds": _bounds(_page_of(asked.hub, params.windowId).window)}


@WINDOW_METHODS.method("Browser.setWindowBounds", SetBounds)
async def set_window_bounds(asked: Asked, params: SetBounds) -> Result:
    """Move a window, resize it, or change its state; its page is resized unless its size is emulated."""
    page = _page_of(asked.hub, params.windowId)
    wanted = params.bounds
    window = page.window
    state = wanted.windowState or "normal"
    sizes = (wanted.left, wanted.top, wanted.width, wanted.height)
    if state != "normal" and any(one is not None for one in sizes):
        raise CdpError(
            "The 'minimized', 'maximized' and 'fullscreen' states cannot be combined with 'left', 'top', 'width' or 'height'"
        )
    await _resize(asked, page, wanted.width, wanted.height)
    window.left = window.left if wanted.left is None else wanted.left
    window.top = window.top if wanted.top is None else wanted.top
    window.state = state
    return None


@WINDOW_METHODS.method("Browser.setContentsSize", SetContents)
async def set_contents_size(asked: Asked, params: SetContents) -> Result:
    """Resize the page in a window: here that is as large as the window."""
    if params.width is None and params.height is None:
        raise invalid_params("At least one of width or height must be specified")
    await _resize(asked, _page_of(asked.hub, params.windowId), params.width, params.height)
    return None
