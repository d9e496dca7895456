"""The article of a page, without navigation, side notes and footers.

What authors mark up themselves (`main`, `article`) is trusted first; the text density measure of the parser's library
decides where they did not.

Thread: any.
"""

from __future__ import annotations

from sanderling.base.html_core import Element, Node
from sanderling.dump.tree import Page, is_rendered, text_of

MIN_CHARACTERS = 140
"""Marked-up content shorter than this is more likely a shell than an article."""

_SURROUNDINGS = (
    "nav, aside, footer, [role=navigation], [role=complementary], [role=contentinfo], [role=search], [role=banner], "
    "[role=alertdialog], [aria-modal=true]"
)


def main_roots(page: Page) -> list[Node]:
    """Give the nodes that hold the main content: the page's own when nothing stands out.

    Elements inside that only surround are taken out of the page.
    """
    content = _find(page)
    if content is None:
        return [page.document]
    half = len(text_of(page, content)) / 2
    for element in content.select(_SURROUNDINGS):
        # A footer inside a quote names its author; and never take the content out of itself.
        parent = element.closest("blockquote, figure")
        if parent is None and len(text_of(page, element)) < half:
            element.extract()
    roots: list[Node] = [content]
    if content.select_one("h1") is None:
        headings = [
            heading
            for heading in page.find_all("h1")
            if _is_shown(heading) and heading.closest("nav, aside, footer") is None
        ]
        if len(headings) == 1 and content not in list(headings[0].ancestors):
            roots.insert(0, headings[0])
    return roots


def _find(page: Page) -> Element | None:
    for selector in ("main, [role=main]", "article"):
        marked = [element for element in page.find_all(selector) if _is_shown(element)]
        if len(marked) == 1 and len(text_of(page, marked[0])) >= MIN_CHARACTERS:
            # A main that holds one article, and mostly that: the rest are its surroundings.
            inner = [article for article in marked[0].select("article") if _is_shown(article)]
            if len(inner) == 1 and len(text_of(page, inner[0])) * 2 >= len(text_of(page, marked[0])):
                return inner[0]
            return marked[0]
    found = page.document.main_content()
    return found if found is not None and text_of(page, found) else None


def _is_shown(element: Element) -> bool:
    return is_rendered(element) and all(
        is_rendered(parent) for parent in element.ancestors if isinstance(parent, Element)
    )
