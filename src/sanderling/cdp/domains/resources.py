"""The part of Page that is about the resources of its documents.

https://chromedevtools.github.io/devtools-protocol/tot/Page/#method-getResourceTree

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.domains.network import body_object, matching_lines
from sanderling.cdp.errors import CdpError
from sanderling.cdp.ids import MAIN_FRAME, frame_id
from sanderling.cdp.requests import Known
from sanderling.proto import mime
from sanderling.proto.headers import Headers

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Page")


class ResourceParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getResourceContent`."""

    frameId: str  # noqa: N815 - CDP's name, as all below
    url: str


class SearchParams(ResourceParams, frozen=True, kw_only=True):
    """`searchInResource`."""

    query: str
    caseSensitive: bool = False  # noqa: N815
    isRegex: bool = False  # noqa: N815


def _content_type(known: Known) -> str:
    return "" if known.life.head is None else Headers(known.life.head.headers).get("content-type") or ""


def _resource(session: Session, known: Known) -> dict[str, Any]:
    parsed = mime.parse(_content_type(known))
    life = known.life
    out: dict[str, Any] = {
        "url": _url(known),
        "type": known.type,
        "mimeType": parsed.essence if parsed is not None else "",
    }
    body = _kept(session, known)
    if body is not None:
        out["contentSize"] = len(body)
    if life.ended and life.head is None:
        out["failed"] = True
    return out


def _url(known: Known) -> str:
    exchange = known.life.exchange
    return known.life.request.url if exchange is None else exchange.url.without_fragment


def _kept(session: Session, known: Known) -> bytes | None:
    try:
        return session.page.network.bodies.get(known.life.number) if known.life.ended else None
    except KeyError:
        return None


def _tree(session: Session, number: int) -> dict[str, Any]:
    frames = session.inspector.frames
    frame = session.page.frames[number]
    resources = session.inspector.requests.of_document(frame_id(session.page.id, number), frames.loader(number))
    out: dict[str, Any] = {
        "frame": frames.payload(frame),
        "resources": [_resource(session, known) for known in resources if not known.life.navigation],
    }
    if frame.children:
        out["childFrames"] = [_tree(session, child) for child in frame.children]
    return out


@DOMAIN.method("getResourceTree", NoParams)
async def get_resource_tree(session: Session, params: NoParams) -> Result:
    """List the frames with what their documents have loaded."""
    return {"frameTree": _tree(session, MAIN_FRAME)}


def _content(session: Session, params: ResourceParams) -> dict[str, Any]:
    """Give the content of a document or of a resource of it.

    Raises:
        CdpError: there is none of that URL, or its body was not kept.
    """
    if "Page" not in session.enabled:
        raise CdpError("Agent is not enabled.")
    page, inspector = session.page, session.inspector
    number = inspector.number_of(params.frameId, "No frame for given id found")
    url = params.url.partition("#")[0]
    response = page.response
    if number == MAIN_FRAME and response is not None and url == page.main_frame.url.partition("#")[0]:
        return body_object(response.body, Headers(response.headers).get("content-type") or "")
    resources = inspector.requests.of_document(params.frameId, inspector.frames.loader(number))
    found = [known for known in resources if url in (_url(known), known.life.request.url)]
    if not found:
        raise CdpError("No resource with given URL found")
    body = _kept(session, found[-1])
    if body is None:
        raise CdpError("No content of the resource is kept: bodies are while Network is enabled")
    return body_object(body, _content_type(found[-1]))


@DOMAIN.method("getResourceContent", ResourceParams)
async def get_resource_content(session: Session, params: ResourceParams) -> Result:
    """Give the content of a document or of one of its resources."""
    found = _content(session, params)
    return {"content": found["body"], "base64Encoded": found["base64Encoded"]}


@DOMAIN.method("searchInResource", SearchParams)
async def search_in_resource(session: Session, params: SearchParams) -> Result:
    """Give the lines of a resource that contain a text, or match a regular expression."""
    found = _content(session, params)
    return {"result": matching_lines(found, params.query, case=params.caseSensitive, regex=params.isRegex)}
