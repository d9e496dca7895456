"""Objects of windows of the same origin in different isolates of one context: who may reach whose, and what must not wait for what.

Page code names an object by its window and a number (`web/html/window_objects.js`); an operation on it is an entry of the isolate that has it,
while the code that asked waits. Code that waits and is called back by the code it waits for does what it is asked in its wait.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import ClosedError, SanderlingError
from sanderling.browser.agent import Agent, Json
from sanderling.js.errors import NotEnteredError

if TYPE_CHECKING:
    from sanderling.browser.context import Context
    from sanderling.browser.page import Page


def is_same_origin(asking: Page, asking_frame: int, page: Page, frame: int) -> bool:
    """Tell whether the documents of two frames are of the same origin; an opaque one is that of a blank popup and its opener only."""
    own, other = asking.frames.get(asking_frame), page.frames.get(frame)
    if own is None or other is None:
        return False
    if own.origin != "null" or other.origin != "null":
        return own.origin == other.origin
    return any(
        opened.opener_window == (opener.id, number) and opened.frames[1].url == "about:blank" and shown == 1
        for opened, shown, opener, number in ((page, frame, asking, asking_frame), (asking, asking_frame, page, frame))
    )


class _Call:
    """An operation that code which waits is to carry out itself."""

    def __init__(self, payload: Json) -> None:
        self.payload = payload
        self.answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()


class _Wait:
    """Code of an isolate waits for another isolate."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.targets: Sequence[Agent] = ()  # all of whose turn it is
        self.work: asyncio.Task[Json]  # what it asked for
        self.calls: deque[_Call] = deque()  # what it has to carry out before that
        self.called = asyncio.Event()  # set while there are any

    def begin(self, work: Coroutine[Any, Any, Json]) -> None:
        """Do what it asked for."""
        self.work = asyncio.get_running_loop().create_task(work)
        # Where the code ends meanwhile, nobody looks at how its question did.
        self.work.add_done_callback(lambda done: done.cancelled() or done.exception())


class WindowObjects:
    """What windows of one context do with each other's objects."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waits: dict[Agent, list[_Wait]] = {}  # what the code of an isolate waits for, the innermost last
        self._suspended: dict[int, _Wait] = {}  # those that carry out a call back meanwhile, by number
        self._last_wait = 0
        self._watched: set[Agent] = set()  # whose end is told here

    async def reach(self, asking: Page, agent: Agent | None, payload: Json) -> tuple[Json, bytes | None]:
        """`window.reach`: carry out an operation on an object of another window."""
        if agent is None:
            return _refused("InvalidStateError", "The window has no document any more."), None
        wait = _Wait(agent)
        wait.begin(self._reached(asking, wait, payload))
        return await self._wait(wait), None

    async def _reached(self, asking: Page, wait: _Wait, payload: Json) -> Json:
        page = asking if payload["page"] == "" else self._context.pages.get(payload["page"])
        if page is not None:
            await self._context.windows.released(page)
        while True:
            if page is None or page.closing or page.closed:
                return _refused("InvalidStateError", "The window is closed.")
            if not is_same_origin(asking, payload["from"], page, payload["frame"]):
                return _refused("SecurityError", "Blocked a frame from accessing a cross-origin frame.")
            target = page.agent_of(payload["frame"])
            if target is None:
                return _refused("InvalidStateError", "The window has no document any more.")
            wait.targets = (target,)
            try:
                return await self._carried_out(wait.agent, target, payload)
            except NotEnteredError:
                # Its document is being left: the window is that of the next one.
                if target is not page.agent or page.closed:
                    return _refused("InvalidStateError", "The window got another document.")
                wait.targets = page.agents()  # what is left of the page may ask something before
                await page.calls.next_document()
            except ClosedError:
                return _refused("InvalidStateError", "The window got another document.")
            except SanderlingError as error:
                return _refused("InvalidStateError", f"The code of the window failed: {error}.")

    async def _carried_out(self, agent: Agent, target: Agent, payload: Json) -> Json:
        if not self._waits_for(target, agent):
            return await target.enter("window.reached", payload)
        # A call back: code that waits for the asking isolate can be entered by nobody; it does this itself, and goes on to wait.
        call = _Call(payload)
        wait = self._waits[target][-1]
        wait.calls.append(call)
        wait.called.set()
        self._watch(target)
        return await call.answer

    def _waits_for(self, one: Agent, other: Agent) -> bool:
        passed = {one}  # two may wait for each other until the first of them looks what it is called for
        pending = [one]
        while pending:
            waits = self._waits.get(pending.pop())
            for target in waits[-1].targets if waits else ():
                if target is other:
                    return True
                if target not in passed:
                    passed.add(target)
                    pending.append(target)
        return False

    async def _wait(self, wait: _Wait) -> Json:
        """Wait for what an isolate asked; or give what it is to carry out before (`resume` follows)."""
        waits = self._waits.setdefault(wait.agent, [])
        waits.append(wait)
        called = asyncio.get_running_loop().create_task(wait.called.wait())
        try:
            await asyncio.wait((wait.work, called), return_when=asyncio.FIRST_COMPLETED)
        finally:
            called.cancel()
            waits.remove(wait)
            if not waits:
                del self._waits[wait.agent]
        if not wait.calls:
            return await wait.work
        self._last_wait += 1
        self._suspended[self._last_wait] = wait
        return {"nested": wait.calls[0].payload, "wait": self._last_wait}

    async def resume(self, payload: Json) -> tuple[Json, bytes | None]:
        """`window.resume`: a call back was carried out; the isolate waits again for what it had asked."""
        wait = self._suspended.pop(payload["wait"])
        # Code that was at the end of its stack has not come so far: what it should have gone on to wait for, nobody does.
        for number in [
            number for number, one in self._suspended.items() if one.agent is wait.agent and number > payload["wait"]
        ]:
            self._refuse_calls(self._suspended.pop(number))
        call = wait.calls.popleft()
        if not wait.calls:
            wait.called.clear()
        if not call.answer.done():
            call.answer.set_result(payload["answer"])
        return await self._wait(wait), None

    def _watch(self, agent: Agent) -> None:
        """See that nobody waits for an isolate that ends."""
        if agent not in self._watched:
            self._watched.add(agent)
            agent.when_closed(lambda: self._ended(agent))

    def _ended(self, agent: Agent) -> None:
        self._watched.discard(agent)
        gone = [number for number, wait in self._suspended.items() if wait.agent is agent]
        waits = [*self._waits.get(agent, ()), *(self._suspended.pop(number) for number in gone)]
        for wait in waits:
            self._refuse_calls(wait)

    @staticmethod
    def _refuse_calls(wait: _Wait) -> None:
        for call in wait.calls:
            if not call.answer.done():
                call.answer.set_result(_refused("InvalidStateError", "The code of the window did not answer."))

    def settle(self, payload: Json) -> None:
        """`window.settle`: a promise that another window waits for was settled."""
        page = self._context.pages.get(payload["page"])
        target = None if page is None or page.closed else page.agent_of(payload["frame"])
        if target is not None:
            target.post("window.settled", payload)


def _refused(name: str, words: str) -> Json:
    return {"name": name, "refused": words}
