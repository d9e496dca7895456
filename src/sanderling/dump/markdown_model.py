"""Blocks and runs: what a page is made of, between its tree and its Markdown.

A run is text with the formats around it, from the outermost to the innermost. It says nothing of where a format begins
or ends: that follows from its neighbours, so whitespace and blocks inside inline elements need no special cases.

Thread: any.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


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


@dataclass(slots=True, eq=False)
class Link:
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


@dataclass(slots=True)
class Run:
    """A piece of a line."""

    kind: Kind
    text: str
    formats: Formats


@dataclass(slots=True)
class Paragraph:
    """A line, or several with hard breaks between."""

    runs: list[Run]
    explicit: bool = False  # was a <p>, whose margins make a list loose


@dataclass(slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    runs: list[Run]


@dataclass(slots=True)
class CodeBlock:
    """Text that is kept as it is."""

    text: str
    language: str


@dataclass(slots=True)
class Rule:
    """A thematic break."""


@dataclass(slots=True)
class Container:
    """What holds blocks, and nothing else: the document."""

    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Quote(Container):
    """A block quote."""


@dataclass(slots=True)
class Item(Container):
    """A list item."""

    number: int = 0
    checked: bool | None = None  # None: not a task


@dataclass(slots=True)
class Cell(Container):
    """A table cell."""

    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: str = ""


@dataclass(slots=True)
class ListBlock:
    """A list."""

    ordered: bool
    next_number: int = 1
    step: int = 1
    implicit: bool = False  # made for items that had no list around them
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A table row."""

    in_head: bool
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table of data."""

    rows: list[Row] = field(default_factory=list)
    caption: list[Run] = field(default_factory=list)


Block = Paragraph | Heading | CodeBlock | Rule | Container | Quote | ListBlock | Table
