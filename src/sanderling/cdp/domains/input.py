"""The Input domain: what a user does with mouse, keys and fingers. The answer comes after the page's handlers ran.

Thread: worker.
"""

from __future__ import annotations

import weakref
from typing import Any, Literal

import msgspec

from sanderling.base.errors import ClosedError, NavigationError
from sanderling.browser.agent import Agent
from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.errors import invalid_params, unsupported
from sanderling.cdp.ids import MAIN_FRAME
from sanderling.cdp.session import Session

DOMAIN = Domain("Input")

MouseButton = Literal["none", "left", "middle", "right", "back", "forward"]


async def _ask(session: Session, kind: str, payload: dict[str, Any], frame: int = MAIN_FRAME) -> Result:
    try:
        outcome: dict[str, Any] = await session.ask(kind, payload, frame=frame)
    except (ClosedError, NavigationError):
        if session.page.closed:
            raise
        # The document went while the event was on its way to it: nobody is there to get it, as when a key is released after its
        # press has loaded another document. Chromium answers as ever.
        return None
    remote = outcome.get("remote")
    if remote is None:
        return None
    # It goes on in a frame that lives in another isolate, at a point of that frame's viewport.
    onward = {**payload, "x": remote["x"], "y": remote["y"]} if "x" in remote else payload
    return await _ask(session, kind, onward, remote["frame"])


class MouseParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.dispatchMouseEvent`."""

    type: Literal["mousePressed", "mouseReleased", "mouseMoved", "mouseWheel"]
    x: float
    y: float
    modifiers: int = 0
    button: MouseButton = "none"
    buttons: int | None = None
    clickCount: int = 0
    deltaX: float | None = None
    deltaY: float | None = None
    pointerType: Literal["mouse", "pen"] = "mouse"


@DOMAIN.method("dispatchMouseEvent", MouseParams)
async def dispatch_mouse_event(session: Session, params: MouseParams) -> Result:
    """Move, press, release or wheel at a point of the viewport."""
    if params.pointerType == "pen":
        raise unsupported("pointerType pen")
    if params.type == "mouseWheel" and (params.deltaX is None or params.deltaY is None):
        raise invalid_params("'deltaX' and 'deltaY' are expected for mouseWheel event")
    payload = {
        "type": params.type,
        "x": params.x,
        "y": params.y,
        "modifiers": params.modifiers,
        "button": params.button,
        "buttons": params.buttons,
        "clickCount": params.clickCount,
        "deltaX": params.deltaX,
        "deltaY": params.deltaY,
    }
    return await _ask(session, "input.mouse", payload)


class KeyParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.dispatchKeyEvent`."""

    type: Literal["keyDown", "keyUp", "rawKeyDown", "char"]
    modifiers: int = 0
    text: str = ""
    unmodifiedText: str = ""
    code: str = ""
    key: str = ""
    windowsVirtualKeyCode: int = 0
    autoRepeat: bool = False
    isKeypad: bool = False
    location: int = 0
    commands: list[str] = []


@DOMAIN.method("dispatchKeyEvent", KeyParams)
async def dispatch_key_event(session: Session, params: KeyParams) -> Result:
    """Press or release a key, or write a character."""
    payload = {
        "type": params.type,
        "modifiers": params.modifiers,
        "text": params.text,
        "code": params.code,
        "key": params.key,
        "keyCode": params.windowsVirtualKeyCode,
        "repeat": params.autoRepeat,
        "location": 3 if params.isKeypad and not params.location else params.location,
        "commands": params.commands,
    }
    return await _ask(session, "input.key", payload)


class TextParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.insertText`."""

    text: str


@DOMAIN.method("insertText", TextParams)
async def insert_text(session: Session, params: TextParams) -> Result:
    """Write text without keys, as an emoji keyboard does."""
    return await _ask(session, "input.text", {"text": params.text})


class CompositionParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.imeSetComposition`."""

    text: str
    selectionStart: int
    selectionEnd: int
    replacementStart: int | None = None
    replacementEnd: int | None = None


@DOMAIN.method("imeSetComposition", CompositionParams)
async def ime_set_composition(session: Session, params: CompositionParams) -> Result:
    """Show text that is being composed; `insertText` commits it."""
    if params.replacementStart is not None or params.replacementEnd is not None:
        raise unsupported("a replacement range of a composition")
    payload = {"text": params.text, "start": params.selectionStart, "end": params.selectionEnd}
    return await _ask(session, "input.compose", payload)


# -- touch -----------------------------------------------------------------------------------------------------------------


class TouchPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A finger."""

    x: float
    y: float
    radiusX: float = 1.0
    radiusY: float = 1.0
    rotationAngle: float = 0.0
    force: float = 1.0
    id: float | None = None


class TouchParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.dispatchTouchEvent`."""

    type: Literal["touchStart", "touchEnd", "touchMove", "touchCancel"]
    touchPoints: list[TouchPoint]
    modifiers: int = 0


@DOMAIN.method("dispatchTouchEvent", TouchParams)
async def dispatch_touch_event(session: Session, params: TouchParams) -> Result:
    """Put fingers down, move them, lift them; a tap makes a click."""
    points = [
        {
            "x": point.x,
            "y": point.y,
            "id": index if point.id is None else int(point.id),
            "radiusX": point.radiusX,
            "radiusY": point.radiusY,
            "rotationAngle": point.rotationAngle,
            "force": point.force,
        }
        for index, point in enumerate(params.touchPoints)
    ]
    return await _ask(session, "input.touch", {"type": params.type, "points": points, "modifiers": params.modifiers})


class TapParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.synthesizeTapGesture`."""

    x: float
    y: float
    tapCount: int = 1
    gestureSourceType: Literal["default", "touch", "mouse"] = "default"


@DOMAIN.method("synthesizeTapGesture", TapParams)
async def synthesize_tap_gesture(session: Session, params: TapParams) -> Result:
    """Tap, or click."""
    point = {"x": params.x, "y": params.y}
    for count in range(1, params.tapCount + 1):
        if params.gestureSourceType == "mouse":
            button = {**point, "button": "left", "buttons": None, "clickCount": count, "modifiers": 0}
            await _ask(session, "input.mouse", {**button, "type": "mousePressed"})
            await _ask(session, "input.mouse", {**button, "type": "mouseReleased"})
            continue
        finger = {**point, "id": 0, "radiusX": 1, "radiusY": 1, "rotationAngle": 0, "force": 1}
        await _ask(session, "input.touch", {"type": "touchStart", "points": [finger], "modifiers": 0})
        await _ask(session, "input.touch", {"type": "touchEnd", "points": [], "modifiers": 0})
    return None


class ScrollParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.synthesizeScrollGesture`; distances are of the finger: up is negative in pages that go down."""

    x: float
    y: float
    xDistance: float = 0.0
    yDistance: float = 0.0
    repeatCount: int = 0


@DOMAIN.method("synthesizeScrollGesture", ScrollParams)
async def synthesize_scroll_gesture(session: Session, params: ScrollParams) -> Result:
    """Scroll what is at a point."""
    payload = {"x": params.x, "y": params.y, "xDistance": params.xDistance, "yDistance": params.yDistance}
    for _ in range(params.repeatCount + 1):
        await _ask(session, "input.scrollGesture", payload)
    return None


# -- dragging --------------------------------------------------------------------------------------------------------------


class InterceptParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.setInterceptDrags`."""

    enabled: bool


class DragInterception:
    """Has drags of a page reported to a session instead of performed; holds for documents to come.

    Args:
        session: who asked.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.on = False
        session.page.extra_posts["inspector.dragIntercepted"] = lambda payload, data: self._broadcast(payload)
        session.preparers.append(self._prepare)
        session.closers.append(self._close)

    def _broadcast(self, payload: Any) -> None:
        for session in tuple(self._session.inspector.sessions):
            if session.enabled & {"Input.drags"}:
                session.event("Input.dragIntercepted", {"data": payload["data"]})

    async def _prepare(self, agent: Agent) -> None:
        if self.on:
            await agent.enter("input.interceptDrags", {"on": True})

    def _close(self) -> None:
        others = [other for other in self._session.inspector.sessions if "Input.drags" in other.enabled]
        agent = self._session.page.agent
        if self.on and not others and agent is not None:
            agent.post("input.interceptDrags", {"on": False})


_INTERCEPTIONS: weakref.WeakKeyDictionary[Session, DragInterception] = weakref.WeakKeyDictionary()


@DOMAIN.method("setInterceptDrags", InterceptParams)
async def set_intercept_drags(session: Session, params: InterceptParams) -> Result:
    """Report drags as `Input.dragIntercepted`, to be gone on with by `dispatchDragEvent`."""
    interception = _INTERCEPTIONS.get(session)
    if interception is None:
        interception = _INTERCEPTIONS[session] = DragInterception(session)
    interception.on = params.enabled
    if params.enabled:
        session.enabled.add("Input.drags")
    else:
        session.enabled.discard("Input.drags")
    on = any("Input.drags" in one.enabled for one in session.inspector.sessions)
    return await _ask(session, "input.interceptDrags", {"on": on})


class DragItem(msgspec.Struct, frozen=True, kw_only=True):
    """One format of what is dragged."""

    mimeType: str
    data: str
    title: str = ""
    baseURL: str = ""


class DragData(msgspec.Struct, frozen=True, kw_only=True):
    """What is dragged."""

    items: list[DragItem]
    dragOperationsMask: int
    files: list[str] = []


class DragParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.dispatchDragEvent`."""

    type: Literal["dragEnter", "dragOver", "drop", "dragCancel"]
    x: float
    y: float
    data: DragData
    modifiers: int = 0


@DOMAIN.method("dispatchDragEvent", DragParams)
async def dispatch_drag_event(session: Session, params: DragParams) -> Result:
    """Go on with a drag, or bring one from outside."""
    if params.data.files:
        raise unsupported("dragging files")
    payload = {
        "type": params.type,
        "x": params.x,
        "y": params.y,
        "modifiers": params.modifiers,
        "data": {
            "items": [{"mimeType": item.mimeType, "data": item.data} for item in params.data.items],
            "dragOperationsMask": params.data.dragOperationsMask,
        },
    }
    return await _ask(session, "input.drag", payload)


@DOMAIN.method("cancelDragging", NoParams)
async def cancel_dragging(session: Session, params: NoParams) -> Result:
    """End a drag without a drop."""
    data = {"items": [], "dragOperationsMask": 0}
    payload = {"type": "dragCancel", "x": 0, "y": 0, "modifiers": 0, "data": data}
    return await _ask(session, "input.drag", payload)


class IgnoreParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Input.setIgnoreInputEvents`."""

    ignore: bool


@DOMAIN.method("setIgnoreInputEvents", IgnoreParams)
async def set_ignore_input_events(session: Session, params: IgnoreParams) -> Result:
    """There is no user besides the clients whose events could be ignored."""
    if params.ignore:
        raise unsupported("ignoring input events")
    return None
