"""What a module imports, found in its source before the engine parses it, so that all of it can be fetched at once.

A scan, not a parser: what it finds and is none costs a request, what it misses a wait. Comments, strings, templates and regular
expressions are known for what they are (ECMA-262, 12); only where a slash after a bracket begins one is guessed.

Thread: any.
"""

from __future__ import annotations

import re

from sanderling.base.pattern import late_pattern

_STATIC = late_pattern(
    r"""(?:^|[;}\s])import\s*(['"])([^'"\n]+)\1|(?<![\w$.])from\s*(['"])([^'"\n]+)\3""",
    re.MULTILINE,
)
"""`import 'x'`, or what may be the end of `import a, {b} from 'x'` and `export * from 'x'`; `_CLAUSE` decides."""

_TYPED = late_pattern(
    r"""(['"])([^'"\n]+)\1\s*(?:with\b|,\s*\{\s*(['"]?)with\3\s*:)\s*\{\s*(['"]?)type\4\s*:\s*(['"])(\w+)\5"""
)
"""`'x' with { type: 'json' }`, and what may be `import('x', { with: { type: 'json' } })`."""

_KEYWORD = late_pattern(r"(?<![^;}\s])(?:import|export)(?![\w$])")
_CLAUSE = late_pattern(r"[\w$\s{},*]*")
MAX_CLAUSE = 8_000
"""Characters between `import` and `from` that the scan looks at; a longer list costs a wait."""

_NEAR_STATIC = late_pattern(r"""(?<![^;}\s/])(import)\s*['"/]|(?<![\w$.])from\s*['"/]""")
_NEAR_TYPED = late_pattern(r"""type['"]?\s*:\s*['"]\w""")
"""What has to be there where one of the above is, comments or not: no more of a source than up to it is looked at closely."""

_CLAUSE_AND_COMMENTS = late_pattern(r"(?:[\w$\s{},*]|/\*.*?\*/|//[^\n]*)*+", re.DOTALL)

_WORD = late_pattern(r"\w+")
_OF_IMPORTS = frozenset({"export", "from", "import"})

_SIGN = r"""//[^\n\r\u2028\u2029]*+|/\*.*?(?:\*/|\Z)|'(?:[^'\\\n\r]|\\.)*+'?|"(?:[^"\\\n\r]|\\.)*+"?|[`/%s]"""
_CODE = late_pattern(_SIGN % "", re.DOTALL)
_NESTED = late_pattern(_SIGN % "{}", re.DOTALL)
"""The same within `${` and `}` of a template."""
_TEMPLATE = late_pattern(r"[^`\\$]*(?:(?:\\(?:.|\Z)|\$(?!\{))[^`\\$]*)*(`|\$\{|\Z)", re.DOTALL)
_REGEXP = late_pattern(r"/(?:[^/\\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+/[\w$]*")
_LINE_END = late_pattern(r"[\n\r]|\Z")
_LAST_WORD = late_pattern(r"[\w$]+\Z")
_HASHBANG = late_pattern(r"#![^\n\r\u2028\u2029]*")
_BEFORE_EXPRESSION = frozenset(
    {
        "await",
        "case",
        "default",
        "delete",
        "do",
        "else",
        "in",
        "instanceof",
        "new",
        "of",
        "return",
        "throw",
        "typeof",
        "void",
        "yield",
    }
)
"""Words after which a slash begins a regular expression; after others it divides."""

MAX_WORD = 16
"""Longer than every word after which a slash begins a regular expression."""

_HIDDEN = "\0"
"""Stands for a character of a string."""


def imports_of(source: str) -> list[str]:
    """Give the specifiers that a module's source imports statically, in order, each once."""
    last = None
    ends_import = _Imports(source, _CLAUSE_AND_COMMENTS).end_at
    for match in _NEAR_STATIC.finditer(source):
        if match.group(1) is not None or ends_import(match.start()):
            last = match
    code = _code_to(source, last)
    ends_import = _Imports(code, _CLAUSE).end_at
    found: dict[str, None] = {}
    for match in _STATIC.finditer(code):
        group = 2 if match.group(2) is not None else 4
        if group == 2 or ends_import(match.start()):
            found[source[match.start(group) : match.end(group)]] = None
    return list(found)


def types_of(source: str) -> dict[str, str]:
    """Give the types of what a module's source imports with one, by specifier."""
    last = None
    for last in _NEAR_TYPED.finditer(source):  # noqa: B007 - the last one counts
        pass
    return {source[match.start(2) : match.end(2)]: match.group(6) for match in _TYPED.finditer(_code_to(source, last))}


class _Imports:
    """Tells of places in a source, in their order, whether an import or export ends there: each keyword is looked for once.

    Args:
        source: what is scanned.
        clause: what may stand between the keyword and the place.
    """

    def __init__(self, source: str, clause: re.Pattern[str]) -> None:
        self._source = source
        self._clause = clause
        self._keywords = _KEYWORD.finditer(source)
        self._begun = -1  # end of the last keyword before the place; negative for none
        self._next = next(self._keywords, None)

    def end_at(self, place: int) -> bool:
        """Say it of a place that is not before the one asked about before."""
        while self._next is not None and self._next.end() <= place:
            self._begun = self._next.end()
            self._next = next(self._keywords, None)
        if self._begun < 0 or place - self._begun > MAX_CLAUSE:
            return False
        return self._clause.fullmatch(self._source, self._begun, place) is not None


def _code_to(source: str, last: re.Match[str] | None) -> str:
    """Give the source up to the end of the line with `last`, in its places, with nothing but code in it.

    Comments, templates and regular expressions become spaces. Strings stay, but for what is in them, unless that is one word.
    """
    if last is None:
        return ""
    end = source.find("\n", last.end())  # strings end before that
    return _mask(source if end < 0 else source[:end])


def _mask(source: str) -> str:
    pieces: list[str] = []  # what is known of it, in order
    position = 0  # up to which that is
    before = ""  # the last character or word of code, where nothing but blanks came since
    templates: list[int] = []  # of those that are open, how many braces within `${`
    fruitless = 0  # before this no regular expression is looked for: one that was, has no end on its line

    def last_of_code(end: int) -> str:
        said = source[position:end].rstrip()
        if not said:
            return before
        word = _LAST_WORD.search(said[-MAX_WORD:])
        return said[-1] if word is None else word.group()

    match = _HASHBANG.match(source)
    if match is not None:
        position = match.end()
        pieces.append(" " * position)
    while True:
        token = (_NESTED if templates else _CODE).search(source, position)
        if token is None:
            pieces.append(_blank(len(source) - position) if templates else source[position:])
            return "".join(pieces)
        start, end = token.span()
        sign = source[start]
        divides = False
        if sign in "'\"":
            before = "'"
        elif sign == "/":
            before = last_of_code(start)
            if end - start == 1:
                tried = start >= fruitless and _may_begin_regexp(before)
                match = _REGEXP.match(source, start) if tried else None
                divides = match is None
                if tried and match is None:
                    line_end = _LINE_END.search(source, end)
                    assert line_end is not None  # the source ends
                    fruitless = line_end.start()
                end, before = (end, "/") if match is None else (match.end(), "'")
        elif sign == "{":
            templates[-1] += 1
            before = "{"
        elif sign == "}" and templates[-1]:
            templates[-1] -= 1
            before = "}"
        else:  # a template begins, or goes on
            if sign == "}":
                templates.pop()
            match = _TEMPLATE.match(source, end)
            assert match is not None  # it may be empty
            end = match.end()
            before = "'"
            if match.group(1) == "${":
                # What is in there belongs to an expression, where no import stands.
                pieces.append(source[position:start] if not templates else _blank(start - position))
                pieces.append(_blank(end - start))
                position, before = end, "{"
                templates.append(0)
                continue
        if templates:
            pieces.append(_blank(end - position))
        else:
            pieces.append(source[position:start])
            if sign in "'\"" and end - start > 1 and source[end - 1] == sign:
                pieces.append(sign + _shown(source[start + 1 : end - 1]) + sign)
            else:
                pieces.append("/" if divides else _blank(end - start))
        position = end


def _blank(count: int) -> str:
    return " " * count


def _shown(text: str) -> str:
    """Give what is left of a string's text: words, which names of attributes and types are."""
    return text if text not in _OF_IMPORTS and _WORD.fullmatch(text) else _HIDDEN * len(text)


def _may_begin_regexp(before: str) -> bool:
    if not before:
        return True
    if before[-1].isalnum() or before[-1] in "_$":
        return before in _BEFORE_EXPRESSION
    return before not in (")", "]", "}", "'")
