"""What the documents of a page are told when those go who watch their style sheets; the documents are stood in for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from sanderling.cdp.style_sheets import StyleSheets


class FakeDocument:
    closed = False

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.listeners: list[Callable[[], None]] = []

    async def enter(self, kind: str, payload: Any) -> Any:
        self.post(kind, payload)
        return {"headers": []}

    def post(self, kind: str, payload: Any) -> None:
        self.told.append((kind, payload))

    def when_closed(self, listener: Callable[[], None]) -> None:
        self.listeners.append(listener)


class FakeSession:
    id = "S1"

    def __init__(self, document: FakeDocument) -> None:
        self.document = document
        self.enabled: set[str] = set()
        self.closers: list[Callable[[], None]] = []

    def agents(self) -> list[Any]:
        return [self.document]

    async def everywhere(self, kind: str, payload: Any) -> None:
        await self.document.enter(kind, payload)


class FakeInspector:
    def __init__(self) -> None:
        self.page = SimpleNamespace(extra_posts={}, preparers=[])
        self.sessions: list[Any] = []


def test_documents_look_for_used_rules_no_longer_than_somebody_asks() -> None:
    async def test() -> None:
        inspector, document = FakeInspector(), FakeDocument()
        session = FakeSession(document)
        sheets = StyleSheets(cast("Any", inspector))
        await sheets.track(cast("Any", session), on=True)
        for undo in session.closers:
            undo()
        assert document.told == [("css.track", {"session": "S1", "on": on}) for on in (True, False)]

    asyncio.run(test())


def test_documents_that_are_gone_are_forgotten() -> None:
    async def test() -> None:
        inspector, document = FakeInspector(), FakeDocument()
        sheets = StyleSheets(cast("Any", inspector))
        await sheets.enable(cast("Any", FakeSession(document)))
        assert len(sheets._agents) == 1
        for listener in document.listeners:
            listener()
        assert sheets._agents == {}

    asyncio.run(test())
