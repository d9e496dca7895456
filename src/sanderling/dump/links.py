"""The links of a page.

Thread: any.
"""

from __future__ import annotations

import msgspec

from sanderling.base.html_core import Element
from sanderling.dump.resources import Resolver
from sanderling.dump.tree import Page, text_of


class Link(msgspec.Struct, frozen=True):
    """A link that a reader of the page could follow."""

    url: str
    """Absolute."""
    text: str
    """What it shows, on one line; the alternatives of images count; its label or title if it shows nothing."""
    title: str = ""
    rel: str = ""
    """The link types, as written."""
    target: str = ""
    download: bool = False


class _Anchors:
    def __init__(self) -> None:
        self.found: list[Element] = []

    def enter(self, element: Element) -> bool:
        if element.tag == "a" and element.attr("href") is not None:
            self.found.append(element)
        elif element.tag == "map":
            self.found += element.select("area[href]")
        return True

    def leave(self, element: Element) -> None:
        pass

    def text(self, data: str) -> None:
        pass


def to_links(html: str, base_url: str) -> list[Link]:
    """List the rendered links of a page in its order, scripts left out."""
    page = Page(html)
    resolver = Resolver(base_url, page.base_href())
    anchors = _Anchors()
    page.walk(anchors)
    links: list[Link] = []
    for element in anchors.found:
        url = resolver.link(element)
        if url is None:
            continue
        title = element.attr("title") or ""
        shown = (element.attr("alt") or "") if element.tag == "area" else text_of(page, element)
        links.append(
            Link(
                url=url,
                text=shown or element.attr("aria-label") or title,
                title=title,
                rel=element.attr("rel") or "",
                target=element.attr("target") or "",
                download=element.attr("download") is not None,
            )
        )
    return links
