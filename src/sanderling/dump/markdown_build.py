"""From the rendered tree to blocks and runs.

The builder keeps a stack of open containers, the runs of the line it is at, and the formats in force. A block that
begins inside inline elements ends the line; the formats stay in force for the next, so `<b><p>` and `<a><h3>` come out
right.

Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from sanderling.base.html_core import Element
from sanderling.base.pattern import late_pattern
from sanderling.dump.element_facts import alignment, code_language, integer, layout_tables, name_of
from sanderling.dump.form_text import CONTROLS, control_text, is_checkbox, is_checked
from sanderling.dump.markdown_escape import code_span, destination
from sanderling.dump.markdown_inline import has_content
from sanderling.dump.markdown_lines import Lines
from sanderling.dump.markdown_model import (
    Cell,
    CodeBlock,
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

MAX_SPAN = 1000
"""HTML, 4.9.11: the greatest `colspan`."""

_MARKS = {
    "b": Mark.STRONG, "strong": Mark.STRONG,
    "em": Mark.EM, "i": Mark.EM, "cite": Mark.EM, "dfn": Mark.EM, "var": Mark.EM,
    "del": Mark.DEL, "s": Mark.DEL, "strike": Mark.DEL, "sub": Mark.SUB, "sup": Mark.SUP,
    "code": Mark.CODE, "kbd": Mark.CODE, "samp": Mark.CODE, "tt": Mark.CODE,
}  # fmt: skip
_ONE_LINE = frozenset({"summary", "dt", "legend", "caption", "h1", "h2", "h3", "h4", "h5", "h6"})
_GUTTER = late_pattern(r"(?:^|\s)(?:gutter|linenos?|line-numbers?|hljs-ln-numbers|lineno)(?:\s|$)")


class _Frame(msgspec.Struct):
    """What an element changed, for `leave` to undo."""

    formats: Formats
    depth: int  # containers open before it
    on_leave: Callable[[], None] | None


class Builder(Lines):
    """A visitor that collects the blocks of a page in `root`."""

    def __init__(self, page: Page, resolver: Resolver) -> None:
        super().__init__()
        self._resolver = resolver
        self._frames: list[_Frame] = []
        self._pre_language = ""
        self._layout = layout_tables(page)

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
                self._frames.append(_Frame(self.formats, len(self.containers), None))
                return True
        frame = _Frame(self.formats, len(self.containers), None)
        if handler(self, element, frame):
            self._frames.append(frame)
            return True
        return False

    def leave(self, element: Element) -> None:
        """End an element."""
        frame = self._frames.pop()
        if frame.on_leave is not None:
            frame.on_leave()
        self.formats = frame.formats
        del self.containers[frame.depth :]

    # Handlers: each returns whether to go into the element.

    def _block(self, _element: Element, frame: _Frame) -> bool:
        self.flush() if self.pre is None else self.boundary()
        frame.on_leave = self.flush if self.pre is None else self.boundary
        return True

    def _mark(self, element: Element, _frame: _Frame) -> bool:
        self.formats = self.formats_with(_MARKS[element.tag])
        return True

    def _paragraph(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self.pre is not None:
            return True
        self.explicit += 1

        def leave() -> None:
            self.flush()
            self.explicit -= 1

        frame.on_leave = leave
        return True

    def _line_element(self, element: Element, frame: _Frame, finish: Callable[[list[Run]], None]) -> bool:
        self._block(element, frame)
        if self.pre is not None or self.one_line:
            return True
        self.one_line += 1

        def leave() -> None:
            self.one_line -= 1
            runs, self.runs = self.runs, []
            if has_content(runs):
                finish(runs)

        frame.on_leave = leave
        return True

    def _heading(self, element: Element, frame: _Frame) -> bool:
        level = int(element.tag[1])
        return self._line_element(element, frame, lambda runs: self.target().append(Heading(level, runs)))

    def _label_line(self, element: Element, frame: _Frame) -> bool:
        entered = self._line_element(element, frame, lambda runs: self.target().append(Paragraph(runs)))
        self.formats = self.formats_with(Mark.STRONG)
        return entered

    def _caption(self, element: Element, frame: _Frame) -> bool:
        table = self.containers[-1]
        if not isinstance(table, Table):
            return self._block(element, frame)
        return self._line_element(element, frame, table.caption.extend)

    def _quote(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self.pre is None and not self.one_line and not self.is_deep():
            quote = Quote()
            self.target().append(quote)
            self.push(quote)
        return True

    def _list(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self.pre is not None or self.one_line or self.is_deep():
            return True
        block = ListBlock(element.tag == "ol")
        if block.ordered:
            if element.attr("reversed") is not None:
                block.step = -1
                block.next_number = sum(
                    1 for child in element.children if isinstance(child, Element) and child.tag == "li"
                )
            block.next_number = integer(element.attr("start"), block.next_number)
        self.target().append(block)
        self.push(block)
        return True

    def _item(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self.pre is not None or self.one_line or self.is_deep():
            return True
        block = self.containers[-1]
        if not isinstance(block, ListBlock):
            target = self.target()
            last = target[-1] if target else None
            block = last if isinstance(last, ListBlock) and last.implicit else ListBlock(False, implicit=True)
            if block is not last:
                target.append(block)
            self.push(block)
        number = integer(element.attr("value"), block.next_number)
        block.next_number = number + block.step
        item = Item(number=max(number, 0))  # Markdown has no negative numbers
        block.items.append(item)
        self.push(item)
        return True

    def _preformatted(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self.pre is not None or self.one_line:
            return True
        self.pre, self._pre_language = [], code_language(element)

        def leave() -> None:
            text, self.pre = "".join(self.pre or ()), None
            if text.strip("\n"):
                text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
                self.target().append(CodeBlock(text, self._pre_language))
                self.seen += 1

        frame.on_leave = leave
        return True

    def _rule(self, _element: Element, _frame: _Frame) -> bool:
        self.flush() if self.pre is None else self.boundary()
        if self.pre is None and not self.one_line:
            self.target().append(Rule())
        return False

    def _break(self, _element: Element, _frame: _Frame) -> bool:
        if self.pre is not None:
            self.pre.append("\n")
        else:
            self.runs.append(Run(Kind.BREAK, "", self.formats))
        return False

    def _table(self, element: Element, frame: _Frame) -> bool:
        self._block(element, frame)
        if self.pre is None and not self.one_line and not self.is_deep() and element not in self._layout:
            table = Table()
            self.target().append(table)
            self.push(table)
        return True

    def _row(self, element: Element, frame: _Frame) -> bool:
        table = self.containers[-1]
        if not isinstance(table, Table):
            return self._block(element, frame)
        parent = element.parent
        table.rows.append(Row(isinstance(parent, Element) and parent.tag == "thead"))
        return True

    def _cell(self, element: Element, frame: _Frame) -> bool:
        table = self.containers[-1]
        if not isinstance(table, Table):
            if _GUTTER.search(element.attr("class") or ""):
                return False
            # Cells that only lay out a page stand beside each other: words in a line, unless they hold blocks.
            self.space()
            frame.on_leave = self.space
            return True
        self.flush()
        if not table.rows:
            table.rows.append(Row(False))
        cell = Cell(
            header=element.tag == "th",
            colspan=min(max(integer(element.attr("colspan"), 1), 1), MAX_SPAN),
            rowspan=max(integer(element.attr("rowspan"), 1), 0),
            align=alignment(element),
        )
        table.rows[-1].cells.append(cell)
        self.push(cell)
        frame.on_leave = self.flush
        return True

    def _anchor(self, element: Element, frame: _Frame) -> bool:
        href = self._resolver.link(element)
        if href is None or self.pre is not None:
            return True
        link = Link(href, collapse(element.attr("title") or ""))
        self.formats = formats = self.formats_with(link)
        if link not in formats:
            return True
        seen = self.seen

        def leave() -> None:
            if self.seen == seen and (name := name_of(element)):
                self.words(name, formats=formats)

        frame.on_leave = leave
        return True

    def _image(self, element: Element, _frame: _Frame) -> bool:
        alt = collapse(element.attr("alt") or "")
        if self.pre is not None or (element.attr("width") in ("0", "1") and element.attr("height") in ("0", "1")):
            return False
        source = self._resolver.image(element)
        if source is not None:
            escaped = re.sub(r"([\\\[\]`*_<&])", r"\\\1", alt)
            title = collapse(element.attr("title") or "")
            self.words(f"![{escaped}]({destination(source, title)})", Kind.RAW)
        elif alt:
            self.words(alt)
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
        if source is not None and self.pre is None:
            formats = self.formats_with(Link(source, ""))
            self.space()
            self.words(name_of(element) or source, formats=formats)
            self.space()
        return False

    def _object(self, element: Element, frame: _Frame) -> bool:
        source = self._resolver.source(element, "data")
        seen = self.seen

        def leave() -> None:
            if source is not None and self.seen == seen:
                self.words(name_of(element) or source, formats=self.formats_with(Link(source, "")))

        frame.on_leave = leave
        return True

    def _control(self, element: Element, _frame: _Frame) -> bool:
        if element.tag == "input" and (element.attr("type") or "").strip().lower() == "image":
            return self._image(element, _frame)
        innermost = self.containers[-1]
        if is_checkbox(element) and isinstance(innermost, Item) and self.is_at_start(innermost):
            innermost.checked = is_checked(element)
            return False
        shown = control_text(element)
        if shown.strip():
            self.space()
            for index, line in enumerate(shown.split("\n")):
                if index and self.pre is None:
                    self.runs.append(Run(Kind.BREAK, "", self.formats))
                if line.strip():
                    self.words(line)
            self.space()
        return False

    def _button(self, _element: Element, frame: _Frame) -> bool:
        self.space()
        frame.on_leave = self.space
        return True

    def _ruby_text(self, _element: Element, frame: _Frame) -> bool:
        self.words("(")
        frame.on_leave = lambda: self.words(")")
        return True

    def _quotation(self, _element: Element, frame: _Frame) -> bool:
        self.words("“")
        frame.on_leave = lambda: self.words("”")
        return True

    def _math(self, element: Element, _frame: _Frame) -> bool:
        source = next(
            (one.text for one in element.find_all("annotation") if one.attr("encoding") == "application/x-tex"),
            element.attr("alttext") or "",
        )
        shown = collapse(source or element.text)
        if shown:
            self.words(
                code_span(f"${shown}$") if source and "`" in shown else f"${shown}$" if source else shown,
                Kind.RAW if source else Kind.TEXT,
            )
        return False

    def _drawing(self, element: Element, _frame: _Frame) -> bool:
        for text in element.find_all("text"):
            if words := collapse(text.text):
                self.space()
                self.words(words)
                self.space()
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
