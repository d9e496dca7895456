"""What a session has of V8's own inspector, where the isolates have it (`serve --debugger`): Debugger, Profiler and HeapProfiler.

A session opens one of V8's own in each isolate of its page, when it first needs it. What it sets there is set again in the isolates of later documents,
before any of their code runs. V8 numbers scripts by isolate, so clients see numbers of ours; scripts of the platform itself they do not see.
Objects that V8 itself has named, whose ids begin with its number of the isolate, go back to it.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import ClosedError
from sanderling.cdp.contexts import OBJECT_MARK
from sanderling.cdp.errors import CdpError
from sanderling.js.errors import NotEnteredError
from sanderling.js.inspector import InspectorError

if TYPE_CHECKING:
    from sanderling.browser.agent import Agent, Json
    from sanderling.cdp.session import Session
    from sanderling.js.inspector import InspectorSession

_LOG = logging.getLogger("sanderling.cdp")

SCRIPTS_OF_AN_ISOLATE = 1_000_000
"""Script ids of clients are V8's, plus this many for each isolate before."""

OWN_SCRIPTS = ("sanderling:web", "ext:", "<")
"""How the names of the platform's own scripts begin, and the engine's."""

_BLACKBOX = "^(?:sanderling:web|ext:|<)"

NOT_PAUSED = "Can only perform operation while paused."

BROKEN = "V8's inspector ended the session; the next command begins another one"

TOO_LATE = "Runtime.terminateExecution needs Debugger.enable before it: V8's inspector takes no new session while a page computes"

STEPS_TO_PAUSE = 500
"""Of the platform's own code are gone through, after `Debugger.pause`, in search of the page's. About 50 lie before what is evaluated; without
an end, work of the platform alone (`DOM.getDocument`) would be gone through step by step."""

ENABLE = ("Debugger.enable", "Profiler.enable", "HeapProfiler.enable")


class _Link:
    """A session of V8's in one isolate.

    Args:
        number: of the isolate, from 0.
        agent: the isolate.
    """

    def __init__(self, number: int, agent: Agent) -> None:
        self.agent = agent
        self.base = number * SCRIPTS_OF_AN_ISOLATE
        self.session: InspectorSession | None = None
        self.own: set[str] = set()  # ids of scripts that clients do not see
        self.mark = ""  # what V8's ids of objects and call frames of this isolate begin with
        self.paused = False
        self.steps_to_pause = 0  # it is to be paused as soon as code of the page's runs
        self.silent = False  # it was paused where clients see nothing, and goes on

    async def call(self, method: str, params: Json) -> Json:
        if method == "Debugger.pause":
            self.steps_to_pause = STEPS_TO_PAUSE
        assert self.session is not None
        try:
            return self.outward(await self.session.call(method, self.inward(params)))
        except InspectorError as error:
            raise CdpError(error.message, code=error.code, data=error.data) from None
        except ClosedError:
            if self.agent.closed:
                raise
            raise CdpError(BROKEN) from None

    def has_script(self, script_id: str) -> bool:
        return script_id.isdigit() and self.base <= int(script_id) < self.base + SCRIPTS_OF_AN_ISOLATE

    def inward(self, value: Json) -> Json:
        """Put V8's own script ids in."""
        if isinstance(value, list):
            return [self.inward(one) for one in value]
        if not isinstance(value, dict):
            return value
        out: dict[str, Any] = {}
        for name, one in value.items():
            if name == "value":
                out[name] = one  # of a `CallArgument`: what is in it means nothing to us
            elif name == "scriptId" and isinstance(one, str) and self.has_script(one):
                out[name] = str(int(one) - self.base)
            else:
                out[name] = self.inward(one)
        return out

    def outward(self, value: Json) -> Json:
        """Put the clients' script ids in, and leave out what is not theirs to see."""
        if isinstance(value, list):
            return [self.outward(one) for one in value]
        if not isinstance(value, dict):
            return value
        out: dict[str, Any] = {}
        for name, one in value.items():
            if name == "value" and "type" in value:
                out[name] = one  # of a `RemoteObject`: it is the page's
            elif name == "scriptId":
                out[name] = one if one == "0" or not one.isdigit() else str(int(one) + self.base)
            elif name == "callFrames":
                out[name] = [self.outward(frame) for frame in one if self._script_of(frame) not in self.own]
            else:
                if name in ("objectId", "callFrameId"):
                    self.mark = one.partition(".")[0]
                out[name] = self.outward(one)
        return out

    @staticmethod
    def _script_of(frame: Json) -> str:
        return str(frame["location"]["scriptId"] if "location" in frame else frame.get("scriptId", ""))


class SessionDebugger:
    """What one session does with V8's inspector.

    Args:
        session: of the client.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._links: dict[Agent, _Link] = {}
        self._opening: weakref.WeakKeyDictionary[Agent, asyncio.Lock] = weakref.WeakKeyDictionary()
        self._broken: weakref.WeakSet[Agent] = weakref.WeakSet()  # whose session of V8's ended before they did
        self._made = 0
        self._standing: dict[str, Json] = {}  # parameters, by methods that hold for later documents
        self._breakpoints: dict[
            str, Json
        ] = {}  # of `setBreakpointByUrl`, by V8's id, which does not depend on the isolate
        self._wired = False
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def available(self) -> bool:
        """Whether the isolates have V8's inspector."""
        return self._session.page.context.browser.engine.inspected

    # -- isolates ----------------------------------------------------------------------------------------------------------

    async def _link(self, agent: Agent) -> _Link:
        self._wire()
        async with self._opening.setdefault(agent, asyncio.Lock()):
            link = self._links.get(agent)
            if link is None:
                link = await self._open(agent)
                if agent in self._broken:
                    self._broken.discard(agent)
                    await self._set_again(link)
            return link

    async def _open(self, agent: Agent) -> _Link:
        link = _Link(self._made, agent)
        self._made += 1

        def gone() -> None:
            self._gone(link)

        def ended() -> None:
            agent.forget_closed(gone)
            self._gone(link)

        link.session = await agent.inspect(lambda method, params: self._happened(link, method, params), ended)
        if self._closed:  # nobody would end it: documents are prepared in tasks of their own
            link.session.close()
            raise ClosedError("the session is closed")
        self._links[agent] = link
        agent.when_closed(gone)
        return link

    def _wire(self) -> None:
        if not self._wired:
            self._wired = True
            self._session.preparers.append(self._prepare)
            self._session.closers.append(self.close)

    def _gone(self, link: _Link) -> None:
        """The isolate ended, or V8's session in it."""
        if self._links.get(link.agent) is link:
            del self._links[link.agent]
            if not link.agent.closed:
                self._broken.add(link.agent)
            if link.paused:
                self._session.event("Debugger.resumed", {})

    async def _prepare(self, agent: Agent) -> None:
        """Set in a new isolate what holds for every document."""
        if not self._standing:
            return
        try:
            await self._set_again(await self._link(agent))
        except ClosedError:
            if agent.closed:
                raise
            return  # the session ended meanwhile

    async def _set_again(self, link: _Link) -> None:
        commands = [(name, self._standing[name]) for name in ENABLE if name in self._standing]
        commands += [(name, params) for name, params in self._standing.items() if name not in ENABLE]
        commands += [("Debugger.setBreakpointByUrl", params) for params in self._breakpoints.values()]
        for method, params in commands:
            try:
                await link.call(method, params)
            except CdpError as error:  # the document loads all the same
                _LOG.warning("%s was not set again in a new document: %s", method, error.message)

    async def _main(self) -> _Link:
        agents = self._session.agents()
        if not agents:
            raise CdpError("the page has no document")
        return await self._link(agents[0])

    async def _everywhere(self, method: str, params: Json) -> list[Json]:
        """Call it in every isolate; the main document's answer comes first."""
        out = []
        for agent in self._session.agents():
            try:
                out.append(await (await self._link(agent)).call(method, params))
            except (ClosedError, NotEnteredError):
                continue  # the next document gets it at its beginning
        return out or [{}]

    # -- commands ----------------------------------------------------------------------------------------------------------

    async def set(self, method: str, params: Json) -> Json:
        """Run a command that holds for later documents, too."""
        self._wire()
        before = self._standing.get(method)
        self._standing[method] = params
        try:
            return (await self._everywhere(method, params))[0]
        except CdpError:
            if before is not None:
                self._standing[method] = before
            else:
                self._standing.pop(method, None)
            raise

    async def unset(self, method: str, *undone: str) -> Json:
        """Run a command that ends what others set."""
        for one in undone:
            for name in [
                known for known in self._standing if known == one or (one[-1] == "." and known.startswith(one))
            ]:
                del self._standing[name]
        if "Debugger." in undone:
            self._breakpoints.clear()
        return (await self._everywhere(method, {}))[0]

    async def blackbox(self, params: Json) -> Json:
        """Say where not to pause: never in the platform's own scripts."""
        return await self.set(
            "Debugger.setBlackboxPatterns", {**params, "patterns": [*params.get("patterns", ()), _BLACKBOX]}
        )

    async def enable(self, params: Json) -> Json:
        """Run `Debugger.enable`."""
        self._standing.setdefault("Debugger.setBlackboxPatterns", {"patterns": [_BLACKBOX]})
        answer = await self.set("Debugger.enable", params)
        await self._everywhere("Debugger.setBlackboxPatterns", self._standing["Debugger.setBlackboxPatterns"])
        return answer

    async def everywhere(self, method: str, params: Json) -> Json:
        """Run a command in every isolate of the page."""
        return (await self._everywhere(method, params))[0]

    async def main(self, method: str, params: Json) -> Json:
        """Run a command in the main document's isolate."""
        return await (await self._main()).call(method, params)

    async def break_by_url(self, params: Json) -> Json:
        """Set a breakpoint in every script of that address, also of later documents."""
        answers = await self._everywhere("Debugger.setBreakpointByUrl", params)
        answer = answers[0]
        if "breakpointId" not in answer:
            raise ClosedError("the document is gone")  # only V8 can say what the id is
        self._breakpoints[answer["breakpointId"]] = params
        return {**answer, "locations": [place for one in answers for place in one.get("locations", ())]}

    async def remove_breakpoint(self, params: Json) -> Json:
        """Remove one, wherever it was set."""
        self._breakpoints.pop(params.get("breakpointId", ""), None)
        return (await self._everywhere("Debugger.removeBreakpoint", params))[0]

    async def by_script(self, method: str, params: Json) -> Json:
        """Run a command about a script."""
        named = params.get("scriptId") or next(
            (one["scriptId"] for one in params.values() if isinstance(one, dict) and "scriptId" in one), ""
        )
        for link in tuple(self._links.values()):
            if link.has_script(str(named)):
                return await link.call(method, params)
        raise CdpError("No script for id: " + str(named))

    async def paused(self, method: str, params: Json) -> Json:
        """Run a command about the page that is held."""
        mark = str(params.get("callFrameId", "")).partition(".")[0]
        for link in tuple(self._links.values()):
            if link.paused and mark in ("", link.mark):
                return await link.call(method, params)
        raise CdpError(NOT_PAUSED)

    async def object(self, method: str, object_id: str, params: Callable[[], Json]) -> Json | None:
        """Run a command of the Runtime domain about an object that V8 has named; None for one of ours.

        Raises:
            CdpError: it was refused, or the object's isolate is gone.
        """
        mark, _, rest = object_id.partition(".")
        if mark == OBJECT_MARK or rest.count(".") != 1:
            return None
        for link in tuple(self._links.values()):
            if link.mark == mark:
                return await link.call(method, params())
        raise CdpError("Cannot find context with specified id")

    async def release_group(self, group: str) -> None:
        """Let go of the objects of a group that V8 has named."""
        for link in tuple(self._links.values()):
            await _quietly(link.call("Runtime.releaseObjectGroup", {"objectGroup": group}))

    async def coverage(self, method: str) -> Json:
        """Take the coverage of every isolate of the page, without that of the platform's own scripts."""
        answers: list[tuple[_Link, Json]] = []
        for agent in self._session.agents():
            try:
                link = await self._link(agent)
                answers.append((link, await link.call(method, {})))
            except (ClosedError, NotEnteredError):
                continue  # a frame that went has nothing more to tell
        scripts = [
            script for _, answer in answers for script in answer["result"] if not script["url"].startswith(OWN_SCRIPTS)
        ]
        for script in scripts:
            if script["url"].startswith("sanderling:"):
                script["url"] = ""
        return (
            {**answers[0][1], "result": scripts}
            if answers
            else {"result": [], "timestamp": self._session.inspector.now()}
        )

    async def terminate(self) -> None:
        """End what the page computes; the page lives on.

        Raises:
            CdpError: no session of V8's is open, and while it computes none can be opened.
        """
        links = tuple(self._links.values())
        if not links:
            raise CdpError(TOO_LATE)
        for link in links:
            try:
                await link.call("Runtime.terminateExecution", {})
            except ClosedError:
                continue  # nothing computes there any more

    # -- events ------------------------------------------------------------------------------------------------------------

    def _happened(self, link: _Link, method: str, params: Json) -> None:
        if method in ("Debugger.scriptParsed", "Debugger.scriptFailedToParse"):
            if params["url"].startswith(OWN_SCRIPTS):
                link.own.add(params["scriptId"])
                return
            if params["url"].startswith("sanderling:"):
                params["url"] = ""  # what clients evaluate has no address
            params |= self._session.inspector.main_context(link.agent)
        elif method == "Debugger.resumed":
            link.paused = False
            if link.silent:
                link.silent = False
                return
        elif not method.startswith(("Debugger.", "HeapProfiler.")):
            return
        told = link.outward(params)
        if method == "Debugger.paused":
            link.silent = not told["callFrames"]  # nothing of the page's is there to be shown
            if link.silent:
                link.steps_to_pause = max(0, link.steps_to_pause - 1)
                go_on = "Debugger.stepInto" if link.steps_to_pause else "Debugger.resume"
                task = asyncio.get_running_loop().create_task(_quietly(link.call(go_on, {})))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
                return
            link.paused = True
            link.steps_to_pause = 0
        self._session.event(method, told)

    def close(self) -> None:
        """End it with its session: V8 undoes what was set, and lets go of what it held."""
        self._closed = True
        links = tuple(self._links.values())
        self._links.clear()
        for link in links:
            if link.session is not None:
                link.session.close()


async def _quietly(work: Awaitable[Any]) -> None:
    try:
        await work
    except (CdpError, ClosedError):
        return
