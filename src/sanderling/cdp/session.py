"""One CDP session on a page: what a client switched on, and its commands under way.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from sanderling.base import errors
from sanderling.browser.agent import Agent, Json
from sanderling.browser.page import Page
from sanderling.cdp.debugging import SessionDebugger
from sanderling.cdp.dispatch import Method
from sanderling.cdp.envelope import Envelope, error_message, event_message, read_envelope, result_message
from sanderling.cdp.errors import CdpError, not_found
from sanderling.cdp.ids import MAIN_FRAME, frame_id

if TYPE_CHECKING:
    from sanderling.cdp.contexts import Contexts
    from sanderling.cdp.inspector import PageInspector

_LOG = logging.getLogger("sanderling.cdp")

_SCRIPT_ORDER = itertools.count(1)


class InitScript(msgspec.Struct, frozen=True):
    """A script for every new document."""

    order: int
    source: str
    world: str


ANSWERED: dict[str, Any] = {}
"""What a command returns that was answered already."""


class _Navigating(NamedTuple):
    """A `Page.navigate` that waits for its document."""

    done: asyncio.Future[dict[str, Any]]
    command: int
    outcome: Callable[[str], dict[str, Any]]


class Session:
    """A client's view of a page.

    Args:
        session_id: as the client knows it.
        flat: whether messages carry the id; not on a socket of the page's own.
        inspector: of the page.
        methods: what may be called.
        send: takes whole messages for the client.
        release: called when the client lets a new page run (`Runtime.runIfWaitingForDebugger`), and at the session's end.
    """

    def __init__(
        self,
        session_id: str,
        inspector: PageInspector,
        methods: dict[str, Method],
        send: Callable[[bytes], None],
        release: Callable[[], None],
        *,
        flat: bool,
    ) -> None:
        self.id = session_id
        self.inspector = inspector
        self.enabled: set[str] = set()  # domains
        self.wants_lifecycle = False
        self.scripts: dict[str, InitScript] = {}  # by CDP's identifier
        self.bindings: list[tuple[str, str | None]] = []  # name, and the world they are for; None: all
        self.preparers: list[Callable[[Agent], Awaitable[None]]] = []  # run in each new isolate before any page code
        self.closers: list[Callable[[], None]] = []  # undo what the session set
        self.release = release
        self.debugger = SessionDebugger(self)
        self._methods = methods
        self._send = send
        self._wire_id = session_id if flat else ""
        self._tasks: dict[asyncio.Task[None], int] = {}  # commands under way and their ids
        self._navigations: dict[str, _Navigating] = {}  # Page.navigate that waits, by loader
        self._closed = False

    @property
    def page(self) -> Page:
        """The page."""
        return self.inspector.page

    @property
    def contexts(self) -> Contexts:
        """The execution contexts that it sees."""
        return self.inspector.contexts

    @property
    def kept(self) -> list[tuple[str, dict[str, Any]]]:
        """Console calls and exceptions that `Runtime.enable` tells again."""
        return self.inspector.kept

    def agents(self) -> list[Agent]:
        """Give the isolates behind it."""
        return self.page.agents()

    def runtime_enabled(self) -> None:
        """`Runtime.enable` has told everything of the present."""

    # -- out ---------------------------------------------------------------------------------------------------------------

    def event(self, method: str, params: dict[str, Any]) -> None:
        """Send an event."""
        if not self._closed:
            self._send(event_message(method, params, self._wire_id))

    def lifecycle(self, number: int, name: str, timestamp: float) -> None:
        """Send `Page.lifecycleEvent` of a frame's current document."""
        self.event(
            "Page.lifecycleEvent",
            {
                "frameId": frame_id(self.page.id, number),
                "loaderId": self.inspector.frames.loader(number),
                "name": name,
                "timestamp": timestamp,
            },
        )

    # -- in ----------------------------------------------------------------------------------------------------------------

    def receive(self, data: bytes) -> None:
        """Start a command. Commands start in order, and end as they can."""
        try:
            envelope = read_envelope(data)
        except CdpError as error:
            self._send(error_message(None, error, self._wire_id))
            return
        task = asyncio.get_running_loop().create_task(self._perform(envelope))
        self._tasks[task] = envelope.id
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    async def _perform(self, envelope: Envelope) -> None:
        try:
            method = self._methods.get(envelope.method)
            if method is None:
                raise not_found(envelope.method)
            result = await method.call(self, bytes(envelope.params))
        except CdpError as error:
            self._answer_error(envelope.id, error)
        except (errors.ClosedError, errors.NavigationError):
            self._answer_error(envelope.id, CdpError("Inspected target navigated or closed"))
        except errors.PageCrashedError as error:
            self._answer_error(envelope.id, CdpError(f"Target crashed: {error}"))
        except errors.SanderlingError as error:
            self._answer_error(envelope.id, CdpError(str(error)))
        except Exception as error:
            _LOG.exception("%s failed", envelope.method)
            self._answer_error(envelope.id, CdpError(f"Internal error: {error!r}", code=-32603))
        else:
            if result is not ANSWERED:
                self._answer(envelope.id, result or {})

    def _answer(self, number: int, result: Mapping[str, Any]) -> None:
        if not self._closed:
            self._send(result_message(number, result, self._wire_id))

    def _answer_error(self, number: int, error: CdpError) -> None:
        if not self._closed:
            self._send(error_message(number, error, self._wire_id))

    # -- documents ---------------------------------------------------------------------------------------------------------

    async def prepare(self, agent: Agent) -> None:
        """Apply to a new document what this session emulates."""
        for prepare in tuple(self.preparers):
            await prepare(agent)

    def wait_document(
        self, loader: str, command: int, outcome: Callable[[str], dict[str, Any]]
    ) -> asyncio.Future[dict[str, Any]]:
        """Give a future for the moment when the response of a navigation is there, or its document if it needs none.

        Args:
            loader: of the navigation.
            command: the command that navigated, `command_id`.
            outcome: gives its result from the error that the navigation ended with, or an empty text.

        Returns:
            What the command returns.
        """
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._navigations[loader] = _Navigating(future, command, outcome)
        return future

    def command_id(self) -> int:
        """Give the id of the command that is being done by the current task."""
        task = asyncio.current_task()
        assert task is not None
        return self._tasks[task]

    def document_begins(self, loader: str) -> None:
        """The head of a document's response came, or it is committed: answer who navigated there.

        The answer is sent here and now, so that it precedes the events of the commit, which clients wait for from then on.
        """
        waiting = self._navigations.pop(loader, None)
        if waiting is not None and not waiting.done.done():
            self._answer(waiting.command, waiting.outcome(""))
            waiting.done.set_result(ANSWERED)

    def document_failed(self, loader: str, code: str) -> None:
        """A navigation ended without a document of its own: answer who navigated there."""
        waiting = self._navigations.pop(loader, None)
        if waiting is not None and not waiting.done.done():
            waiting.done.set_result(waiting.outcome(code))

    def documents_aborted(self, frame: str) -> None:
        """A child frame goes, or to another document: answer who navigated it."""
        for loader in [known for known in self._navigations if known.startswith(f"{frame}-loader-")]:
            self.document_failed(loader, "net::ERR_ABORTED")

    def add_script(self, source: str, world: str) -> str:
        """Have a script run in every new document; gives its identifier."""
        order = next(_SCRIPT_ORDER)
        self.scripts[str(order)] = InitScript(order, source, world)
        return str(order)

    # -- entries of the document -------------------------------------------------------------------------------------------

    async def ask(self, kind: str, payload: dict[str, Any], *, frame: int = MAIN_FRAME) -> Json:
        """Enter the isolate of a frame's document; `failure` in the answer becomes an error.

        Raises:
            CdpError: it was refused.
        """
        return checked(await self.page.call(kind, payload, frame=frame))

    async def ask_later(self, kind: str, payload: dict[str, Any], *, frame: int = MAIN_FRAME) -> Json:
        """Like `ask`, for entries that may answer later."""
        return checked(await self.page.call_later(kind, payload, frame=frame))

    async def everywhere(self, kind: str, payload: dict[str, Any]) -> None:
        """Enter every document that is there. One that goes meanwhile needs it no more: the next one gets it at its beginning."""
        for agent in self.agents():
            while True:
                try:
                    await agent.enter(kind, payload)
                except errors.ClosedError:
                    if not agent.closed:
                        if not agent.leaving:
                            raise
                        await self.page.calls.next_document()  # it may be that it stays
                        continue
                break

    # -- end ---------------------------------------------------------------------------------------------------------------

    def close(self, *, answer: bool = True) -> None:
        """End the session: what it set ends with it.

        Args:
            answer: fail pending commands here. The hub does that when the page is gone: after its clients know of it.
        """
        if self._closed:
            return
        for task, number in tuple(self._tasks.items()):
            task.cancel()
            if not answer:
                continue
            self._answer_error(number, CdpError("Inspected target navigated or closed"))
        self._tasks.clear()
        self._closed = True
        self.enabled.clear()
        if self in self.inspector.sessions:
            self.inspector.sessions.remove(self)
        for undo in reversed(self.closers):
            undo()
        self.closers.clear()
        if not self.page.closed:
            self.inspector.watch_dialogs()
            self.inspector.standing_changed()
        self.release()


def checked(outcome: Json) -> Json:
    """Give an entry's answer, or raise what it refuses.

    Raises:
        CdpError: the answer is a refusal.
    """
    if outcome is not None and outcome.get("failure") is not None:
        raise CdpError(outcome["failure"])
    return outcome
