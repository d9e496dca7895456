"""A page as plain text, in the manner of `innerText`.

Beyond that, controls are given by what they show, as a reader would see them.

Standards: https://html.spec.whatwg.org/#the-innertext-idl-attribute

Thread: any.
"""

from __future__ import annotations

from sanderling.base.html_core import Element
from sanderling.base.pattern import late_pattern
from sanderling.dump.form_text import CONTROLS, control_text
from sanderling.dump.main_content import main_roots
from sanderling.dump.tree import Page, is_block

_SPACES = late_pattern(r"[ \t\n\f\r]+")
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl", "table", "figure", "hr"}
)
_SKIPPED = frozenset({"svg", "iframe", "audio", "video", "img", "canvas", "rp", "math"})
_PREFORMATTED = frozenset({"pre", "listing", "xmp", "plaintext"})


class _Lines:
    """Collects text with the line ends that the elements around it ask for (the "required line break counts")."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._required = 0
        self._space = False
        self._pre = 0
        self._at_cell = False  # at the beginning of a cell, where no line needs to end
        self._cells: list[int] = []  # cells so far in each open row

    def enter(self, element: Element) -> bool:
        """Begin an element."""
        tag = element.tag
        if tag == "math":
            self._inline(element.text)
            return False
        if tag in _SKIPPED:
            return False
        if tag == "br":
            self._put("\n")
            return False
        if tag in CONTROLS:
            self._inline(" ")
            for index, line in enumerate(control_text(element).split("\n")):
                if index:
                    self._put("\n")
                self._inline(line)
            self._inline(" ")
            return False
        if tag in ("td", "th") and self._cells:
            if self._cells[-1]:
                self._put("\t")
            self._cells[-1] += 1
            self._at_cell = True
        if tag == "tr":
            self._edge(element)
            self._settle()
            self._cells.append(0)
            return True
        self._edge(element)
        if tag in _PREFORMATTED:
            self._pre += 1
        return True

    def leave(self, element: Element) -> None:
        """End an element."""
        if element.tag in _PREFORMATTED:
            self._pre -= 1
        if element.tag == "tr":
            self._cells.pop()
            self._at_cell = False
        if element.tag == "button":
            self._inline(" ")
        self._edge(element)

    def text(self, data: str) -> None:
        """Meet text."""
        if self._pre:
            self._write(data)
        else:
            self._inline(data)

    def _edge(self, element: Element) -> None:
        if element.tag in _PARAGRAPHS:
            self._require(2)
        elif is_block(element):
            self._require(1)

    def _require(self, count: int) -> None:
        # Inside a cell a line ends, but an empty line would tear the row apart.
        self._required = max(self._required, 1 if self._cells else count)
        self._space = False

    def _inline(self, data: str) -> None:
        text = _SPACES.sub(" ", data)
        if text.startswith(" "):
            self._space = True
        core = text.strip(" ")
        if core:
            self._write(core)
            self._space = text.endswith(" ")

    def _put(self, mark: str) -> None:
        self._write(mark)
        self._space = False

    def _write(self, text: str) -> None:
        if not text:
            return
        if self._at_cell and text != "\t":
            self._required, self._space, self._at_cell = 0, False, False
        if text == "\t":
            self._required = 0
        self._settle()
        if self.parts and self._space and text not in ("\n", "\t") and not self.parts[-1].endswith(("\n", "\t")):
            self.parts.append(" ")
        self._space = False
        if text != "\n" or self.parts:
            self.parts.append(text)

    def _settle(self) -> None:
        if self.parts and self._required:
            have = len(self.parts[-1]) - len(self.parts[-1].rstrip("\n"))
            if have < self._required:
                self.parts.append("\n" * (self._required - have))
        self._required = 0


def to_text(html: str, *, main_content: bool = False) -> str:
    """Write a page as text: blocks on lines of their own, an empty line around paragraphs, tabs between cells."""
    page = Page(html)
    lines = _Lines()
    page.walk(lines, main_roots(page) if main_content else None)
    text = "".join(lines.parts).strip("\n")
    return text + "\n" if text else ""
