"""The parsed page: what of it is rendered, and a walk over that without recursion.

The page arrives serialised, most of what it does not render already taken out. Raw HTML arrives here too, so what the
style sheet of HTML itself hides, and what a `style` attribute hides, is recognised here.

Standards: https://html.spec.whatwg.org/#hidden-elements

Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from sanderling.base.html_core import Document, Element, Node, Text, parse
from sanderling.base.pattern import late_pattern

NOT_RENDERED = frozenset(
    {
        "area", "base", "basefont", "col", "colgroup", "datalist", "head", "link", "meta", "noembed", "noframes",
        "noscript", "param", "rp", "script", "source", "style", "template", "title", "track",
    }
)  # fmt: skip
"""HTML, 15.3.1, and what stands in a document only to be read by the browser."""

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "optgroup", "option", "p",
        "plaintext", "pre", "search", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "xmp",
    }
)  # fmt: skip
"""HTML, 15.3.3 and following: elements that begin on a line of their own."""

_DISPLAY = late_pattern(r"(?:^|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)
_INVISIBLE = late_pattern(
    r"(?:^|;)\s*(?:visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden)", re.IGNORECASE
)
_BLOCK_DISPLAYS = frozenset({"block", "flex", "grid", "list-item", "flow-root", "table"})
_SPACES = late_pattern(r"[ \t\n\f\r]+")


class Visitor(Protocol):
    """What `walk` tells of a page."""

    def enter(self, element: Element) -> bool:
        """Begin an element; False leaves its contents out, and `leave` is then not called."""

    def leave(self, element: Element) -> None:
        """End an element."""

    def text(self, data: str) -> None:
        """Meet a text node."""


class Page:
    """A parsed page."""

    def __init__(self, html: str) -> None:
        if not html.isascii():
            # A script's strings may hold half a surrogate pair, which no output can encode (Infra, 4.6, "convert").
            html = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        # The parser bounds nesting as browsers do (512 levels), and what is below becomes siblings.
        self.document: Document = parse(html, positions=False, scripting=True)
        self._shadows = "shadowrootmode" in html

    def find_all(self, selector: str) -> list[Element]:
        """Select elements in tree order, rendered or not."""
        return self.document.select(selector)

    def base_href(self) -> str:
        """Give what the first `<base href>` says, or nothing (HTML, 4.2.3)."""
        for element in self.document.select("base[href]"):
            return (element.attr("href") or "").strip()
        return ""

    def children(self) -> Callable[[Node], Iterable[Node]]:
        """Give the function that lists a node's children: those of the flat tree where there are shadow roots."""
        return _flat_children if self._shadows else _plain_children

    def walk(self, visitor: Visitor, roots: Iterable[Node] | None = None) -> None:
        """Tell a visitor of all that is rendered below some roots (by default the document), in order."""
        children = self.children()
        frames: list[tuple[Element | None, Iterator[Node]]] = [
            (None, iter((self.document,) if roots is None else roots))
        ]
        while frames:
            owner, rest = frames[-1]
            for node in rest:
                if isinstance(node, Text):
                    visitor.text(node.data)
                elif isinstance(node, Element):
                    if is_rendered(node) and visitor.enter(node):
                        frames.append((node, iter(children(node))))
                        break
                elif isinstance(node, Document):
                    frames.append((None, iter(children(node))))
                    break
            else:
                frames.pop()
                if owner is not None:
                    visitor.leave(owner)


def _plain_children(node: Node) -> Iterable[Node]:
    return node.children


def _flat_children(node: Node) -> Iterable[Node]:
    return node.flattened_children


def is_rendered(element: Element) -> bool:
    """Whether an element makes boxes, as far as HTML and its own attributes tell."""
    tag = element.tag
    if tag in NOT_RENDERED:
        return False
    if element.attr("hidden") is not None:
        return False
    if tag == "dialog" and element.attr("open") is None:
        return False
    if tag == "input" and (element.attr("type") or "").strip().lower() == "hidden":
        return False
    style = element.attr("style")
    if style:
        display = _DISPLAY.search(style)
        if (display is not None and display[1].lower() == "none") or _INVISIBLE.search(style) is not None:
            return False
    return True


def is_block(element: Element) -> bool:
    """Whether an element begins on a line of its own: by its name, or since its `style` attribute says so."""
    if element.tag in BLOCKS:
        return True
    style = element.attr("style")
    if not style:
        return False
    display = _DISPLAY.search(style)
    return display is not None and display[1].lower() in _BLOCK_DISPLAYS


def collapse(text: str) -> str:
    """Make one space of each run of ASCII whitespace, and none at the ends. A no-break space is not whitespace here."""
    return _SPACES.sub(" ", text).strip(" ")


class _PlainText:
    def __init__(self) -> None:
        self.parts: list[str] = []

    def enter(self, element: Element) -> bool:
        if element.tag == "br" or is_block(element):
            self.parts.append(" ")
        elif element.tag == "img":
            self.parts.append(element.attr("alt") or "")
        return element.tag not in ("svg", "select", "textarea")

    def leave(self, element: Element) -> None:
        if is_block(element):
            self.parts.append(" ")

    def text(self, data: str) -> None:
        self.parts.append(data)


def text_of(page: Page, element: Element) -> str:
    """Give an element's rendered text on one line, with the alternatives of images."""
    visitor = _PlainText()
    page.walk(visitor, page.children()(element))
    return collapse("".join(visitor.parts))
