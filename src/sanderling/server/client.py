"""A client's connection to a hub: messages in, to the hub's own methods or on to a page's worker.

Thread: main.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.cdp.dispatch import decode_params
from sanderling.cdp.envelope import Envelope, error_message, read_envelope, result_message, well_formed
from sanderling.cdp.errors import SESSION_NOT_FOUND, CdpError, not_found
from sanderling.server.browser_methods import CONTEXT_METHODS
from sanderling.server.hub_domains import METHODS, TAB_METHODS
from sanderling.server.hub_methods import Asked
from sanderling.server.targets import ON_WORKERS, SessionRecord, WorkerRecord

if TYPE_CHECKING:
    from sanderling.server.hub import Hub
    from sanderling.server.links import ClientLink
    from sanderling.server.targets import PageRecord

_LOG = logging.getLogger("sanderling.server.client")

HUB_DOMAINS = ("Target.", "Browser.", "SystemInfo.")
"""Answered by the hub on every session: they are about more than the page."""


class HubClient:
    """A connection that was upgraded (`links.ClientHandler`).

    Args:
        hub: of the browser it is about.
        link: its socket.
        target: the page or web worker that it is attached straight to; None for the browser.
    """

    def __init__(self, hub: Hub, link: ClientLink, target: PageRecord | WorkerRecord | None = None) -> None:
        self.hub = hub
        self.link = link
        if target is None:
            self.root = hub.sessions.open_browser_root(self, link.send)
        elif isinstance(target, WorkerRecord):
            self.root = hub.sessions.open_worker_root(self, target, link.send)
        else:
            self.root = hub.sessions.open_page_root(self, target, link.send)

    def beside(self, link: ClientLink, page: PageRecord | None = None) -> HubClient:
        """Open another connection to the same browser, with another end."""
        return HubClient(self.hub, link, page)

    def message(self, data: bytes) -> None:
        """See `links.ClientHandler.message`."""
        data = well_formed(data)
        try:
            envelope = read_envelope(data)
        except CdpError as error:
            self.link.send(error_message(None, error, ""))
            return
        session: SessionRecord | None = self.root
        if envelope.sessionId:
            session = self.hub.sessions.find(envelope.sessionId)
            if session is not None and not self._is_ours(session):
                session = None
        if session is None or session.closed:
            unknown = CdpError("Session with given id not found.", code=SESSION_NOT_FOUND)
            self.link.send(error_message(envelope.id, unknown, envelope.sessionId))
            return
        self.command(session, envelope, data)

    def _is_ours(self, session: SessionRecord) -> bool:
        above: SessionRecord | None = session
        while above is not None and above is not self.root:
            above = above.parent
        return above is not None

    def command(self, session: SessionRecord, envelope: Envelope, data: bytes) -> None:
        """Start a command on a session."""
        method = envelope.method
        try:
            if session.kind in ON_WORKERS and not method.startswith(HUB_DOMAINS):
                self.hub.sessions.to_page(session, envelope.id, data)
                return
            if method not in METHODS and not (session.kind == "browser" and method in CONTEXT_METHODS):
                raise not_found(method)
            if session.kind == "tab" and method not in TAB_METHODS:
                raise not_found(method)
        except CdpError as error:
            session.send(error_message(envelope.id, error, session.wire_id))
            return
        self.hub.spawn(self._perform(session, envelope))

    async def _perform(self, session: SessionRecord, envelope: Envelope) -> None:
        try:
            known = METHODS.get(envelope.method)
            if known is None:
                known = CONTEXT_METHODS[envelope.method]
            params, run = known
            asked = Asked(self, self.hub, session, envelope.method, bytes(envelope.params))
            result = await run(asked, decode_params(params, envelope.params))
        except CdpError as error:
            self._answer_error(session, envelope.id, error)
        except SanderlingError as error:
            self._answer_error(session, envelope.id, CdpError(str(error)))
        except msgspec.ValidationError as error:
            self._answer_error(session, envelope.id, CdpError(str(error)))
        except Exception as error:
            _LOG.exception("%s failed", envelope.method)
            self._answer_error(session, envelope.id, CdpError(f"Internal error: {error!r}", code=-32603))
        else:
            if not session.closed:
                session.send(result_message(envelope.id, result or {}, session.wire_id))

    def _answer_error(self, session: SessionRecord, number: int, error: CdpError) -> None:
        if not session.closed:
            session.send(error_message(number, error, session.wire_id))

    def gone(self) -> None:
        """See `links.ClientHandler.gone`."""
        self.hub.forget_connection(self)
