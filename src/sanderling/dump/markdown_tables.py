"""Tables: a grid of cells, each on one line.

Standards: https://html.spec.whatwg.org/#forming-a-table , https://github.github.com/gfm/#tables-extension-

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable

from sanderling.dump.markdown_escape import code_span
from sanderling.dump.markdown_inline import Place, render_inline
from sanderling.dump.markdown_model import Block, Cell, CodeBlock, Container, Heading, ListBlock, Paragraph, Row, Table

MAX_COLUMNS = 256
"""Cells beyond share the last column: spans over rows and columns would let a small page ask for a huge table."""

_RULES = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}


def render_table(table: Table) -> list[str]:
    """Write a table without its caption; no lines when it shows nothing.

    A table without header cells gets an empty header, since GFM has none without. The first row is the header if it
    stands in a `thead` or has only `th`. A spanned place is an empty cell: repeating would say things more often than
    the page does.
    """
    if table.rows and not table.rows[0].in_head:
        # A thead may stand after the body in the tree, and is shown first.
        table.rows.sort(key=lambda row: not row.in_head)
    grid = [row for row in _grid(table.rows) if any(row)]
    if not grid:
        return []
    first = next(row for row in table.rows if row.cells)
    has_header = first.in_head or all(cell.header for cell in first.cells)
    has_header = has_header and any(flatten(cell.blocks) for cell in first.cells)
    width = max(len(row) for row in grid)
    header = grid.pop(0) if has_header else []
    header += [""] * (width - len(header))
    aligns = _aligns(table.rows, width)
    return [_line(header), _line(_RULES[align] for align in aligns), *(_line(row) for row in grid)]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _grid(rows: list[Row]) -> list[list[str]]:
    """Place cells as HTML, 4.9.12 does, up to the last that has text; rows come out of different lengths."""
    grid: list[list[str]] = []
    below: dict[int, int] = {}  # column -> how many more rows a cell from above takes there
    for index, row in enumerate(rows):
        line: list[str] = []
        spans: dict[int, int] = {}
        column = 0
        for cell in row.cells:
            while below.get(column, 0) and column < MAX_COLUMNS:
                column += 1
            text = flatten(cell.blocks)
            if column >= MAX_COLUMNS:
                line += [""] * (MAX_COLUMNS - len(line))
                line[-1] = f"{line[-1]} {text}".strip()
                continue
            line += [""] * (column - len(line))
            line.append(text)
            # 0 means "to the end of the row group".
            rowspan = min(cell.rowspan or len(rows), len(rows) - index)
            for taken in range(column, min(column + cell.colspan, MAX_COLUMNS)):
                if rowspan > 1:
                    spans[taken] = rowspan
            column += cell.colspan
        while line and not line[-1]:
            line.pop()
        grid.append(line)
        below = {place: left - 1 for place, left in below.items() if left > 1}
        below.update({place: left - 1 for place, left in spans.items()})
    return grid


def _aligns(rows: list[Row], width: int) -> list[str]:
    aligns = [""] * width
    for row in rows[:2]:
        column = 0
        for cell in row.cells:
            if column < width:
                aligns[column] = aligns[column] or cell.align
            column += cell.colspan
    return aligns


def flatten(blocks: list[Block]) -> str:
    """Write blocks on one line, with `<br>` between them: all a cell can hold."""
    # An unescaped pipe ends a cell even inside code (GFM, 4.10, example 200).
    lines = _lines(blocks, Place.CELL)
    if len(lines) > 1:
        lines = _lines(blocks, Place.CELL_PART)
    return "<br>".join(lines).replace("|", "\\|")


def _lines(blocks: list[Block], place: Place) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, (Paragraph, Heading)):
            lines.append(render_inline(block.runs, place))
        elif isinstance(block, CodeBlock):
            lines += [code_span(line) for line in block.text.split("\n") if line.strip()]
        elif isinstance(block, ListBlock):
            for item in block.items:
                mark = f"{item.number}. " if block.ordered else "- "
                if item.checked is not None:
                    mark += "[x] " if item.checked else "[ ] "
                inner = _lines(item.blocks, place)
                lines += [mark + inner[0], *inner[1:]] if inner else []
        elif isinstance(block, Table):
            if block.caption:
                lines.append(render_inline(block.caption, place))
            lines += [line for row in block.rows if (line := _words(row.cells, place))]
        elif isinstance(block, Container):
            lines += _lines(block.blocks, place)
    return [line for line in lines if line]


def _words(cells: list[Cell], place: Place) -> str:
    return " ".join(text for cell in cells if (text := " ".join(_lines(cell.blocks, place))))
