"""What scripts ask for: `fetch()`, XMLHttpRequest and EventSource (`web/fetch/net.js`).

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.browser.agent import Agent, Json
from sanderling.browser.pure_csp import redirect_rules
from sanderling.browser.request_life import RequestLife, failure_of
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.http.transfer import RequestBody
from sanderling.proto.headers import normalise_value

if TYPE_CHECKING:
    from sanderling.browser.agent_network import AgentNetwork
    from sanderling.browser.page import Page

_MAX_EVENT_STREAMS = 256
"""Remembered in one isolate, for the reports of their messages."""


class ScriptRequests:
    """Of one isolate."""

    def __init__(self, page: Page, network: AgentNetwork) -> None:
        self._page = page
        self._network = network
        self._credits: dict[int, asyncio.Event] = {}  # streamed bodies that wait for page code to read
        self._parts: dict[int, asyncio.Future[bytes | None]] = {}  # of streamed uploads, where page code owes one
        self._event_streams: dict[int, RequestLife] = {}  # the newest, by the id page code gave

    def start(self, agent: Agent, payload: Json, data: bytes | None) -> None:
        """`net.fetch`: head, then chunks, then the end."""
        work = self._fetch(agent, payload, data)
        self._network.tasks.start("net", payload["id"], work, keepalive=bool(payload.get("keepalive")))

    def cancel(self, number: int) -> None:
        """`net.cancel`."""
        self._network.tasks.cancel("net", number)

    def abandon(self) -> None:
        """Forget what page code will not ask for any more: its document goes."""
        self._credits.clear()
        self._event_streams.clear()

    def stop(self) -> None:
        """Forget the bodies that were cut off."""
        self._credits.clear()

    def resume(self, number: int) -> None:
        """`net.resume`: page code wants more of a streamed body."""
        credit = self._credits.get(number)
        if credit is not None:
            credit.set()

    def take_part(self, payload: Json, data: bytes | None) -> None:
        """`net.part`: a piece of a request's body, or its end."""
        wanted = self._parts.pop(payload["id"], None)
        if wanted is not None and not wanted.done():
            wanted.set_result(None if payload["last"] else data or b"")

    async def _upload(self, agent: Agent, number: int) -> AsyncIterator[bytes]:
        """Give a request's body as page code has it, asking for each piece when there is room for it."""
        try:
            while True:
                wanted = self._parts[number] = asyncio.get_running_loop().create_future()
                agent.post("net.wanted", {"id": number})
                part = await wanted
                if part is None:
                    return
                yield part
        finally:
            self._parts.pop(number, None)

    async def _fetch(self, agent: Agent, payload: Json, data: bytes | None) -> None:
        number = payload["id"]
        try:
            body = self._upload(agent, number) if payload.get("upload") else data
            request = self._request_of(payload, body)
            response = await self._network.fetch(
                request,
                kind=payload.get("initiator") or "fetch",
                frame=payload.get("frame", 1),
                stack=payload.get("stack", ()),
            )
            if request.keepalive and self._network.tasks.outlived():
                async for _ in response.chunks():
                    pass  # nobody is left who could read it
                return
            watched = False
            if payload.get("initiator") == "eventsource":
                watched = self._stream_begins(number, response)
            head = {"id": number, **_head(response), "watched": watched}
            ended: list[SanderlingError | None] = []
            response.when_done(ended.append)
            if ended == [None]:
                # Short ones are mostly there with their head.
                whole = await response.read()
                end = {"id": number, "head": head, "encodedBytes": response.encoded_bytes}
                agent.post("net.whole", end, whole)
                return
            agent.post("net.response", head)
            if payload.get("stream"):
                await self._stream(agent, number, response)
                agent.post("net.end", {"id": number, "encodedBytes": response.encoded_bytes})
            else:
                whole = await response.read()
                agent.post("net.whole", {"id": number, "head": None, "encodedBytes": response.encoded_bytes}, whole)
        except SanderlingError as error:
            agent.post("net.error", {"id": number, **failure_of(error)})

    async def _stream(self, agent: Agent, number: int, response: Response) -> None:
        credit = self._credits[number] = asyncio.Event()
        try:
            async for chunk in response.chunks():
                agent.post("net.chunk", {"id": number}, chunk)
                await credit.wait()
                credit.clear()
        finally:
            self._credits.pop(number, None)

    def _stream_begins(self, number: int, response: Response) -> bool:
        """An event stream's head came. From now on nobody waits for its end.

        Returns:
            Whether somebody wants to know of each message.
        """
        network = self._page.network
        life = self._event_streams[number] = network.stream_lives[response]
        self._page.activity.request_ended(life.number)
        # Page code tells of its messages after the stream may have ended.
        if len(self._event_streams) > _MAX_EVENT_STREAMS:
            del self._event_streams[next(iter(self._event_streams))]
        return bool(network.listeners)

    def event_source_message(self, payload: Json) -> None:
        """`eventsource.message`: page code got one."""
        network = self._page.network
        life = self._event_streams.get(payload["id"])
        if life is None:
            return
        for listener in tuple(network.listeners):
            listener.event_source_message(life, payload["type"], payload["lastEventId"], payload["data"])

    async def answer_sync(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """`net.fetchSync`: page code waits for the whole response."""
        try:
            request = self._request_of(payload, data)
            work = self._whole(request, payload)
            timeout = payload.get("timeoutMs") or 0
            return await (asyncio.wait_for(work, timeout / 1000) if timeout else work)
        except TimeoutError:
            return {"error": {"code": "net::ERR_TIMED_OUT", "message": "timeout"}}, None
        except SanderlingError as error:
            return {"error": failure_of(error)}, None

    async def _whole(self, request: Request, payload: Json) -> tuple[Json, bytes | None]:
        response = await self._network.fetch(
            request,
            kind=payload.get("initiator") or "xhr",
            frame=payload.get("frame", 1),
            stack=payload.get("stack", ()),
        )
        body = await response.read()
        return _head(response), body

    def _request_of(self, payload: Json, data: RequestBody) -> Request:
        request = Request.script(
            payload["url"],
            method=payload["method"],
            headers=[(name, normalise_value(value)) for name, value in payload["headers"]],
            body=data,
            mode=payload["mode"],
            credentials=payload["credentials"],
            redirect=payload.get("redirect", "follow"),
            referrer=payload.get("referrer", ""),
            referrer_policy=payload.get("referrerPolicy", ""),
            destination=payload.get("destination", ""),
            integrity=payload.get("integrity", ""),
            cache=payload.get("cache", "default"),
            priority=payload.get("priority", "auto"),
            keepalive=payload.get("keepalive", False),
            background=payload.get("initiator") == "beacon",
            event_stream=payload.get("initiator") == "eventsource",
            client_url=self._network.client_url,
            initiator_origin=self._network.client_origin,
        )
        return msgspec.structs.replace(
            request,
            upgrades_insecure=payload.get("upgrade", False),
            redirect_rules=redirect_rules(payload["policies"], request.destination) if "policies" in payload else None,
            # What is verified has to be there whole, and XMLHttpRequest keeps everything.
            unlimited=payload.get("initiator") == "fetch" and payload.get("stream", False) and not request.integrity,
        )


def _head(response: Response) -> dict[str, Any]:
    return {
        "url": response.url,
        "status": response.status,
        "statusText": response.reason,
        "headers": [list(pair) for pair in response.headers.items()],
        "type": response.type,
        "redirected": len(response.url_list) > 1,
    }
