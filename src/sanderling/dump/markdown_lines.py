"""The place at which a page is being written: open containers, the line so far, and the formats in force.

Thread: any.
"""

from __future__ import annotations

from sanderling.dump.markdown_inline import has_content, split_at_double_breaks
from sanderling.dump.markdown_model import (
    Block,
    Container,
    Format,
    Formats,
    Item,
    Kind,
    Link,
    ListBlock,
    Mark,
    Paragraph,
    Run,
    Table,
)

MAX_DEPTH = 32
"""Lists, quotes and tables nested deeper are written at this depth: nobody reads more, and each level costs columns."""


class Lines:
    """Collects runs into paragraphs, and paragraphs into the innermost container."""

    def __init__(self) -> None:
        self.root = Container()
        self.containers: list[Container | ListBlock | Table] = [self.root]
        self.runs: list[Run] = []
        self.formats: Formats = ()
        self.explicit = 0  # open <p> elements
        self.one_line = 0  # open elements whose text may not be broken into blocks
        self.pre: list[str] | None = None  # the text so far of preformatted text, inside of it
        self.seen = 0  # runs with content so far, to tell empty links

    def text(self, data: str) -> None:
        """Meet text."""
        if self.pre is not None:
            self.pre.append(data)
            return
        if not data.isspace():
            self.seen += 1
        self.runs.append(Run(Kind.TEXT, data, self.formats))

    def flush(self) -> None:
        """End the line, if there is one."""
        if self.one_line:
            self.boundary()
            return
        runs, self.runs = self.runs, []
        if runs and (parts := split_at_double_breaks(runs)):
            target = self.target()
            for part in parts:
                target.append(Paragraph(part, self.explicit > 0))

    def boundary(self) -> None:
        """Pass the edge of a block where no block can begin: a space, or a new line of preformatted text."""
        if self.pre is not None:
            if self.pre and not self.pre[-1].endswith("\n"):
                self.pre.append("\n")
        elif self.runs:
            self.runs.append(Run(Kind.TEXT, " ", ()))

    def target(self) -> list[Block]:
        """Where the next block goes: into the innermost container that takes blocks."""
        innermost = self.containers[-1]
        if isinstance(innermost, ListBlock):
            if not innermost.items:
                innermost.items.append(Item(number=innermost.next_number))
                innermost.next_number += innermost.step
            return innermost.items[-1].blocks
        return next(open_.blocks for open_ in reversed(self.containers) if isinstance(open_, Container))

    def push(self, container: Container | ListBlock | Table) -> None:
        """Open a container, which its frame closes; no deeper than is allowed."""
        if len(self.containers) <= MAX_DEPTH:
            self.containers.append(container)

    def is_at_start(self, item: Item) -> bool:
        """Whether a list item holds nothing yet."""
        return item.checked is None and not item.blocks and not has_content(self.runs) and not self.one_line

    def is_deep(self) -> bool:
        """Whether no more containers may be opened."""
        return len(self.containers) > MAX_DEPTH

    def formats_with(self, format_: Format) -> Formats:
        """Give the formats in force with one more: code stays the innermost, and what is there is not there twice."""
        formats = self.formats
        if format_ in formats or (isinstance(format_, Link) and any(isinstance(one, Link) for one in formats)):
            return formats
        if formats and formats[-1] is Mark.CODE:
            # Emphasis in code is colouring; an index or a destination means something.
            return formats if format_ in (Mark.STRONG, Mark.EM, Mark.DEL) else (*formats[:-1], format_, Mark.CODE)
        return (*formats, format_)

    def words(self, text: str, kind: Kind = Kind.TEXT, formats: Formats | None = None) -> None:
        """Add content that is no text node; Markdown of ours has no place in preformatted text."""
        if self.pre is not None:
            if kind is Kind.TEXT:
                self.pre.append(text)
            return
        self.seen += 1
        self.runs.append(Run(kind, text, self.formats if formats is None else formats))

    def space(self) -> None:
        """Keep what comes apart from what was."""
        if self.pre is None:
            self.runs.append(Run(Kind.TEXT, " ", ()))
