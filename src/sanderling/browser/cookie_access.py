"""Which cookies the documents of a page see, by the sites of the documents around them.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sanderling.http.request import Request
from sanderling.proto.cookie_scope import PartitionKey, SameSiteContext, partition_key
from sanderling.proto.url import Url, parse, parse_origin, same_site

if TYPE_CHECKING:
    from sanderling.browser.page import Page


class DocumentCookies(NamedTuple):
    """What scripts of a document may see."""

    same_site: SameSiteContext
    partition: PartitionKey | None


def _top_url(page: Page) -> str:
    """Give a URL with the origin of the top-level document: an about:blank one has its creator's."""
    main = page.main_frame
    return main.url if main.origin == "null" else main.origin


def crosses_sites(page: Page, frame: int | None) -> bool:
    """Whether `frame`, or a frame around it, shows a document of another site than the top-level one."""
    if frame is None or frame == 1 or frame not in page.frames:
        return False
    top = parse_origin(page.main_frame.origin)
    number: int | None = frame
    while number is not None and number != 1:
        current = page.frames.get(number)
        if current is None:
            return True
        if not same_site(parse_origin(current.origin), top):
            return True
        number = current.parent
    return False


def placed(page: Page, request: Request, frame: int) -> Request:
    """Say of a request where in the page it is made: that decides which cookies it carries.

    Args:
        page: that makes it.
        request: what is asked for.
        frame: whose document asks, or which is navigated.
    """
    if request.top_level:
        return request
    asker: int | None = frame
    if request.is_navigation and frame in page.frames:
        asker = page.frames[frame].parent  # what the frame shows now is about to go
    return msgspec.structs.replace(
        request, site_for_cookies=_top_url(page), cross_site_ancestor=crosses_sites(page, asker)
    )


def document_cookies(page: Page, frame: int, url: Url) -> DocumentCookies:
    """Say what scripts of the document at `url` in `frame` may see."""
    if frame == 1:
        return DocumentCookies("strict", partition_key(url, top_level=True, site_for_cookies=None))
    crosses = crosses_sites(page, frame)
    partition = partition_key(url, top_level=False, site_for_cookies=parse(_top_url(page)), cross_site_ancestor=crosses)
    return DocumentCookies("cross-site" if crosses else "strict", partition)
