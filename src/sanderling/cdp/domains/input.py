"""The Input domain: what a user does with mouse, keys and fingers. The answer comes after the page's handlers ran.

Thread: worker.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import msgspec

from sanderling.base.errors import ClosedError, NavigationError
from sanderling.browser.agent import Agent
from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.errors import invalid_params, unsupported
from sanderling.cdp.ids import MAIN_FRAME
from sanderling.cdp.session import Session

DOMAIN = Domain("Input", events=("dragIntercepted",))

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


class MouseParams(Params, frozen=True, kw_only=True):
    """Of `Input.dispatchMouseEvent`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("timestamp",)

    type: Literal["mousePressed", "mouseReleased", "mouseMoved", "mouseWheel"]
    x: float
    y: float
    modifiers: int = 0
    button: MouseButton = "none"
    buttons: int | None = None
    clickCount: int = 0
    deltaX: float | None = None
    deltaY: float | None = None
    timestamp: float | None = None
    force: float | None = None
    tangentialPressure: float = 0
    tiltX: float = 0
    tiltY: float = 0
    twist: int = 0
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
        "pen": {
            "pressure": params.force,
            "tangentialPressure": params.tangentialPressure,
            "tiltX": params.tiltX,
            "tiltY": params.tiltY,
            "twist": params.twist,
        },
    }
    return await _ask(session, "input.mouse", payload)


class KeyParams(Params, frozen=True, kw_only=True):
    """Of `Input.dispatchKeyEvent`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("timestamp",)
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "unmodifiedText": "it serves the shortcuts of browser windows",
        "keyIdentifier": "no event has such a member any more",
        "nativeVirtualKeyCode": "it serves the shortcuts of browser windows",
        "isSystemKey": "it serves the shortcuts of browser windows",
    }

    type: Literal["keyDown", "keyUp", "rawKeyDown", "char"]
    modifiers: int = 0
    text: str = ""
    unmodifiedText: str = ""
    timestamp: float | None = None
    keyIdentifier: str = ""
    nativeVirtualKeyCode: int = 0
    isSystemKey: bool = False
    code: str = ""
    key: str = ""
    windowsVirtualKeyCode: int = 0
    autoRepeat: bool = False
    isKeypad: bool = False
    location: int = 0
    commands: tuple[str, ...] = ()


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


class TouchParams(Params, frozen=True, kw_only=True):
    """Of `Input.dispatchTouchEvent`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("timestamp",)

    type: Literal["touchStart", "touchEnd", "touchMove", "touchCancel"]
    touchPoints: list[TouchPoint]
    modifiers: int = 0
    timestamp: float | None = None


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


class TapParams(Params, frozen=True, kw_only=True):
    """Of `Input.synthesizeTapGesture`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"duration": "gestures are done at once"}

    x: float
    y: float
    tapCount: int = 1
    duration: int = 50
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


class ScrollParams(Params, frozen=True, kw_only=True):
    """Of `Input.synthesizeScrollGesture`; distances are of the finger: up is negative in pages that go down."""

    REFUSED: ClassVar[tuple[str, ...]] = (
        "xOverscroll",
        "yOverscroll",
        "interactionMarkerName",
    )
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "preventFling": "nothing goes on after a gesture",
        "speed": "gestures are done at once",
        "repeatDelayMs": "gestures are done at once",
        "gestureSourceType": "pages see only that they are scrolled",
    }

    x: float
    y: float
    xDistance: float = 0.0
    yDistance: float = 0.0
    repeatCount: int = 0
    xOverscroll: float = 0.0
    yOverscroll: float = 0.0
    preventFling: bool = True
    speed: int = 800
    gestureSourceType: str = "default"
    repeatDelayMs: int = 250
    interactionMarkerName: str = ""


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


class DragItem(Params, frozen=True, kw_only=True):
    """One format of what is dragged."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "title": "pages see no titles of dragged links",
        "baseURL": "pages see no base URLs of dragged markup",
    }

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
