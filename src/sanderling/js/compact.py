"""JavaScript of `web/` without what only people read: comments at the ends of lines, and white space that separates nothing.

The engine keeps the source of everything in the snapshot, and every isolate has it. Lines stay where they are, since positions in stacks are told by them;
strings, templates and regular expressions stay as they are. This knows the style of `web/`, not all of the language: division has spaces around it, so that a
slash without one behind it begins a regular expression.

Thread: any.
"""

from __future__ import annotations

import re

from sanderling.base.pattern import late_pattern

_TOKEN = late_pattern(
    r"""(?P<kept>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|/\*.*?\*/"""
    r"""|/(?![ /*=])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)"""
    r"""|(?P<template>`)|[ \t]*//[^\n]*|[ \t]+""",
    re.DOTALL,
)
_IN_TEMPLATE = late_pattern(r"\\.|`|\$\{", re.DOTALL)
_IN_EXPRESSION = late_pattern(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[{}`]""")


def compact(text: str) -> str:
    """Drop what only people read; as many lines as before."""
    out: list[str] = []
    at = 0
    while (found := _TOKEN.search(text, at)) is not None:
        out.append(text[at : found.start()])
        at = found.end()
        if found["template"]:
            at = _template_end(text, at)
            out.append(text[found.start() : at])
        elif found["kept"]:
            out.append(found["kept"])
        elif not found[0].lstrip().startswith("//") and _separates(
            text[found.start() - 1 : found.start()], text[at : at + 1]
        ):
            out.append(" ")
    out.append(text[at:])
    return "".join(out)


def _separates(before: str, behind: str) -> bool:
    """Tell whether white space between two characters has to stay; either is empty at an end of the text."""
    if not before or not behind or before == "\n" or behind == "\n":
        return False
    if _is_of_name(before) and _is_of_name(behind):
        return True
    # `a + +b`, `a / /b/`, and `a < !--b`, which else would begin a comment
    return (before in "+-" and behind in "+-") or "/" in (before, behind) or (before == "<" and behind == "!")


def _is_of_name(character: str) -> bool:
    return character.isalnum() or character in "_$#"


def _template_end(text: str, at: int) -> int:
    """Give the end of a template literal whose first backquote stands before `at`."""
    while (found := _IN_TEMPLATE.search(text, at)) is not None:
        at = found.end()
        if found[0] == "`":
            return at
        if found[0] == "${":
            at = _expression_end(text, at)
    return len(text)


def _expression_end(text: str, at: int) -> int:
    depth = 1
    while depth > 0 and (found := _IN_EXPRESSION.search(text, at)) is not None:
        at = found.end()
        if found[0] == "`":
            at = _template_end(text, at)
        elif found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
    return at
