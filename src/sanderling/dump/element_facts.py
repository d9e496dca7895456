"""What elements say about themselves in attributes that Markdown has to know.

Thread: any.
"""

from __future__ import annotations

import re

from sanderling.base.html_core import Element, Node
from sanderling.base.pattern import late_pattern
from sanderling.dump.tree import Page, collapse

_LANGUAGE = late_pattern(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s*|sourceCode\s+)([\w+#.-]+)", re.IGNORECASE
)


def integer(text: str | None, default: int) -> int:
    """Read a number from an attribute, or give the default."""
    # HTML, 2.3.4.1: leading whitespace and a sign, then digits; what follows them is ignored.
    match = re.match(r"[ \t\n\f\r]*([+-]?\d{1,9})", text) if text else None
    return int(match[1]) if match else default


def alignment(element: Element) -> str:
    """Give a cell's alignment: left, right, center, or nothing."""
    style = re.search(r"(?:^|;)\s*text-align\s*:\s*(left|right|center)", element.attr("style") or "", re.IGNORECASE)
    align = style[1].lower() if style else (element.attr("align") or "").strip().lower()
    return align if align in ("left", "right", "center") else ""


def code_language(pre: Element) -> str:
    """Find a code block's language on itself, on the code inside, or on a wrapper of highlighters."""
    inside = pre.find("code")
    around = [node for node in (pre.parent, pre.parent.parent if pre.parent else None) if isinstance(node, Element)]
    for element in (inside, pre, *around):
        if element is None:
            continue
        for name in ("data-lang", "data-language"):
            if (value := collapse(element.attr(name) or "")) and re.fullmatch(r"[\w+#.-]+", value):
                return value
        match = _LANGUAGE.search(element.attr("class") or "")
        if match is not None:
            return match[1]
    return ""


def name_of(element: Element) -> str:
    """Give an accessible name for an element without text: `aria-label`, `title`, or the title of a drawing inside."""
    for name in ("aria-label", "title"):
        if value := collapse(element.attr(name) or ""):
            return value
    drawing = element.find("svg")
    if drawing is not None:
        title = drawing.find("title")
        return collapse(drawing.attr("aria-label") or (title.text if title is not None else ""))
    return ""


def _table_of(node: Node) -> Element | None:
    for ancestor in node.ancestors:
        if isinstance(ancestor, Element) and ancestor.tag == "table":
            return ancestor
    return None


def layout_tables(page: Page) -> set[Element]:
    """Find the tables that arrange a page instead of holding data.

    They say so (`role`), or have no header cells and either hold other tables or code blocks, or are one cell.
    """
    tables = page.find_all("table")
    if not tables:
        return set()
    layout = {table for table in tables if (table.attr("role") or "").strip().lower() in ("presentation", "none")}
    headed = {owner for cell in page.find_all("th, caption, thead") if (owner := _table_of(cell)) is not None}
    nesting = {owner for inner in page.find_all("table table, table pre") if (owner := _table_of(inner)) is not None}
    cells: dict[Element, int] = {}
    for cell in page.find_all("td"):
        if (owner := _table_of(cell)) is not None:
            cells[owner] = cells.get(owner, 0) + 1
    layout |= {table for table in tables if table not in headed and (table in nesting or cells.get(table, 0) <= 1)}
    return layout
