"""What elements and frames ask for: scripts, style sheets, images, fonts and the documents of frames (`web/html/resource.js`).

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from sanderling.base.errors import NetworkError, SanderlingError
from sanderling.browser.agent import Agent, Json
from sanderling.browser.document_source import EMPTY_STATUSES, DocumentSource, document_source, is_download, type_of
from sanderling.browser.html_encoding import charset_to_use
from sanderling.browser.parser import known_encoding, parse_document, to_utf8
from sanderling.browser.preloads import links_of
from sanderling.browser.pure_csp import both_sandboxes, policies_of, redirect_rules, sandbox_of
from sanderling.browser.request_life import failure_of
from sanderling.browser.resource_timing import NavigationKind, document_timing
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.proto import url as urls
from sanderling.proto.csp import RedirectRules
from sanderling.proto.headers import Headers
from sanderling.proto.image_size import image_size
from sanderling.proto.referrer import policy_from_headers

if TYPE_CHECKING:
    from sanderling.browser.agent_network import AgentNetwork
    from sanderling.browser.page import Page


MAX_HELD = 64
"""Documents of objects and embeds of one isolate that wait for their frames; these come for them at once."""

MAX_HELD_BYTES = 64 * 1024 * 1024
"""Of them together; one alone may be larger."""


class ResourceRequests:
    """Of one isolate. Answers are whole, text is decoded to UTF-8."""

    def __init__(self, page: Page, network: AgentNetwork) -> None:
        self._page = page
        self._network = network
        self._held: dict[int, tuple[Response, bytes]] = {}  # documents of objects, until their frames take them

    def abandon(self) -> None:
        """The document goes."""
        self._held.clear()

    def start(self, agent: Agent, payload: Json, data: bytes | None = None) -> None:
        """`resource.fetch`."""
        payload["begunAt"] = self._page.network.time()
        self._network.tasks.start("resource", payload["id"], self._resource(agent, payload, data))

    def cancel(self, number: int) -> None:
        """`resource.cancel`."""
        self._network.tasks.cancel("resource", number)

    async def _resource(self, agent: Agent, payload: Json, data: bytes | None) -> None:
        answer: dict[str, Any]
        try:
            if payload.get("markup"):  # the document of a sandboxed srcdoc frame: its markup came along
                source = DocumentSource("html", data or b"", "text/html", "utf-8")
                await self._page.frame_agents.commit(payload, "about:srcdoc", Headers(), source, "utf-8")
                agent.post("resource.done", {"id": payload["id"], "url": "about:srcdoc", "remote": True})
                return
            if payload.get("blobType") is not None and payload["destination"] == "iframe":
                answer, body = await self._blob_document(data or b"", payload)
                agent.post("resource.done", {"id": payload["id"], "url": payload["url"], **answer}, body)
                return
            if payload.get("blobType") is not None:  # an image in a blob, which lives in the isolate
                image = _image(data or b"", payload["blobType"])
                agent.post("resource.done", {"id": payload["id"], "url": payload["url"], "image": image})
                return
            if payload["destination"] == "iframe":
                # HTML, 7.4.6.2: the frames of a document that the user comes back to show what they showed.
                payload["url"] = self._page.history.take_restored(payload["frame"]) or payload["url"]
            if payload.get("held"):
                answer, body = await self._held_document(payload)
                agent.post("resource.done", {"id": payload["id"], **answer}, body)
                return
            if payload["destination"] in ("object", "embed"):
                answer = await self._embedded(payload)
                agent.post("resource.done", {"id": payload["id"], **answer})
                return
            request = (
                self._navigation_of_frame(payload, data)
                if payload["destination"] == "iframe"
                else Request.resource(
                    payload["url"],
                    destination=payload["destination"],
                    mode=payload["mode"],
                    credentials=payload["credentials"],
                    referrer=payload["referrer"],
                    referrer_policy=payload["referrerPolicy"],
                    integrity=payload["integrity"],
                    priority=payload["priority"],
                    client_url=self._network.client_url,
                    initiator_origin=self._network.client_origin,
                )
            )
            request = msgspec.structs.replace(
                request,
                upgrades_insecure=payload.get("upgrade", False),
                redirect_rules=_rules_of(payload),
                prefetch=payload.get("purpose") == "prefetch",
                filtered=payload.get("purpose") == "preload" and not request.destination,  # for code that calls fetch()
            )
            if payload.get("purpose"):
                answer = await self._ahead(request, payload)
                agent.post("resource.done", {"id": payload["id"], "url": payload["url"], **answer})
                return
            response = await self._network.fetch(
                request,
                kind=payload["destination"] or "other",
                frame=payload["frame"],
                navigation=payload["navigation"],
                stack=payload.get("stack", ()),
                initiator=payload.get("initiator"),
            )
            if payload["destination"] == "iframe" and response.full_status in EMPTY_STATUSES:
                self._page.network.let_go(response)
                response.cancel()
                raise NetworkError("net::ERR_ABORTED", "the response brings no document", url=response.url)
            if payload["destination"] == "iframe" and is_download(response):
                self._download(response, payload)
            body = await response.read()
            if payload["destination"] == "iframe" and response.full_status in EMPTY_STATUSES:
                raise NetworkError("net::ERR_ABORTED", "the response brings no document", url=response.url)
            if payload["destination"] == "image":
                # An image is shown whatever its status says (Fetch leaves that to the element; HTML, 4.8.4.3.5, step 25).
                content_type = response.headers.get("content-type") or ""
                answer = {"status": response.status, "image": _image(body, content_type)}
                body = b""
            elif not 200 <= response.full_status <= 299 and payload["destination"] != "iframe":
                status = response.full_status
                answer = {"error": {"code": "http", "message": f"status {status}"}, "status": status}
                body = b""
            elif payload["destination"] == "iframe":
                answer, body = await self._frame_document(response, body, payload)
            elif payload["destination"] in ("font", "track"):  # a track is UTF-8, whatever the response says
                answer = {"status": response.status}
            else:
                content_type = response.headers.get("content-type") or ""
                style = payload["destination"] == "style"
                body = to_utf8(body, content_type, payload["charset"], style=style)
                answer = {
                    "status": response.status,
                    "contentType": content_type,
                    "opaque": response.type == "opaque",
                    "referrerPolicy": policy_from_headers(response.headers),
                }
            answer["url"] = response.document_url if payload["destination"] == "iframe" else response.url
        except SanderlingError as error:
            answer, body = {"url": payload["url"], "error": failure_of(error)}, b""
        agent.post("resource.done", {"id": payload["id"], **answer}, body)

    async def _embedded(self, payload: Json) -> dict[str, Any]:
        """What an object or embed shows: the size of an image, or the number of a document that is kept for its frame."""
        request = Request.navigation(
            payload["url"],
            referrer=payload["referrer"],
            referrer_policy=payload["referrerPolicy"],
            initiator_origin=self._network.client_origin or urls.serialize_origin(self._network.client_url),
            destination=payload["destination"],
            client_url=self._network.client_url,
            site_for_cookies=self._page.main_frame.url,
        )
        response = await self._network.fetch(
            msgspec.structs.replace(request, upgrades_insecure=payload.get("upgrade", False)),
            kind=payload["destination"],
            frame=payload["frame"],
            initiator=payload.get("initiator"),
        )
        body = await response.read()
        answer: dict[str, Any] = {"url": response.url, "status": response.status}
        content_type = response.headers.get("content-type") or ""
        source = document_source(body, content_type)
        if source.kind == "html" and source.content_type.startswith("image/"):
            answer["image"] = _image(body, content_type)
        elif source.kind != "download":
            self._hold(payload["id"], response, body)
            answer["held"] = payload["id"]
        return answer

    def _hold(self, number: int, response: Response, body: bytes) -> None:
        self._held[number] = (response, body)
        # An element that went meanwhile never takes its document: the oldest make room.
        while len(self._held) > 1 and (
            len(self._held) > MAX_HELD or sum(len(kept) for _, kept in self._held.values()) > MAX_HELD_BYTES
        ):
            del self._held[next(iter(self._held))]

    async def _held_document(self, payload: Json) -> tuple[dict[str, Any], bytes]:
        held = self._held.pop(payload["held"], None)
        if held is None:
            raise NetworkError("net::ERR_ABORTED", "the document is gone", url=payload["url"])
        response, body = held
        answer, tree = await self._frame_document(response, body, payload)
        answer["url"] = response.document_url
        return answer, tree

    async def _ahead(self, request: Request, payload: Json) -> dict[str, Any]:
        """Preload or prefetch: whoever uses it asks for it again; the element gets to know whether it went well."""
        kind = "prefetch" if request.prefetch else request.destination or "other"
        if request.prefetch:
            response = await self._network.ask(request, kind=kind, frame=payload["frame"], initiator="link")
            async for _ in response.chunks():
                pass  # the cache has it
        else:
            response = await self._network.preloads.load(request, kind=kind, frame=payload["frame"], initiator="link")
        status = response.full_status
        # Chromium: a status that says error fires that event, though the standard knows of network errors only.
        if 200 <= status <= 399 or request.destination == "image":
            return {"status": status}
        return {"error": {"code": "http", "message": f"status {status}"}, "status": status}

    def _download(self, response: Response, payload: Json) -> NoReturn:
        """The response of a frame is a file: the frame keeps its document (HTML, 7.4.2.3.4; 7.3.2, "sandboxed downloads")."""
        page, sandbox = self._page, payload["sandbox"]
        page.network.let_go(response)
        if sandbox is None or sandbox["downloads"]:
            page.context.downloads.start(response, page=page.id, frame=payload["frame"])
        else:
            response.cancel()
        raise NetworkError("net::ERR_ABORTED", "the response is a download", url=response.url)

    async def _frame_document(self, response: Response, body: bytes, payload: Json) -> tuple[dict[str, Any], bytes]:
        # HTML, 13.2.3.2, step 6: "whose origin is same origin".
        same_origin = urls.serialize_origin(response.url) == urls.serialize_origin(self._network.client_url)
        inherited = payload["charset"] if same_origin else ""
        content_type = type_of(response.headers)
        if document_source(body, content_type).kind == "download":  # by its content
            self._download(response, payload)
        source, charset = _frame_source(body, content_type, inherited)
        frame_agents = self._page.frame_agents
        own = None if self._page.bypasses_csp else sandbox_of(response.headers.items())
        sandbox = payload["sandbox"] = both_sandboxes(payload["sandbox"], own)
        if (sandbox is None or not sandbox["opaque"]) and frame_agents.lives_with_parent(
            payload["frame"], response.url
        ):
            pairs = tuple(response.headers.items())
            frame_agents.check_embedding(payload["frame"], response.headers, response.url, response.full_status)
            await frame_agents.leave(payload["frame"])
            answer, tree = _frame_tree(response.status, source, charset)
            answer["csp"] = policies_of(pairs, response.document_url)
            answer["sandbox"] = sandbox
            answer["links"] = links_of(pairs)
            answer["refresh"] = response.headers.get("refresh") or ""
            answer["timing"] = self._timing_of(response, payload)
            answer["referrer"] = response.referrer
            answer["referrerPolicy"] = policy_from_headers(response.headers)
            self._keep_markup(payload["frame"], source, answer["encoding"])
            return answer, tree
        timing = self._timing_of(response, payload)
        payload["referrer"] = response.referrer
        await frame_agents.commit(
            payload, response.document_url, response.headers, source, charset, timing, response.full_status
        )
        return {"status": response.status, "remote": True}, b""

    def _keep_markup(self, frame: int, source: DocumentSource, encoding: str) -> None:
        if frame in self._page.frames:  # else it went meanwhile, and nobody would forget it
            self._page.markups[frame] = (source.markup, encoding)

    def _timing_of(self, response: Response, payload: Json) -> Json:
        record = self._page.network.timing_of(response)
        traversal = payload["history"] == "traverse"
        kind: NavigationKind = "reload" if payload["reload"] else "back_forward" if traversal else "navigate"
        return document_timing(record, begun_at=payload["begunAt"], kind=kind)

    async def _blob_document(self, body: bytes, payload: Json) -> tuple[dict[str, Any], bytes]:
        """A frame's document is a blob of the isolate that holds the frame's element, and came along."""
        source, charset = _frame_source(body, payload["blobType"], payload["charset"])
        sandbox = payload["sandbox"]
        if sandbox is None or not sandbox["opaque"]:
            answer, tree = _frame_tree(200, source, charset)
            self._keep_markup(payload["frame"], source, answer["encoding"])
            return answer, tree
        await self._page.frame_agents.commit(payload, payload["url"], Headers(), source, charset)
        return {"status": 200, "remote": True}, b""

    def _navigation_of_frame(self, payload: Json, data: bytes | None) -> Request:
        return Request.navigation(
            payload["url"],
            method=payload["method"],
            headers=[("Content-Type", payload["contentType"])] if payload["contentType"] else [],
            body=data,
            referrer=payload["referrer"],
            referrer_policy=payload["referrerPolicy"],
            initiator_origin=payload["origin"] or urls.serialize_origin(self._network.client_url),
            reload=payload["reload"],
            user_activated=payload.get("activated", False),
            destination=payload.get("container", "iframe"),
            client_url=self._network.client_url,
            site_for_cookies=self._page.main_frame.url,
        )


def _rules_of(payload: Json) -> RedirectRules | None:
    policies = payload.get("policies")
    if policies is None:
        return None
    return redirect_rules(
        policies,
        payload["destination"],
        nonce=payload["nonce"],
        integrity=payload["integrity"],
        parser_inserted=payload["parserInserted"],
        hint=payload.get("purpose") == "prefetch",
    )


def _frame_source(body: bytes, content_type: str, parent_charset: str) -> tuple[DocumentSource, str]:
    source = document_source(body, content_type)
    if source.kind == "download":
        raise NetworkError("net::ERR_ABORTED", f"a frame cannot show {source.content_type}")
    charset = source.charset
    if not known_encoding(charset) and source.kind == "html" and isinstance(source.markup, bytes):
        # HTML, 13.2.3.2, step 6: a document that says nothing has the encoding of its container (but not UTF-16).
        inherited = "" if parent_charset.startswith("UTF-16") else parent_charset
        charset = charset_to_use(source.markup, known_encoding, inherited)
    return source, charset


def _frame_tree(status: int, source: DocumentSource, charset: str) -> tuple[dict[str, Any], bytes]:
    tree = parse_document(source.markup, charset=charset, content_type=source.content_type)
    answer = {
        "status": status,
        "contentType": source.content_type,
        "encoding": tree.encoding,
        "xml": source.kind == "xml",
    }
    return answer, tree.data


def _image(body: bytes, content_type: str) -> dict[str, int] | None:
    size = image_size(body, content_type)
    return None if size is None else {"width": size.width, "height": size.height}
