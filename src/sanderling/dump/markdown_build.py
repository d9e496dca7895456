"""From the rendered tree to blocks and runs.

The builder keeps a stack of open containers, the runs of the line it is at, and the formats in force. A block that
begins inside inline elements ends the line; the formats stay in force for the next, so `<b><p>` and `<a><h3>` come out
right.

Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from turbohtml import Element, Node

from sanderling.dump.form_text import CONTROLS, control_text, is_checkbox, is_checked
from sanderling.dump.markdown_escape import code_span, destination
from sanderling.dump.markdown_inline import has_content, split_at_double_breaks
from sanderling.dump.markdown_model import (
    Block,
    Cell,
    CodeBlock,
    Container,
    Format,
    Formats,
    Heading,
    Item,
    Kind,
    Link,
    ListBlock,
    Mark,
    Paragraph,
    Quote,
    Row,
    Rule,
    Run,
    Table,
)
from sanderling.dump.resources import Resolver
from sanderling.dump.tree import Page, collapse, is_block

MAX_DEPTH = 32
"""Lists, quotes and tables nested deeper are written at this depth: nobody reads more, and each level costs columns."""

MAX_SPAN = 1000
"""HTML, 4.9.11: the greatest `colspan`."""

_MARKS = {
    "b": Mark.STRONG, "strong": Mark.STRONG,
    "em": Mark.EM, "i": Mark.EM, "cite": Mark.EM, "dfn": Mark.EM, "var": Mark.EM,
    "del": Mark.DEL, "s": Mark.DEL, "strike": Mark.DEL, "sub": Mark.SUB, "sup": Mark.SUP,
    "code": Mark.CODE, "kbd": Mark.CODE, "samp": Mark.CODE, "tt": Mark.CODE,
}  # fmt: skip
_ONE_LINE = frozenset({"summary", "dt", "legend", "caption", "h1", "h2", "h3", "h4", "h5", "h6"})
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s*|sourceCode\s+)([\w+#.-]+)", re.IGNORECASE
)
_GUTTER = re.compile(r"(?:^|\s)(?:gutter|linenos?|line-numbers?|hljs-ln-numbers|lineno)(?:\s|$)")


@dataclass(slots=True)
class _Frame:
    """What an element changed, for `leave` to undo."""

    formats: Formats
    depth: int  # containers open before it
    on_leave: Callable[[], None] | None


class Builder:
    """A visitor that collects the blocks of a page in `root`."""

    def __init__(self, page: Page, resolver: Resolver) -> None:
        self.root = Container()
        self._resolver = resolver
        self._containers: list[Container | ListBlock | Table] = [self.root]
        self._runs: list[Run] = []
        self._formats: Formats = ()
        self._frames: list[_Frame] = []
        self._explicit = 0  # open <p> elements
        self._one_line = 0  # open elements whose text may not be broken into blocks
        self._pre: list[str] | None = None
        self._pre_language = ""
        self._seen = 0  # runs with content so far, to tell empty links
        self._layout = _layout_tables(page)

    def enter(self, element: Element) -> bool:
        """Begin an element."""
        tag = element.tag
        handler = _HANDLERS.get(tag)
        if handler is None:
            if is_block(element):
                handler = Builder._block
            elif tag in _MARKS:
                handler = Builder._mark
            else:
                self._frames.append(_Frame(self._formats, len(self._containers), None))
                return True
        frame = _Frame(self._formats, len(self._containers), None)
        if handler(self, element, frame):
            self._frames.append(frame)
            return True
        return False

    def leave(self, element: Element) -> None:
        """End an element."""
        frame = self._frames.pop()
        if frame.on_leave is not None:
            frame.on_leave()
        self._formats = frame.formats
        del self._containers[frame.depth :]

    def text(self, data: str) -> None:
        """Meet text."""
        if self._pre is not None:
            self._pre.append(data)
            return
        if not data.isspace():
            self._seen += 1
        self._runs.append(Run(Kind.TEXT, data, self._formats))

    # Lines and containers

    def flush(self) -> None:
        """End the line, if there is one."""
        if self._one_line:
            self._boundary()
            return
        runs, self._runs = self._runs, []
        if not runs or not has_content(runs):
            return
        target = self._target()
        for part in split_at_double_breaks(runs):
            target.append(Paragraph(part, self._explicit > 0))

    def _boundary(self) -> None:
        if self._pre is not None:
            if self._pre and not self._pre[-1].endswith("\n"):
                self._pre.append("\n")
        elif self._runs:
            self._runs.append(Run(Kind.TEXT, " ", ()))

    def _target(self) -> list[Block]:
        """Where the next block goes: into the innermost container that takes blocks."""
        innermost = self._containers[-1]
        if isinstance(innermost, ListBlock):
            if not innermost.items:
                innermost.items.append(Item(number=innermost.next_number))
                innermost.next_number += innermost.step
            return innermost.items[-1].blocks
        return next(open_.blocks for open_ in reversed(self._containers) if isinstance(open_, Container))

    def _push(self, container: Container | ListBlock | Table) -> None:
        if len(self._containers) <= MAX_DEPTH:
            self._containers.append(container)

    def _is_at_start(self, item: Item) -> bool:
        return item.checked is None and not item.blocks and not has_content(self._runs) and not self._one_line

    def _is_deep(self) -> bool:
        return len(self._containers) > MAX_DEPTH

    def _with(self, format_: Format) -> Formats:
        """Give the formats in force with one more: code stays the innermost, and what is there is not there twice."""
        formats = self._formats
        if format_ in formats or (isinstance(format_, Link) and any(isinstance(one, Link) for one in formats)):
            return formats
        if formats and formats[-1] is Mark.CODE:
            # Emphasis in code is colouring; an index or a destination means something.
            return formats if format_ in (Mark.STRONG, Mark.EM, Mark.DEL) else (*formats[:-1], format_, Mark.CODE)
        return (*formats, format_)

    def _words(self, text: str, kind: Kind = Kind.TEXT, formats: Formats | None = None) -> None:
        if self._pre is not None:
            if kind is Kind.TEXT:
                self._pre.append(text)
            return
        self._seen += 1
        self._runs.append(Run(kind, text, self._formats if formats is None else formats))

    def _space(self) -> None:
        if self._pre is None:
            self._runs.append(Run(Kind.TEXT, " ", ()))

    # Handlers: each returns whether to go into the element.

    def _block(self, _element: Element, frame: _Frame) -> bool:
        self.flush() if self._pre is None else self._boundary()
        frame.on_leave = self.flush if self._pre is None else self._boundary
        return True

    def _mark(self, element: Element, _frame: _Frame) -> bool:
        self._formats = self._with(_MARKS[element.tag])
        return True

    def _paragraph(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self._pre is not None:
            return True
        self._explicit += 1

        def leave() -> None:
            self.flush()
            self._explicit -= 1

        frame.on_leave = leave
        return True

    def _line_element(self, element: Element, frame: _Frame, finish: Callable[[list[Run]], None]) -> bool:
        self._block(element, frame)
        if self._pre is not None or self._one_line:
            return True
        self._one_line += 1

        def leave() -> None:
            self._one_line -= 1
            runs, self._runs = self._runs, []
            if has_content(runs):
                finish(runs)

        frame.on_leave = leave
        return True

    def _heading(self, element: Element, frame: _Frame) -> bool:
        level = int(element.tag[1])
        return self._line_element(element, frame, lambda runs: self._target().append(Heading(level, runs)))

    def _label_line(self, element: Element, frame: _Frame) -> bool:
        entered = self._line_element(element, frame, lambda runs: self._target().append(Paragraph(runs)))
        self._formats = self._with(Mark.STRONG)
        return entered

    def _caption(self, element: Element, frame: _Frame) -> bool:
        table = self._containers[-1]
        if not isinstance(table, Table):
            return self._block(element, frame)
        return self._line_element(element, frame, table.caption.extend)

    def _quote(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self._pre is None and not self._one_line and not self._is_deep():
            quote = Quote()
            self._target().append(quote)
            self._push(quote)
        return True

    def _list(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self._pre is not None or self._one_line or self._is_deep():
            return True
        block = ListBlock(element.tag == "ol")
        if block.ordered:
            if element.attr("reversed") is not None:
                block.step = -1
                block.next_number = sum(
                    1 for child in element.children if isinstance(child, Element) and child.tag == "li"
                )
            block.next_number = _integer(element.attr("start"), block.next_number)
        self._target().append(block)
        self._push(block)
        return True

    def _item(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self._pre is not None or self._one_line or self._is_deep():
            return True
        block = self._containers[-1]
        if not isinstance(block, ListBlock):
            target = self._target()
            last = target[-1] if target else None
            block = last if isinstance(last, ListBlock) and last.implicit else ListBlock(False, implicit=True)
            if block is not last:
                target.append(block)
            self._push(block)
        number = _integer(element.attr("value"), block.next_number)
        block.next_number = number + block.step
        item = Item(number=max(number, 0))  # Markdown has no negative numbers
        block.items.append(item)
        self._push(item)
        return True

    def _preformatted(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self._pre is not None or self._one_line:
            return True
        self._pre, self._pre_language = [], _language(element)

        def leave() -> None:
            text, self._pre = "".join(self._pre or ()), None
            if text.strip("\n"):
                text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
                self._target().append(CodeBlock(text, self._pre_language))
                self._seen += 1

        frame.on_leave = leave
        return True

    def _rule(self, _element: Element, _frame: _Frame) -> bool:
        self.flush() if self._pre is None else self._boundary()
        if self._pre is None and not self._one_line:
            self._target().append(Rule())
        return False

    def _break(self, _element: Element, _frame: _Frame) -> bool:
        if self._pre is not None:
            self._pre.append("\n")
        else:
            self._runs.append(Run(Kind.BREAK, "", self._formats))
        return False

    def _table(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self._pre is None and not self._one_line and not self._is_deep() and element not in self._layout:
            table = Table()
            self._target().append(table)
            self._push(table)
        return True

    def _row(self, element: Element, frame: _Frame) -> bool:
        table = self._containers[-1]
        if not isinstance(table, Table):
            return self._block(element, frame)
        parent = element.parent
        table.rows.append(Row(isinstance(parent, Element) and parent.tag == "thead"))
        return True

    def _cell(self, element: Element, frame: _Frame) -> bool:
        table = self._containers[-1]
        if not isinstance(table, Table):
            if _GUTTER.search(element.attr("class") or ""):
                return False
            # Cells that only lay out a page stand beside each other: words in a line, unless they hold blocks.
            self._space()
            frame.on_leave = self._space
            return True
        self.flush()
        if not table.rows:
            table.rows.append(Row(False))
        cell = Cell(
            header=element.tag == "th",
            colspan=min(max(_integer(element.attr("colspan"), 1), 1), MAX_SPAN),
            rowspan=max(_integer(element.attr("rowspan"), 1), 0),
            align=_alignment(element),
        )
        table.rows[-1].cells.append(cell)
        self._push(cell)
        frame.on_leave = self.flush
        return True

    def _anchor(self, element: Element, frame: _Frame) -> bool:
        href = self._resolver.link(element)
        if href is None or self._pre is not None:
            return True
        link = Link(href, collapse(element.attr("title") or ""))
        self._formats = formats = self._with(link)
        if link not in formats:
            return True
        seen = self._seen

        def leave() -> None:
            if self._seen == seen and (name := _name_of(element)):
                self._words(name, formats=formats)

        frame.on_leave = leave
        return True

    def _image(self, element: Element, _frame: _Frame) -> bool:
        alt = collapse(element.attr("alt") or "")
        if self._pre is not None or (element.attr("width") in ("0", "1") and element.attr("height") in ("0", "1")):
            return False
        source = self._resolver.image(element)
        if source is not None:
            escaped = re.sub(r"([\\\[\]`*_<&])", r"\\\1", alt)
            title = collapse(element.attr("title") or "")
            self._words(f"![{escaped}]({destination(source, title)})", Kind.RAW)
        elif alt:
            self._words(alt)
        return False

    def _embedded(self, element: Element, _frame: _Frame) -> bool:
        """`iframe`, `embed`, `audio`, `video`: a link to what is shown there."""
        source = self._resolver.source(element)
        if source is None:
            for child in element.children:
                if isinstance(child, Element) and child.tag == "source":
                    source = self._resolver.source(child)
                if source is not None:
                    break
        if source is not None and self._pre is None:
            formats = self._with(Link(source, ""))
            self._space()
            self._words(_name_of(element) or source, formats=formats)
            self._space()
        return False

    def _object(self, element: Element, frame: _Frame) -> bool:
        source = self._resolver.source(element, "data")
        seen = self._seen

        def leave() -> None:
            if source is not None and self._seen == seen:
                self._words(_name_of(element) or source, formats=self._with(Link(source, "")))

        frame.on_leave = leave
        return True

    def _control(self, element: Element, _frame: _Frame) -> bool:
        if element.tag == "input" and (element.attr("type") or "").strip().lower() == "image":
            return self._image(element, _frame)
        innermost = self._containers[-1]
        if is_checkbox(element) and isinstance(innermost, Item) and self._is_at_start(innermost):
            innermost.checked = is_checked(element)
            return False
        shown = control_text(element)
        if shown.strip():
            self._space()
            for index, line in enumerate(shown.split("\n")):
                if index and self._pre is None:
                    self._runs.append(Run(Kind.BREAK, "", self._formats))
                if line.strip():
                    self._words(line)
            self._space()
        return False

    def _button(self, _element: Element, frame: _Frame) -> bool:
        self._space()
        frame.on_leave = self._space
        return True

    def _ruby_text(self, _element: Element, frame: _Frame) -> bool:
        self._words("(")
        frame.on_leave = lambda: self._words(")")
        return True

    def _quotation(self, _element: Element, frame: _Frame) -> bool:
        self._words("“")
        frame.on_leave = lambda: self._words("”")
        return True

    def _math(self, element: Element, _frame: _Frame) -> bool:
        source = next(
            (one.text for one in element.find_all("annotation") if one.attr("encoding") == "application/x-tex"),
            element.attr("alttext") or "",
        )
        shown = collapse(source or element.text)
        if shown:
            self._words(
                code_span(f"${shown}$") if source and "`" in shown else f"${shown}$" if source else shown,
                Kind.RAW if source else Kind.TEXT,
            )
        return False

    def _drawing(self, element: Element, _frame: _Frame) -> bool:
        for text in element.find_all("text"):
            if words := collapse(text.text):
                self._space()
                self._words(words)
                self._space()
        return False


_Handler = Callable[[Builder, Element, _Frame], bool]

_HANDLERS: dict[str, _Handler] = {
    "p": Builder._paragraph,
    "blockquote": Builder._quote,
    **dict.fromkeys(("ul", "ol", "menu", "dir"), Builder._list),
    **dict.fromkeys(("li", "dd"), Builder._item),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Builder._heading),
    **dict.fromkeys(("summary", "dt", "legend"), Builder._label_line),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), Builder._preformatted),
    "hr": Builder._rule,
    "br": Builder._break,
    "table": Builder._table,
    "tr": Builder._row,
    "td": Builder._cell,
    "th": Builder._cell,
    "caption": Builder._caption,
    "a": Builder._anchor,
    "img": Builder._image,
    **dict.fromkeys(("iframe", "embed", "audio", "video"), Builder._embedded),
    "object": Builder._object,
    **dict.fromkeys(CONTROLS, Builder._control),
    "button": Builder._button,
    "rt": Builder._ruby_text,
    "rtc": Builder._ruby_text,
    "rp": lambda *_: False,
    "q": Builder._quotation,
    "math": Builder._math,
    "svg": Builder._drawing,
}


def _integer(text: str | None, default: int) -> int:
    # HTML, 2.3.4.1: leading whitespace and a sign, then digits; what follows them is ignored.
    match = re.match(r"[ \t\n\f\r]*([+-]?\d{1,9})", text) if text else None
    return int(match[1]) if match else default


def _alignment(element: Element) -> str:
    style = re.search(r"(?:^|;)\s*text-align\s*:\s*(left|right|center)", element.attr("style") or "", re.IGNORECASE)
    align = style[1].lower() if style else (element.attr("align") or "").strip().lower()
    return align if align in ("left", "right", "center") else ""


def _language(pre: Element) -> str:
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


def _name_of(element: Element) -> str:
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


def _layout_tables(page: Page) -> set[Element]:
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
