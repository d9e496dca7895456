"""From blocks to lines of Markdown.

Containers nest at most `MAX_DEPTH` deep, so this may recurse.

Standards: https://spec.commonmark.org/0.31.2/#container-blocks

Thread: any.
"""

from __future__ import annotations

import itertools

from sanderling.dump.markdown_escape import escape_task, fence_for
from sanderling.dump.markdown_inline import Place, render_inline
from sanderling.dump.markdown_model import (
    Block,
    CodeBlock,
    Container,
    Heading,
    Item,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from sanderling.dump.markdown_tables import render_table

Part = tuple[Block, list[str]]


def render_blocks(blocks: list[Block]) -> list[str]:
    """Write blocks with an empty line between each two; blocks that show nothing vanish."""
    return _join(_parts(blocks), loose=True)


def _parts(blocks: list[Block], *, in_item: bool = False) -> list[Part]:
    parts: list[Part] = []
    alternate = False  # two lists in a row need different markers, or they would be one (5.3)
    for block in blocks:
        last = parts[-1][0] if parts else None
        adjacent = isinstance(block, ListBlock) and isinstance(last, ListBlock) and block.ordered == last.ordered
        alternate = adjacent and not alternate
        if isinstance(block, Table) and block.caption:
            caption = render_inline(block.caption, Place.PARAGRAPH)
            if caption:
                parts.append((Paragraph(block.caption), caption.split("\n")))
        lines = _render(block, alternate=alternate, first_in_item=in_item and not parts)
        if lines:
            parts.append((block, lines))
        elif adjacent:
            alternate = not alternate
    return parts


def _join(parts: list[Part], *, loose: bool) -> list[str]:
    out: list[str] = []
    last: Block | None = None
    for block, lines in parts:
        if last is not None and (loose or _needs_blank(last, block)):
            out.append("")
        out += lines
        last = block
    return out


def _needs_blank(before: Block, after: Block) -> bool:
    """Whether two blocks of a tight item would run into each other without an empty line."""
    if isinstance(before, (Paragraph, Heading)):
        if isinstance(after, ListBlock):
            # 5.2: only a list that starts with 1, and not with an empty item, can interrupt a paragraph.
            return after.ordered and isinstance(before, Paragraph) and _start(after) != 1
        return not isinstance(after, CodeBlock) and isinstance(before, Paragraph)
    return True


def _start(block: ListBlock) -> int:
    return next((item.number for item in block.items if _parts(item.blocks) or item.checked is not None), 1)


def _render(block: Block, *, alternate: bool, first_in_item: bool) -> list[str]:
    if isinstance(block, Paragraph):
        text = render_inline(block.runs, Place.PARAGRAPH)
        return text.split("\n") if text else []
    if isinstance(block, Heading):
        text = render_inline(block.runs, Place.HEADING)
        return [f"{'#' * block.level} {text}"] if text else []
    if isinstance(block, CodeBlock):
        fence = fence_for(block.text)
        return [fence + block.language, *block.text.split("\n"), fence]
    if isinstance(block, Rule):
        # "- ---" would be a rule instead of an item that holds one.
        return ["___"] if first_in_item else ["---"]
    if isinstance(block, ListBlock):
        return _render_list(block, alternate=alternate)
    if isinstance(block, Table):
        return render_table(block)
    lines = render_blocks(block.blocks)
    if isinstance(block, Quote):
        return [f"> {line}" if line else ">" for line in lines]
    return lines


def _render_list(block: ListBlock, *, alternate: bool) -> list[str]:
    items: list[tuple[Item, list[Part]]] = []
    for item in block.items:
        parts = _parts(item.blocks, in_item=item.checked is None)
        if parts or item.checked is not None:
            items.append((item, parts))
    loose = any(_is_loose(parts) for _item, parts in items)
    out: list[str] = []
    for item, parts in items:
        if loose and out:
            out.append("")
        marker = f"{item.number}{')' if alternate else '.'}" if block.ordered else "*" if alternate else "-"
        lines = _join(parts, loose=loose)
        if item.checked is not None:
            # GFM, 5.3: a task marker stands before a paragraph.
            task = "[x]" if item.checked else "[ ]"
            starts_with_text = bool(parts) and isinstance(parts[0][0], Paragraph)
            lines = [f"{task} {lines[0]}", *lines[1:]] if starts_with_text else [task, *([""] if lines else []), *lines]
        elif isinstance(parts[0][0], Paragraph):
            lines[0] = escape_task(lines[0])
        indent = " " * (len(marker) + 1)
        out.append(f"{marker} {lines[0]}")
        out += [indent + line if line else "" for line in lines[1:]]
    return out


def _is_loose(parts: list[Part]) -> bool:
    if any(isinstance(block, Paragraph) and block.explicit for block, _lines in parts):
        return True
    return any(_needs_blank(before[0], after[0]) for before, after in itertools.pairwise(parts))


def document(root: Container) -> str:
    """Write a whole document; it ends with one newline, and is empty if there is nothing."""
    lines = render_blocks(root.blocks)
    return "\n".join(lines) + "\n" if lines else ""
