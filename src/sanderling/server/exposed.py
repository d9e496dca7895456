"""The protocol as code of a page speaks it: `Target.exposeDevToolsProtocol`.

Two clients without sockets stand behind it. One is attached to the page, gives its documents the object `window.NAME` and listens to what they
send; the other is a client of the browser, whose commands those messages are, and whose answers and events go to `NAME.onmessage`.

https://chromedevtools.github.io/devtools-protocol/tot/Target/#method-exposeDevToolsProtocol

Thread: main.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.cdp.errors import CdpError, invalid_params

if TYPE_CHECKING:
    from sanderling.server.client import HubClient
    from sanderling.server.targets import PageRecord

_ENCODE = msgspec.json.Encoder().encode

_OBJECT = """((name, binding) => {
  const send = globalThis[binding];
  delete globalThis[binding];
  if (globalThis === globalThis.top) globalThis[name] = { send(message) { send(message); }, onmessage: null };
})"""
"""Frames get nothing: what they show may be anybody's."""

_numbers = itertools.count(1)


class _Told(msgspec.Struct):
    """What is read of a message to the client that is attached to the page."""

    id: int | None = None
    method: str = ""
    params: dict[str, Any] = {}
    error: dict[str, Any] | None = None


_DECODER = msgspec.json.Decoder(_Told)


class _Link:
    """A client's end that is in this process (`links.ClientLink`)."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.send = take

    def close(self, code: int, reason: str) -> None:
        """There is nothing to close: the page's end ends it."""

    def pause(self) -> None:
        """What code of a page sends comes in as messages of its worker, which are bounded themselves."""

    def resume(self) -> None:
        """See `pause`."""


class ExposedProtocol:
    """The protocol in one page, under one name."""

    def __init__(self, client: HubClient, page: PageRecord, name: str) -> None:
        self._name = name
        self._binding = f"{name}-binding-{next(_numbers)}"  # its own: who asks twice is not answered twice
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._on_page = client.beside(_Link(self._from_page), page)
        self._on_browser = client.beside(_Link(self._to_page))
        self._closed = False
        page.on_gone.append(self._close)

    async def install(self) -> None:
        """Give the page's documents their object, the present one too.

        Raises:
            CdpError: the page refused.
        """
        source = f"{_OBJECT}({_ENCODE(self._name).decode()}, {_ENCODE(self._binding).decode()})"
        outcomes = await asyncio.gather(
            self._command("Runtime.enable", {}),
            self._command("Runtime.addBinding", {"name": self._binding}),
            self._command("Page.addScriptToEvaluateOnNewDocument", {"source": source, "runImmediately": True}),
            return_exceptions=True,
        )
        refused = next((one for one in outcomes if one is not None), None)
        if refused is not None:
            self._close()
            raise refused

    def _command(self, method: str, params: dict[str, Any]) -> asyncio.Future[None]:
        number = next(self._numbers)
        self._waiting[number] = answer = asyncio.get_running_loop().create_future()
        self._on_page.message(_ENCODE({"id": number, "method": method, "params": params}))
        return answer

    def _from_page(self, data: bytes) -> None:
        told = _DECODER.decode(data)
        if told.id is not None:
            answer = self._waiting.pop(told.id, None)
            if answer is not None and not answer.done():
                if told.error is None:
                    answer.set_result(None)
                else:
                    answer.set_exception(CdpError(str(told.error.get("message", ""))))
        elif told.method == "Runtime.bindingCalled" and told.params.get("name") == self._binding:
            self._on_browser.message(str(told.params["payload"]).encode())

    def _to_page(self, data: bytes) -> None:
        name = _ENCODE(self._name).decode()
        # JSON text is a string literal of JavaScript, too (ECMA-262, 12.9.4: it may have U+2028 and U+2029).
        call = f"globalThis[{name}]?.onmessage?.({_ENCODE(data.decode()).decode()})"
        params = {"expression": call, "silent": True}
        self._on_page.message(_ENCODE({"id": next(self._numbers), "method": "Runtime.evaluate", "params": params}))

    def _close(self) -> None:
        if self._closed:
            return
        self._closed = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(CdpError("the page ended"))
        self._on_page.gone()
        self._on_browser.gone()


async def expose_protocol(client: HubClient, page: PageRecord, name: str) -> None:
    """Let code of a page speak the protocol through `window.NAME`.

    Args:
        client: who asks.
        page: whose documents get it.
        name: of the object.

    Raises:
        CdpError: the name is none, or the page refused.
    """
    if not name:
        raise invalid_params("bindingName must not be empty")
    await ExposedProtocol(client, page, name).install()
