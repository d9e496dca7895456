"""A page as Markdown: CommonMark with the tables, tasks and strikethrough of GFM.

Where Markdown has no words, HTML stays (`<sub>`, `<sup>`, `<br>` in cells), or plain text. Definition lists
are bold terms followed by lists of their definitions; form controls are what they show.

Thread: any.
"""

from __future__ import annotations

from sanderling.dump.main_content import main_roots
from sanderling.dump.markdown_blocks import document
from sanderling.dump.markdown_build import Builder
from sanderling.dump.resources import Resolver
from sanderling.dump.tree import Page


def to_markdown(html: str, base_url: str, *, main_content: bool = False) -> str:
    """Write a page as Markdown.

    Args:
        html: The page, with control state in attributes, and best without what is not rendered.
        base_url: The document's URL; a `<base href>` in the page is relative to it.
        main_content: Only the article, without what surrounds it.
    """
    page = Page(html)
    builder = Builder(page, Resolver(base_url, page.base_href()))
    page.walk(builder, main_roots(page) if main_content else None)
    builder.flush()
    return document(builder.root)
