"""What must be escaped for text to mean itself in Markdown, and only that.

Standards: https://spec.commonmark.org/0.31.2/#backslash-escapes , https://github.github.com/gfm/

Thread: any.
"""

from __future__ import annotations

import re

import msgspec

from sanderling.base.pattern import late_pattern

_SPECIAL = late_pattern(r"[\\`*_\[\]<&~]")
_ENTITY = late_pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_FENCE = late_pattern(r"`+")
# 4.1 thematic breaks, 4.2 ATX headings, 4.5 fences, 5.1 quotes, 5.2 list items.
_LINE_START = late_pattern(r"(?:#{1,6}(?=[ \t]|$)|>|[-+*](?=[ \t]|$)|([-_*])(?:[ \t]*\1){2,}[ \t]*$|~~~)")
_TASK_START = late_pattern(r"\[[ xX]\](?=\s|$)")
_ORDERED_START = late_pattern(r"(\d{1,9})(?=[.)](?:[ \t]|$))")
# 4.3 setext underlines; GFM, 4.10 delimiter rows. Both need a line before.
_UNDER_LINE = late_pattern(r"(?:=+|[|:-][|: \t-]*)[ \t]*$")
_CLOSING_HASHES = late_pattern(r"(?:^|(?<=[ \t]))(#+)$")
_CONTROL = late_pattern(r"[\x00-\x20\x7f]")
_BRACKETS = late_pattern(r"\][(\[:]|\[\^")


class Needs(msgspec.Struct, frozen=True):
    """Which characters can mean something in a given line, judged by all its text."""

    star: bool
    underscore: bool
    backtick: bool
    bracket: bool
    tilde: bool
    strike: bool


def needs_of(plain: str, *, emphasis: bool = False, strike: bool = False, code: bool = False) -> Needs:
    """Judge a line by its text outside code, and by what else we put in it ourselves.

    A delimiter that is alone finds no partner, so it can stay as it is.
    """
    return Needs(
        star=plain.count("*") > (0 if emphasis else 1),
        underscore=plain.count("_") > 1,
        backtick=plain.count("`") > (0 if code else 1),
        bracket=_BRACKETS.search(plain) is not None,
        tilde=plain.count("~") > (0 if strike else 1),
        strike=strike,
    )


def is_plain(text: str) -> bool:
    """Whether no character of a text can mean anything inside a line."""
    return _SPECIAL.search(text) is None


def escape_text(text: str, needs: Needs, *, in_link: bool) -> str:
    """Escape what would be read as inline markup."""
    if is_plain(text):
        return text
    out: list[str] = []
    done = 0
    for match in _SPECIAL.finditer(text):
        at = match.start()
        if _must_escape(text, at, needs, in_link):
            out.append(text[done:at])
            out.append("\\")
            done = at
    out.append(text[done:])
    return "".join(out)


def _must_escape(text: str, at: int, needs: Needs, in_link: bool) -> bool:
    character = text[at]
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    match character:
        case "\\":
            return after == "" or after in _PUNCTUATION
        case "`":
            return needs.backtick
        case "*":
            return needs.star and not (before == " " and after == " ")
        case "_":
            # 6.2: inside a word, or between spaces, an underscore is no delimiter.
            return (
                needs.underscore and not (before.isalnum() and after.isalnum()) and not (before == " " and after == " ")
            )
        case "[" | "]":
            return in_link or needs.bracket
        case "<":
            return after == "" or after in "/!?" or after.isalpha()
        case "&":
            return _ENTITY.match(text, at) is not None
        case _:
            return needs.tilde and (needs.strike or "~" in (before, after) or before not in ("", " "))


def escape_line_starts(text: str) -> str:
    """Escape what would make something else of a paragraph's lines than a paragraph."""
    return "\n".join(_escape_line(line, first=index == 0) for index, line in enumerate(text.split("\n")))


def _escape_line(line: str, *, first: bool) -> str:
    if line[:1].isdigit():
        return _ORDERED_START.sub(r"\1\\", line, count=1) if _ORDERED_START.match(line) else line
    if _LINE_START.match(line) or (not first and _UNDER_LINE.match(line)):
        return "\\" + line
    return line


def escape_task(line: str) -> str:
    """Escape what would make a task of a list item (GFM, 5.3)."""
    return "\\" + line if _TASK_START.match(line) else line


def escape_heading(text: str) -> str:
    """Escape hashes that would be read as a heading's closing sequence (4.2)."""
    return _CLOSING_HASHES.sub(r"\\\1", text)


def code_span(text: str) -> str:
    """Quote text with more backticks than stand together in it (6.1)."""
    runs = {len(run) for run in _FENCE.findall(text)}
    length = next(size for size in range(1, len(runs) + 2) if size not in runs)
    fence = "`" * length
    if text.startswith("`") or text.endswith("`") or (text[:1] == " " and text[-1:] == " " and text.strip(" ")):
        text = f" {text} "
    return fence + text + fence


def fence_for(text: str) -> str:
    """Give a code fence longer than any run of backticks in the text (4.5)."""
    longest = max((len(run) for run in _FENCE.findall(text)), default=0)
    return "`" * max(3, longest + 1)


def destination(href: str, title: str = "") -> str:
    """Write a link destination and title, as between the parentheses (6.3)."""
    balance = lowest = 0
    for character in href if "(" in href or ")" in href else "":
        balance += (character == "(") - (character == ")")
        lowest = min(lowest, balance)
    if not href or balance or lowest < 0 or _CONTROL.search(href) or href[0] == "<":
        href = "<" + re.sub(r"[\r\n]+", " ", href).replace("\\", "\\\\").replace("<", "\\<").replace(">", "\\>") + ">"
    else:
        href = re.sub(r"\\(?=[!-/:-@\[-`{-~])", r"\\\\", href)
    href = _ENTITY.sub(lambda match: "\\" + match[0], href)
    if not title:
        return href
    title = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'{href} "{_ENTITY.sub(lambda match: chr(92) + match[0], title)}"'
