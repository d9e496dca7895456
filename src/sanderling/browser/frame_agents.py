"""Frames of other origins: each has an agent (an isolate) of its own, with the same-origin frames in it.

The isolate that holds the frame's element drives its navigations (`web/html/frames.js`) and asks for the document; where the
response turns out to be of another origin, the document is committed here, and the element's isolate is told. The frame's own
navigations come back the same way, so that a frame which returns to its parent's origin returns to its isolate.

Thread: worker.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import ClosedError, NetworkError, PageCrashedError
from sanderling.browser import hub as events
from sanderling.browser.agent import Agent, Json
from sanderling.browser.agent_network import AgentNetwork
from sanderling.browser.document_source import DocumentSource
from sanderling.browser.frame import Frame
from sanderling.browser.navigation_entries import activation_of, copy_named
from sanderling.browser.navigation_request import ERROR_URL
from sanderling.browser.page_calls import DocumentReplacedError
from sanderling.browser.page_modules import PageModules
from sanderling.browser.page_posts import PagePosts
from sanderling.browser.parser import parse_document
from sanderling.browser.preloads import links_of
from sanderling.browser.pure_csp import ancestor_violations, forbids_ancestors, policies_of
from sanderling.browser.session_history import EntryState, HistoryEntry
from sanderling.proto import frame_options
from sanderling.proto import url as urls
from sanderling.proto.headers import Headers
from sanderling.proto.referrer import policy_from_headers

if TYPE_CHECKING:
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser")

MAX_FRAME_AGENTS = 30
"""Isolates that the frames of one page may have beside its own; each costs 5 to 13 MB and two threads."""


class FrameAgent(msgspec.Struct):
    """What a frame of another origin lives in."""

    agent: Agent
    network: AgentNetwork
    modules: PageModules


class FrameAgents:
    """The frame agents of one page, by the number of the frame that is the root in its isolate."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._roots: dict[int, FrameAgent] = {}
        self.next_states: dict[
            int, EntryState
        ] = {}  # of the navigation API, by frame: for the entry of its next document

    def agents(self) -> list[Agent]:
        """Give the agents, in the order of their making."""
        return [one.agent for one in self._roots.values()]

    def root_of(self, frame: int) -> int:
        """Give the frame whose document is the main one of the isolate that `frame` lives in."""
        frames = self._page.frames
        number = frame
        while number not in self._roots:
            known = frames.get(number)
            if known is None or known.parent is None:
                return 1
            number = known.parent
        return number

    def agent_of(self, frame: int) -> Agent | None:
        """Give the agent that a frame lives in; None for a frame that is not there."""
        if frame not in self._page.frames:
            return None
        root = self.root_of(frame)
        return self._page.agent if root == 1 else self._roots[root].agent

    def network_of(self, frame: int) -> AgentNetwork:
        """Give the requests of the isolate that a frame lives in."""
        root = self.root_of(frame)
        return self._page.network if root == 1 else self._roots[root].network

    def holder_of(self, frame: int) -> Agent | None:
        """Give the agent whose document holds the element of a child frame."""
        known = self._page.frames.get(frame)
        return None if known is None or known.parent is None else self.agent_of(known.parent)

    def lives_with_parent(self, frame: int, url: str) -> bool:
        """Tell whether a document of `url` belongs in the isolate that holds the frame's element."""
        frames = self._page.frames
        known = frames.get(frame)
        if known is None or known.parent is None:
            return True
        origin = urls.serialize_origin(url)
        return origin != "null" and frames[self.root_of(known.parent)].origin == origin

    def is_root(self, frame: int) -> bool:
        """Tell whether a frame has an isolate of its own."""
        return frame in self._roots

    def check_embedding(self, number: int, headers: Headers, url: str, status: int) -> None:
        """See whether a document may be shown in a frame (HTML, 7.4.5; CSP 3, 6.4.2).

        Raises:
            NetworkError: it forbids that itself; the log says how.
        """
        page = self._page
        origins = self.ancestor_origins(number) if number in page.frames else []
        origin = urls.serialize_origin(url)
        pairs = tuple(headers.items())
        forbidden = None if page.bypasses_csp else forbids_ancestors(pairs, origins, url)
        if not page.bypasses_csp:
            for report in ancestor_violations(pairs, origins, url, status):
                page.network.reports.send({**report, "frame": number})
        if forbidden:
            text = f"Framing '{origin}/' violates the frame-ancestors directive of its Content Security Policy. The request has been blocked."
            page.hub.publish(events.PolicyViolated(page.id, number, text, url))
            raise NetworkError("net::ERR_BLOCKED_BY_RESPONSE", "frame-ancestors forbids the frame", url=url)
        if forbidden is None and frame_options.forbids(headers, origin=origin, ancestors=origins):
            text = frame_options.words(headers, origin)
            page.hub.publish(events.PolicyViolated(page.id, number, text, ERROR_URL, source="other"))
            raise NetworkError("net::ERR_BLOCKED_BY_RESPONSE", "X-Frame-Options forbids the frame", url=url)

    async def commit(
        self,
        payload: Json,
        url: str,
        response_headers: Headers,
        source: DocumentSource,
        charset: str,
        timing: Json = None,
        status: int = 0,
    ) -> None:
        """Load a document into a frame, in a new isolate. The element's isolate is told by who called this.

        `timing` is what the document is told of its navigation (`resource_timing.document_timing`), `status` that of its response, 0 for none.

        Raises:
            NetworkError: the document forbids it, the frame is gone, there are too many such frames, or there is no isolate to be had.
            PageCrashedError: the isolate ended at once.
        """
        page = self._page
        number = payload["frame"]
        pairs = tuple(response_headers.items())
        self.check_embedding(number, response_headers, url, status)
        if number not in self._roots and len(self._roots) >= MAX_FRAME_AGENTS:
            page.note_unsupported(f"more than {MAX_FRAME_AGENTS} frames of other origins")
            raise NetworkError(
                "net::ERR_INSUFFICIENT_RESOURCES",
                f"a page may have {MAX_FRAME_AGENTS} frames of other origins",
                url=url,
            )
        tree = parse_document(source.markup, charset=charset, content_type=source.content_type)
        await self.leave(number)
        try:
            isolate = await page.context.browser.take_isolate()
        except ClosedError:
            raise
        except Exception as error:
            # The frame shows that it failed, and the old document is gone with that.
            _LOG.warning("no isolate for a frame: %s", error)
            raise NetworkError(
                "net::ERR_INSUFFICIENT_RESOURCES", f"there is no isolate for the frame: {error}", url=url
            ) from error
        frame = page.frames.get(number)
        if frame is None or page.closed:
            isolate.close()
            raise NetworkError("net::ERR_ABORTED", "the frame is gone", url=url)
        self.discard(number)
        page.markups[number] = (source.markup, tree.encoding)
        for child in tuple(frame.children):
            self.forget_frame(child)
        network = AgentNetwork(page, number)
        modules = PageModules(page, number)
        posts = PagePosts(page, number, network, modules)
        agent = posts.agent = Agent(isolate, posts, deadline_s=page.context.browser.limits.entry_deadline_s)
        self._roots[number] = FrameAgent(agent, network, modules)
        modules.attach(isolate)
        _, hash_mark, fragment = payload["url"].partition("#")
        if hash_mark and "#" not in url:
            url = f"{url}#{fragment}"
        frame.url = url
        sandbox = payload["sandbox"]
        frame.origin = "null" if sandbox is not None and sandbox["opaque"] else urls.serialize_origin(url)
        frame.content_type = source.content_type
        frame.documents = payload["navigation"]
        frame.lifecycle = {"commit"}
        self.record_history(frame, payload["history"])
        headers = {name.lower(): value for name, value in response_headers.items()}
        policy, csp = policy_from_headers(response_headers), policies_of(pairs, url)
        inherited = payload.get("inherits") if url.startswith(("about:", "data:", "blob:")) else None
        if inherited is not None:
            policy, csp = inherited["referrerPolicy"], inherited["csp"]
        await agent.enter(
            "page.start",
            {
                **page.documents.start_facts(frame),
                "contentType": source.content_type,
                "encoding": tree.encoding,
                "referrer": payload["referrer"],
                "lastModified": headers.get("last-modified", ""),
                "referrerPolicy": policy,
                "csp": csp,
                "upgrade": inherited is not None and inherited["upgrade"],
                "creator": inherited["creator"] if inherited is not None else "",
                "links": links_of(pairs),
                "refresh": headers.get("refresh", ""),
                "parent": {"page": page.id, "frame": frame.parent},
                "sandbox": sandbox,
                "ancestorOrigins": self.ancestor_origins(number),
                "width": 300,
                "height": 150,
                "timing": timing,
            },
        )
        page.hub.publish(events.FrameNavigated(page.id, number, url))
        for prepare in tuple(page.preparers):
            await prepare(agent)
        for script in page.init_scripts:
            await agent.enter("script.run", {"frame": number, "source": script, "url": "sanderling:init"})
        agent.post("document.load", {"frame": number, "initial": False}, tree.data)

    def record_history(self, frame: Frame, handling: str) -> None:
        """Give a document of a child frame that is being committed its place in the session history: a step of its own, or that of the old one."""
        history = self._page.history
        state = self.next_states.pop(frame.number, None)
        entry = HistoryEntry(frame.url, frame.documents, transition="auto_subframe", state=state)
        if frame.url.startswith("about:"):
            entry.origin = frame.origin
        known = history.showing(frame.number)
        navigations = self._page.navigations
        previous = copy_named(navigations.left.pop(frame.number, None) if handling == "traverse" else known)
        if handling in ("reload", "traverse") and known is not None:
            entry.id, entry.state = known.id, state or known.state
        if handling == "push":
            history.push(entry, frame.number)
            navigations.tell_history()
        else:
            history.replace(entry, frame.number)
        history.bound_states()
        navigations.activations[frame.number] = activation_of(history, frame.number, previous, handling)

    def ancestor_origins(self, number: int) -> list[str]:
        """Give the serialised origins of the documents above a frame, the nearest first."""
        out = []
        frame = self._page.frames.get(self._page.frames[number].parent or 0)
        while frame is not None:
            out.append(frame.origin)
            frame = self._page.frames.get(frame.parent or 0)
        return out

    def navigate(self, payload: Json, data: bytes | None) -> None:
        """A child frame is to load something, as code elsewhere asked: the isolate of its element does it."""
        holder = self.holder_of(payload["frame"])
        if payload.get("html") is not None:
            self._page.note_unsupported("a javascript: URL that makes a document, in a frame of another origin")
        elif holder is not None:
            holder.post("frame.navigate", payload, data)

    def loaded(self, number: int) -> None:
        """A frame's document reached its load event: the element fires its own, and its document no longer waits."""
        holder = self.holder_of(number) if number in self._roots else None
        if holder is not None:
            holder.post("frame.loaded", {"frame": number})

    def focused(self, number: int) -> None:
        """Something in a frame with an isolate of its own got the focus: so does its element, up to the main document."""
        holder = self.holder_of(number) if number in self._roots else None
        if holder is not None:
            holder.post("frame.focused", {"frame": number})

    def crashed(self, number: int, error: PageCrashedError) -> None:
        """A frame's isolate ended: the frame is empty, the rest of the page goes on."""
        self.loaded(number)
        self.discard(number)
        self._page.note_unsupported(f"a frame's engine ended: {error}")

    def discard(self, number: int) -> None:
        """End the isolate of a frame; no such isolate is nothing."""
        one = self._roots.pop(number, None)
        if one is not None:
            one.network.abandon()
            one.agent.close()
            self._page.calls.fail(DocumentReplacedError("the frame got another document, or went"), one.agent)
            self._page.calls.document_arrived()  # or there will be none: let those look who wait while it was left

    async def leave(self, number: int) -> None:
        """Fire the events of a frame's documents that are about to be left; nothing where it lives with its parent."""
        if number in self._roots:
            await self._page.documents.unload_frame(self._roots[number].agent)

    def stay(self, number: int) -> None:
        """A frame keeps its document after all: what was to take its place gave way to something that brought none."""
        one = self._roots.get(number)
        if one is not None and one.agent.leaving:
            one.agent.stay()
            self._page.calls.document_arrived()

    def return_home(self, frame: Frame) -> None:
        """A frame shows a document in the isolate of its element: what it had elsewhere is gone, with the frames in that."""
        if self.is_root(frame.number):
            for child in tuple(frame.children):
                self.forget_frame(child)
            self.discard(frame.number)

    def forget_frame(self, number: int) -> None:
        """A frame is gone, and what is in it."""
        page = self._page
        frame = page.frames.get(number)
        if frame is None:
            return
        for child in tuple(frame.children):
            self.forget_frame(child)
        self.discard(number)
        del page.frames[number]
        page.markups.pop(number, None)
        page.navigations.activations.pop(number, None)
        page.navigations.left.pop(number, None)
        self.next_states.pop(number, None)
        if page.history.drop(number):
            page.navigations.tell_history()
        parent = page.frames.get(frame.parent or 0)
        if parent is not None:
            parent.children.remove(number)
        page.hub.publish(events.FrameDetached(page.id, number, "remove"))

    def close(self) -> None:
        """The main document is gone, and every frame with it."""
        for number in tuple(self._roots):
            self.discard(number)
