"""From runs to a line of Markdown.

Three steps: collapse whitespace as CSS does and move it out of the formats it stands at the edge of; find where each
format opens and closes; write the marks, with HTML tags for those that CommonMark's flanking rules would not read as
marks.

Standards: https://drafts.csswg.org/css-text-3/#white-space-phase-1 , https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis

Thread: any.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.dump.markdown_escape import (
    code_span,
    destination,
    escape_heading,
    escape_line_starts,
    escape_text,
    is_plain,
    needs_of,
)
from sanderling.dump.markdown_model import Format, Formats, Kind, Link, Mark, Run

_SPACES = late_pattern(r"[ \t\n\f\r]+")
_MAX_PASSES = 4  # almost always one or two; more only where marks were piled up on purpose
_DELIMITERS = {Mark.STRONG: "**", Mark.EM: "*", Mark.DEL: "~~"}


class Place(Enum):
    """Where a line stands, which decides on its breaks and escapes."""

    PARAGRAPH = 1
    HEADING = 2
    CELL = 3
    CELL_PART = 4  # beside others in a cell, whose characters can pair with those here


_BREAKS = {Place.PARAGRAPH: "  \n", Place.CELL: "<br>", Place.CELL_PART: "<br>"}


class _Op(msgspec.Struct):
    """Something written: text when `format` is None, else a mark that opens or closes."""

    text: str
    format: Format | None = None
    closes: bool = False
    partner: int = -1  # the index of the other mark
    as_tag: bool = False


def render_inline(runs: list[Run], place: Place) -> str:
    """Write runs; the result has line ends only in a paragraph, at hard breaks."""
    pieces = _collapse(runs, place)
    if not pieces:
        return ""
    if len(pieces) == 1 and not pieces[0].formats and pieces[0].kind is Kind.TEXT:
        text = pieces[0].text
        line = text if is_plain(text) else escape_text(text, needs_of(text + _crowd(place)), in_link=False)
    else:
        ops = _operations(pieces, place)
        if any(op.format in _DELIMITERS for op in ops):
            _choose_tags(ops)
        line = _write(ops)
    if place is Place.PARAGRAPH:
        return escape_line_starts(line)
    return escape_heading(line) if place is Place.HEADING else line


def _crowd(place: Place) -> str:
    return "*_`~" if place is Place.CELL_PART else ""


def has_content(runs: list[Run]) -> bool:
    """Whether runs show anything."""
    return any(run.kind is Kind.RAW or (run.kind is Kind.TEXT and run.text.strip() != "") for run in runs)


def split_at_double_breaks(runs: list[Run]) -> list[list[Run]]:
    """Cut runs where two line ends follow each other: an empty line is how pages write paragraphs without `<p>`."""
    if not any(run.kind is Kind.BREAK for run in runs):
        return [runs] if has_content(runs) else []
    parts: list[list[Run]] = [[]]
    last_break = False
    for run in runs:
        if run.kind is Kind.BREAK:
            if last_break:
                if parts[-1]:
                    parts.append([])
                continue
            last_break = True
        elif run.kind is Kind.RAW or run.text.strip():
            last_break = False
        parts[-1].append(run)
    return [part for part in parts if has_content(part)]


def _common(left: Formats, right: Formats) -> Formats:
    length = 0
    if left is right:
        return left
    for one, other in zip(left, right, strict=False):
        if one is not other:
            break
        length += 1
    return left[:length]


def _collapse(runs: list[Run], place: Place) -> list[Run]:
    out: list[Run] = []
    space = ""  # whitespace seen since the last content, not yet written
    shared: Formats = ()  # the formats that all of it stands in
    broken = False

    def put(kind: Kind, text: str, formats: Formats) -> None:
        last = out[-1] if out else None
        if last is not None and kind is Kind.TEXT is last.kind and last.formats == formats:
            last.text += text
        else:
            out.append(Run(kind, text, formats))

    for run in runs:
        if run.kind is Kind.BREAK:
            shared = _common(shared, run.formats)
            if place is Place.HEADING:
                space = space or " "
            else:
                space, broken = "", True
            continue
        if run.kind is Kind.RAW:
            before, core, after = "", run.text, ""
        else:
            text = _SPACES.sub(" ", run.text)
            core = text.strip()
            begin = len(text) - len(text.lstrip())
            before, after = text[:begin], text[begin + len(core) :]
        if before or not core:
            space = _join_space(space, before + after if not core else before)
        shared = _common(shared, run.formats)
        if not core:
            continue
        if out:
            if broken:
                put(Kind.BREAK, "", shared[:-1] if shared and shared[-1] is Mark.CODE else shared)
            elif space:
                put(Kind.TEXT, space, shared)
        put(run.kind, core, run.formats)
        space, shared, broken = after, run.formats, False
    return out


def _join_space(left: str, right: str) -> str:
    # A space beside a space collapses; a no-break space, and other spaces of Unicode, do not.
    return left + right.lstrip(" ") if left.endswith(" ") else left + right


def _operations(pieces: list[Run], place: Place) -> list[_Op]:
    plain = "".join(piece.text for piece in pieces if piece.kind is Kind.TEXT and Mark.CODE not in piece.formats)
    marks = {mark for piece in pieces for mark in piece.formats}
    needs = needs_of(
        plain + _crowd(place),
        emphasis=Mark.EM in marks or Mark.STRONG in marks,
        strike=Mark.DEL in marks,
        code=Mark.CODE in marks,
    )
    ops: list[_Op] = []
    stack: list[tuple[Format, int]] = []
    current: Formats = ()  # the formats on the stack

    def close_to(length: int) -> None:
        while len(stack) > length:
            format_, opened = stack.pop()
            ops[opened].partner = len(ops)
            ops.append(_Op("", format_, closes=True, partner=opened))

    for index, piece in enumerate(pieces):
        is_code = bool(piece.formats) and piece.formats[-1] is Mark.CODE
        outer = piece.formats[:-1] if is_code else piece.formats
        shared = len(_common(current, outer))
        close_to(shared)
        current = outer
        if not is_code and outer and _is_autolink(pieces, index):
            link = outer[-1]
            assert isinstance(link, Link)
            for format_ in outer[shared:-1]:
                stack.append((format_, len(ops)))
                ops.append(_Op("", format_))
            ops.append(_Op(f"<{piece.text}>"))
            current = outer[:-1]
            continue
        for format_ in outer[shared:]:
            if isinstance(format_, Link) and ops and ops[-1].format is None and ops[-1].text.endswith("!"):
                ops[-1].text = ops[-1].text[:-1] + "\\!"  # or it would be an image
            stack.append((format_, len(ops)))
            ops.append(_Op("", format_))
        if piece.kind is Kind.BREAK:
            ops.append(_Op(_BREAKS[place]))
        elif piece.kind is Kind.RAW:
            ops.append(_Op(piece.text))
        elif is_code:
            ops.append(_Op(code_span(piece.text)))
        else:
            in_link = any(isinstance(format_, Link) for format_ in outer)
            ops.append(_Op(escape_text(piece.text, needs, in_link=in_link)))
    close_to(0)
    return ops


def _is_autolink(pieces: list[Run], index: int) -> bool:
    piece = pieces[index]
    link = piece.formats[-1]
    if not isinstance(link, Link) or link.title or piece.kind is not Kind.TEXT:
        return False
    if piece.text != link.href and "mailto:" + piece.text != link.href:
        return False
    if not link.href.startswith(("http://", "https://", "mailto:")) or re.search(r"[<>\s\\]", link.href):
        return False
    neighbours = pieces[max(index - 1, 0) : index] + pieces[index + 1 : index + 2]
    return not any(link in neighbour.formats for neighbour in neighbours)


def _choose_tags(ops: list[_Op]) -> None:
    """Mark delimiters that 6.2 would not take for what they are: they become tags, which always are.

    A tag changes what its neighbours stand beside, so this goes on until nothing changes.
    """
    for _ in range(_MAX_PASSES):
        if not _tag_once(ops):
            return
    for op in ops:
        op.as_tag = True


def _tag_once(ops: list[_Op]) -> bool:
    """Go over all marks, and tell whether there are new tags."""
    changed = False
    open_now = dict.fromkeys("*~", 0)
    index = 0
    while index < len(ops):
        if not _is_delimiter(ops[index]):
            index += 1
            continue
        end = index
        while end < len(ops) and _is_delimiter(ops[end]) and ops[end].closes == ops[index].closes:
            if _character(ops[end]) != _character(ops[index]):
                break
            end += 1
        before, after = _last_character(ops, index), _first_character(ops, end)
        character = _character(ops[index])
        if ops[index].closes:
            good = _flanks(after, before)
        else:
            # What could also close would do that first, and end the emphasis around it. Marks that open right after
            # others that close are one run with them.
            good = _flanks(before, after) and not (open_now[character] and _flanks(after, before))
            good = good and not (index and _is_delimiter(ops[index - 1]) and ops[index - 1].closes)
        for op in ops[index:end]:
            if good:
                open_now[character] += -1 if op.closes else 1
            else:
                op.as_tag = ops[op.partner].as_tag = changed = True
                if op.closes:
                    open_now[character] -= 1
        index = end
    return changed


def _is_delimiter(op: _Op) -> bool:
    return op.format in _DELIMITERS and not op.as_tag


def _character(op: _Op) -> str:
    return "~" if op.format is Mark.DEL else "*"


def _flanks(outside: str, inside: str) -> bool:
    if inside == "" or inside.isspace():
        return False
    return not _is_punctuation(inside) or outside == "" or outside.isspace() or _is_punctuation(outside)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _last_character(ops: list[_Op], index: int) -> str:
    if index == 0:
        return ""
    op = ops[index - 1]
    if op.format is not None:
        return "[" if isinstance(op.format, Link) and not op.closes else ">" if not isinstance(op.format, Link) else ")"
    return op.text[-1:]


def _first_character(ops: list[_Op], index: int) -> str:
    if index == len(ops):
        return ""
    op = ops[index]
    if op.format is not None:
        return "[" if isinstance(op.format, Link) and not op.closes else "<" if not isinstance(op.format, Link) else "]"
    return op.text[:1]


def _write(ops: list[_Op]) -> str:
    out: list[str] = []
    for op in ops:
        format_ = op.format
        if format_ is None:
            out.append(op.text)
        elif isinstance(format_, Link):
            out.append(f"]({destination(format_.href, format_.title)})" if op.closes else "[")
        elif format_ in _DELIMITERS and not op.as_tag:
            out.append(_DELIMITERS[format_])
        else:
            out.append(f"</{format_.value}>" if op.closes else f"<{format_.value}>")
    return "".join(out)
