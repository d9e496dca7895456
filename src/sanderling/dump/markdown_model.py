"""Blocks and runs: what a page is made of, between its tree and its Markdown.

A run is text with the formats around it, from the outermost to the innermost. It says nothing of where a format begins
or ends: that follows from its neighbours, so whitespace and blocks inside inline elements need no special cases.

Thread: any.
"""

from __future__ import annotations

from enum import Enum

import msgspec


class Mark(Enum):
    """An inline format without data."""

    STRONG = "strong"
    EM = "em"
    DEL = "del"
    SUB = "sub"
    SUP = "sup"
    CODE = "code"

    # Enum's own asks for the name each time; runs are looked at often enough to tell.
    __hash__ = object.__hash__


class Link(msgspec.Struct, eq=False):
    """An inline format with a destination. Two are equal only if they are the same element."""

    href: str
    title: str


Format = Mark | Link
Formats = tuple[Format, ...]


class Kind(Enum):
    """What a run holds."""

    TEXT = 1  # as in the page: neither collapsed nor escaped
    RAW = 2  # Markdown
    BREAK = 3  # the end of a line


class Run(msgspec.Struct):
    """A piece of a line."""

    kind: Kind
    text: str
    formats: Formats


class Paragraph(msgspec.Struct):
    """A line, or several with hard breaks between."""

    runs: list[Run]
    explicit: bool = False  # was a <p>, whose margins make a list loose


class Heading(msgspec.Struct):
    """A heading of level 1 to 6."""

    level: int
    runs: list[Run]


class CodeBlock(msgspec.Struct):
    """Text that is kept as it is."""

    text: str
    language: str


class Rule(msgspec.Struct):
    """A thematic break."""


class Container(msgspec.Struct):
    """What holds blocks, and nothing else: the document."""

    blocks: list[Block] = msgspec.field(default_factory=list)


class Quote(Container):
    """A block quote."""


class Item(Container):
    """A list item."""

    number: int = 0
    checked: bool | None = None  # None: not a task


class Cell(Container):
    """A table cell."""

    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: str = ""


class ListBlock(msgspec.Struct):
    """A list."""

    ordered: bool
    next_number: int = 1
    step: int = 1
    implicit: bool = False  # made for items that had no list around them
    items: list[Item] = msgspec.field(default_factory=list)


class Row(msgspec.Struct):
    """A table row."""

    in_head: bool
    cells: list[Cell] = msgspec.field(default_factory=list)


class Table(msgspec.Struct):
    """A table of data."""

    rows: list[Row] = msgspec.field(default_factory=list)
    caption: list[Run] = msgspec.field(default_factory=list)


Block = Paragraph | Heading | CodeBlock | Rule | Container | Quote | ListBlock | Table
