"""What page events give to listeners, under Playwright's names.

Thread: any.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from sanderling.base.errors import JavaScriptError

EventName: TypeAlias = Literal[
    "console", "pageerror", "request", "response", "requestfinished", "requestfailed", "close", "crash", "dialog", "popup",
    "domcontentloaded", "load", "framenavigated",
]  # fmt: skip


class ConsoleMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A console message."""

    type: str
    text: str
    url: str
    line: int


class RequestEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A request of the page."""

    id: int
    url: str
    method: str = ""
    resource_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    failure: str = ""
    """``net::ERR_*`` for `requestfailed`."""


class ResponseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A response head of the page."""

    request: int
    url: str
    status: int
    status_text: str
    headers: tuple[tuple[str, str], ...]


class DialogEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A dialog; it has been dismissed already."""

    type: str
    message: str
    default_value: str


def translate(event: dict[str, Any]) -> tuple[EventName, Any] | None:
    """Turn an event of the browser layer into a name and what its listeners get; None for what has no name here."""
    kind = event["event"]
    if kind == "console":
        record = event["record"]
        return "console", ConsoleMessage(
            type=record["type"], text=record["text"], url=record["url"], line=record["line"]
        )
    if kind == "scriptfailed":
        record = event["record"]
        return "pageerror", JavaScriptError(record["name"], record["message"], stack=record["stack"])
    if kind == "requeststarted":
        return "request", RequestEvent(
            id=event["request"],
            url=event["url"],
            method=event["method"],
            resource_type=event["type"],
            headers=tuple((name, value) for name, value in event["headers"]),
        )
    if kind == "responsereceived":
        return "response", ResponseEvent(
            request=event["request"],
            url=event["url"],
            status=event["status"],
            status_text=event["reason"],
            headers=tuple((name, value) for name, value in event["headers"]),
        )
    if kind == "requestfinished":
        return "requestfinished", RequestEvent(id=event["request"], url="")
    if kind == "requestfailed":
        return "requestfailed", RequestEvent(id=event["request"], url=event["url"], failure=event["code"])
    if kind == "lifecycle" and event["frame"] == 1 and event["name"] in ("domcontentloaded", "load"):
        return event["name"], None
    if kind == "framenavigated" and event["frame"] == 1:
        return "framenavigated", event["url"]
    if kind == "dialog":
        return "dialog", DialogEvent(type=event["type"], message=event["message"], default_value=event["default"])
    if kind == "popup":
        return "popup", event["url"]
    if kind == "crashed":
        return "crash", event["reason"]
    if kind == "closed":
        return "close", None
    return None
