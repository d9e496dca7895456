"""What becomes of V8's sessions when a session, a document or a connection ends at an awkward moment; the isolates are stood in for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from sanderling.base.errors import ClosedError
from sanderling.cdp.debugging import BROKEN, SessionDebugger
from sanderling.cdp.errors import CdpError


class FakeIsolate:
    """An agent, and V8's newest session in it."""

    def __init__(self) -> None:
        self.closed = False
        self.opened = asyncio.Event()
        self.may_open = asyncio.Event()
        self.may_open.set()
        self.open = 0
        self.calls: list[str] = []
        self.breaks = False
        self.listeners: list[Callable[[], None]] = []
        self.ended: Callable[[], None] = lambda: None

    def when_closed(self, listener: Callable[[], None]) -> None:
        self.listeners.append(listener)

    def forget_closed(self, listener: Callable[[], None]) -> None:
        self.listeners = [one for one in self.listeners if one is not listener]

    async def inspect(self, listener: Callable[[str, Any], None], ended: Callable[[], None]) -> FakeIsolate:
        self.listener, self.ended = listener, ended
        self.opened.set()
        await self.may_open.wait()
        self.open += 1
        return self

    async def call(self, method: str, params: Any) -> Any:
        self.calls.append(method)
        if self.breaks:
            self.breaks = False
            self.open -= 1
            self.ended()
            raise ClosedError("the document is gone")
        return {}

    def close(self) -> None:
        self.open -= 1
        self.ended()


class FakeSession:
    def __init__(self, *isolates: FakeIsolate) -> None:
        self.isolates = isolates
        self.preparers: list[Callable[[Any], Awaitable[None]]] = []
        self.closers: list[Callable[[], None]] = []
        self.events: list[str] = []

    def agents(self) -> list[Any]:
        return list(self.isolates)

    def event(self, method: str, params: Any) -> None:
        self.events.append(method)


def debugger_of(session: FakeSession) -> SessionDebugger:
    return SessionDebugger(cast("Any", session))


def test_a_session_that_ends_while_a_document_is_prepared_leaves_nothing_open() -> None:
    async def test() -> None:
        first, second = FakeIsolate(), FakeIsolate()
        session = FakeSession(first)
        debugger = debugger_of(session)
        await debugger.enable({})
        second.may_open.clear()
        preparing = asyncio.ensure_future(session.preparers[0](second))
        await second.opened.wait()
        session.closers[0]()
        second.may_open.set()
        await preparing  # the document loads all the same
        assert (first.open, second.open) == (0, 0)
        assert second.calls == []
        assert first.listeners == second.listeners == []

    asyncio.run(test())


def test_v8_gets_what_holds_again_when_its_session_broke() -> None:
    async def test() -> None:
        isolate = FakeIsolate()
        session = FakeSession(isolate)
        debugger = debugger_of(session)
        await debugger.enable({})
        isolate.listener("Debugger.paused", {"callFrames": [{"location": {"scriptId": "1"}}]})
        isolate.breaks = True
        with pytest.raises(CdpError, match=BROKEN):
            await debugger.main("Debugger.pause", {})
        assert session.events == ["Debugger.paused", "Debugger.resumed"], "nobody holds it any more"
        isolate.calls.clear()
        await debugger.main("Debugger.pause", {})
        assert isolate.calls == ["Debugger.enable", "Debugger.setBlackboxPatterns", "Debugger.pause"]
        assert isolate.open == 1

    asyncio.run(test())


def test_a_breakpoint_without_a_document_is_none() -> None:
    async def test() -> None:
        with pytest.raises(ClosedError):
            await debugger_of(FakeSession()).break_by_url({"lineNumber": 1, "url": "https://tide.test/"})

    asyncio.run(test())
