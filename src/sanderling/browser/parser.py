"""HTML and XML parsing, by the core of turbohtml and expat.

A parsed tree crosses to page code as one flat message (JSON), which `web/html/builder.js` turns into nodes:

- a string is a text node;
- ``1, name, ns, n, name1, value1, …`` opens an element (`ns`: 0 HTML, 1 SVG, 2 MathML, or a namespace URI; `n` attributes); what follows up to
  its ``0`` is in it (in its contents, for a template);
- ``2, data`` is a comment, ``3, name, public, system`` a doctype, ``4, target, data`` a processing instruction, ``5, data`` a CDATA section;
- ``6, mode, flags`` opens a declarative shadow root (1 delegates focus, 2 serializable, 4 clonable), up to its ``0``;
- ``7, line, column, end`` precedes a script element: where its text begins, and the code point behind its end tag (-1: not known, or it has none).

Thread: any; nothing is shared.
"""

from __future__ import annotations

import codecs
import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from sanderling.base import html_core
from sanderling.base.errors import NavigationError
from sanderling.base.pattern import late_pattern
from sanderling.browser.html_encoding import charset_to_use

TREE_TOO_LARGE = 4_000_000
"""Nodes of one document; a page with more would not fit into its isolate."""

_END, _ELEMENT, _COMMENT, _DOCTYPE, _INSTRUCTION, _CDATA, _SHADOW, _POSITION = range(8)
_NAMESPACES = {html_core.Namespace.HTML: 0, html_core.Namespace.SVG: 1, html_core.Namespace.MATHML: 2}

# HTML, 13.2.6.1, "adjust foreign attributes": which names of SVG and MathML elements are in a namespace is decided by web/html/builder.js.


class ParsedTree(msgspec.Struct, frozen=True):
    """A document as it crosses to page code."""

    data: bytes
    """The flat message."""
    encoding: str
    """Name of the character encoding, as `document.characterSet` says it."""
    quirks: str = "no-quirks"


def parse_document(
    markup: bytes | str, *, charset: str = "", content_type: str = "text/html", scripting: bool = True
) -> ParsedTree:
    """Parse a whole document.

    Args:
        markup: bytes are decoded as HTML, 13.2.3.2 says: BOM, then `charset`, then ``<meta>``, then a guess.
        charset: label from Content-Type, or empty; an unknown one counts as none.
        content_type: essence; XML types are parsed as XML.
        scripting: HTML's scripting flag: whether the content of ``<noscript>`` is text.

    Raises:
        NavigationError: it is XML that is not well-formed.
    """
    if content_type not in ("text/html", "text/plain") and _is_xml(content_type):
        return _parse_xml(markup, charset)
    label = charset if known_encoding(charset) else None
    if label is None and isinstance(markup, bytes) and content_type == "text/html":
        label = charset_to_use(markup, known_encoding) or None
    markup = _without_col_ends(markup) if isinstance(markup, str) else _without_col_end_bytes(markup)
    document = html_core.parse(markup, encoding=label, scripting=scripting, source_locations=_has_script(markup))
    said = charset or "UTF-8" if isinstance(markup, str) else document.encoding or "windows-1252"
    encoding = canonical_encoding(said)
    return ParsedTree(_flat(document), encoding)


# The library (1.15.4) ends a column group at ``</col>``, which is to be ignored (HTML, 13.2.6.4.12): the start tag is made as long instead, so that all
# positions stay. What is no markup is matched first, and left alone.
_COL_END = (
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|title|textarea|xmp)\b.*?(?:</(?P=raw)\s*>|\Z)"
    r"|(?P<col><col(?:\s[^<>]*)?)></col>"
)
_COL_ENDS = late_pattern(_COL_END, re.IGNORECASE | re.DOTALL)
_COL_ENDS_BYTES = late_pattern(_COL_END.encode(), re.IGNORECASE | re.DOTALL)


def _without_col_ends(text: str) -> str:
    if "</col>" not in text and "</COL>" not in text:
        return text
    return str(_COL_ENDS.sub(lambda found: found[0] if found["col"] is None else f"{found['col']}      >", text))


def _without_col_end_bytes(data: bytes) -> bytes:
    if b"</col>" not in data and b"</COL>" not in data:
        return data
    return bytes(
        _COL_ENDS_BYTES.sub(lambda found: found[0] if found["col"] is None else found["col"] + b"      >", data)
    )


_SCRIPT_TAG = late_pattern("<script", re.IGNORECASE)
_SCRIPT_TAG_BYTES = late_pattern(b"<script", re.IGNORECASE)


def _has_script(markup: bytes | str) -> bool:
    # Only scripts need their positions, and recording them costs a third of the parse. (In UTF-16 the bytes do not show them.)
    if isinstance(markup, str):
        return _SCRIPT_TAG.search(markup) is not None
    return _SCRIPT_TAG_BYTES.search(markup) is not None or markup[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _is_xml(content_type: str) -> bool:
    return content_type in ("text/xml", "application/xml") or content_type.endswith("+xml")


def _parse_xml(markup: bytes | str, charset: str) -> ParsedTree:
    from sanderling.browser.xml_parser import parse_xml  # late, with expat

    if isinstance(markup, str):
        return ParsedTree(parse_xml(markup.encode("utf-8", "replace"), "utf-8"), "UTF-8")
    return ParsedTree(parse_xml(markup, charset), canonical_encoding(charset) if known_encoding(charset) else "UTF-8")


def known_encoding(label: str) -> bool:
    """Tell whether a label names an encoding."""
    if not label:
        return False
    try:
        html_core.decode(b"", label)
    except LookupError:
        return False
    return True


def canonical_encoding(label: str) -> str:
    """Give the name of an encoding as the Encoding Standard writes it; UTF-8 for an unknown label."""
    if not known_encoding(label):
        return "UTF-8"
    # The parser reports the canonical name of what it used.
    return html_core.parse(b"", encoding=label).encoding or "UTF-8"


_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def encoding_of_text(data: bytes, charset: str) -> str:
    """Name the encoding that `decode_text` takes; empty where nothing says one."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return canonical_encoding(name.replace("-le", "le").replace("-be", "be"))
    return canonical_encoding(charset) if known_encoding(charset) else ""


def decode_text(data: bytes, charset: str) -> str:
    """Decode text that is no HTML: BOM, then `charset`, then UTF-8."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    if charset and charset.strip().lower() not in ("utf-8", "utf8") and known_encoding(charset):
        return html_core.decode(data, charset)
    return data.decode("utf-8", "replace")


_CHARSET_RULE = late_pattern(rb'@charset "([^"]*)";')


def to_utf8(body: bytes, content_type: str, fallback: str, *, style: bool = False) -> bytes:
    """Recode a text resource (script, stylesheet) to UTF-8: BOM, then Content-Type's charset, then `fallback`, the document's encoding.

    Before the last, a style sheet itself may say it (CSS Syntax, 3.2, "determine the fallback encoding").
    """
    from sanderling.proto import mime

    parsed = mime.parse(content_type) if content_type else None
    charset = parsed.parameters.get("charset", "") if parsed is not None else ""
    if not charset or not known_encoding(charset):
        charset = fallback
        said = _CHARSET_RULE.match(body, 0, 1024) if style else None
        label = "" if said is None else said[1].decode("latin-1")
        if label and known_encoding(label):
            charset = "utf-8" if label.strip().lower().startswith("utf-16") else label
        elif charset.lower().startswith("utf-16"):
            charset = "utf-8"
    if body.startswith(codecs.BOM_UTF8):
        return body[3:]
    if charset.strip().lower() in ("", "utf-8", "utf8") and not body.startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        return body
    return decode_text(body, charset).encode("utf-8", "replace")


def input_text(markup: bytes | str, encoding: str) -> str:
    """Give the characters of a document's source, as the parser counts them: decoded, with normalized newlines."""
    text = markup if isinstance(markup, str) else html_core.decode(markup, encoding)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def parse_fragment(markup: str, context: str, *, scripting: bool = True, shadow: bool = False, base: int = -1) -> bytes:
    """Parse markup as the inside of the element `context` (`svg name` and `math name` for foreign ones).

    `base` is where the markup stands in an input stream, in code points; -1: nowhere, and nobody asks where its scripts end.
    """
    parse = functools.partial(
        html_core.parse_fragment,
        _without_col_ends(markup),
        scripting=scripting,
        allow_declarative_shadow_roots=shadow,
        source_locations=base >= 0,
    )
    try:
        root = parse(context)
    except ValueError:
        # Elements that the parser does not know (custom elements) have no rules of their own.
        root = parse("div")
    return _flat(root, max(base, 0))


def _flat(root: Any, base: int = 0) -> bytes:
    # All in one function, elements without children and with one text beside the loop: half of the time of a page's parse was here.
    out: list[str | int] = []
    add = out.append
    stack: list[Any] = []
    iterator = iter(root.children)
    element_type, text_type, fragment_type = html_core.Element, html_core.Text, html_core.DocumentFragment
    html = html_core.Namespace.HTML
    while True:
        for node in iterator:
            kind = type(node)
            if kind is text_type:
                add(node.data)
            elif kind is element_type:
                name = node.tag
                if name == "script":
                    _add_position(node, out, base)
                attrs = node.attrs
                count = len(attrs)
                namespace = node.namespace
                # Members of an enumeration: to look one up in a table calls a function of Python's.
                out += (_ELEMENT, name, 0 if namespace is html else _NAMESPACES.get(namespace, 0), count)
                if count:
                    for key, value in attrs.items():
                        add(key)
                        # None for an attribute without a value; token lists have lost their white space.
                        add(value if type(value) is str else "" if value is None else node.attr(key))
                children = node.children
                shadow = node.shadow_root
                if shadow is not None:
                    out += (_SHADOW, shadow.mode, _shadow_flags(shadow))
                    stack += (iterator, iter(children))
                    iterator = iter(shadow.children)
                    break
                if len(children) == 1 and type(children[0]) is text_type:
                    add(children[0].data)
                    add(_END)
                elif children:
                    stack.append(iterator)
                    iterator = iter(children)
                    break
                else:
                    add(_END)
            elif kind is fragment_type:
                # The contents of a template: they stand in its place, the builder knows where they belong.
                stack.append(_Silent(iterator))
                iterator = iter(node.children)
                break
            else:
                _leaf(node, out)
        else:
            if not stack:
                break
            iterator = stack.pop()
            if type(iterator) is _Silent:
                iterator = iterator.outer
            else:
                add(_END)
    if len(out) > TREE_TOO_LARGE * 4:
        raise NavigationError("the document has too many nodes")
    return msgspec.json.encode(out)


class _Silent:
    """An outer iterator whose end is no end tag."""

    __slots__ = ("outer",)

    def __init__(self, outer: Any) -> None:
        self.outer = outer


def _shadow_flags(shadow: Any) -> int:
    flags = 0
    for bit, name in ((1, "delegates_focus"), (2, "serializable"), (4, "clonable")):
        if getattr(shadow, name, False):
            flags |= bit
    return flags


def _add_position(script: Any, out: list[str | int], base: int) -> None:
    location = script.source_location
    if location is not None and location.start_tag is not None:
        end = -1 if location.end_tag is None else base + location.end_tag.end_offset
        out += (_POSITION, location.start_tag.end_line, location.start_tag.end_col + 1, end)


def _leaf(node: Any, out: list[str | int]) -> None:
    if isinstance(node, html_core.Comment):
        out += (_COMMENT, node.data)
    elif isinstance(node, html_core.Doctype):
        out += (_DOCTYPE, node.name or "", node.public_id or "", node.system_id or "")
    elif isinstance(node, html_core.ProcessingInstruction):
        out += (_INSTRUCTION, node.target, node.data)
    elif isinstance(node, html_core.CData):
        out += (_CDATA, node.data)


# -- questions that page code asks and waits for: pure functions on the engine's thread ------------------------------------


def _answer_fragment(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    markup = data.decode("utf-8", "replace") if data is not None else payload["markup"]
    return "null", parse_fragment(
        markup,
        payload["context"],
        scripting=payload["scripting"],
        shadow=payload.get("shadow", False),
        base=payload.get("base", -1),
    )


def _answer_document(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    markup = data.decode("utf-8", "replace") if data is not None else payload["markup"]
    if payload.get("xml"):
        from sanderling.browser.xml_parser import parse_xml

        try:
            return "null", parse_xml(markup.encode("utf-8", "replace"), "utf-8")
        except NavigationError as error:
            return json.dumps({"error": str(error)}), b"[]"
    return "null", _flat(
        html_core.parse(
            markup,
            scripting=payload["scripting"],
            source_locations=True,
            allow_declarative_shadow_roots=payload["shadow"],
        )
    )


_PARTIAL_REFERENCE = late_pattern("&[#0-9A-Za-z]*$")


def parse_input(head: str, tail: str, *, scripting: bool = True, shadow: bool = True) -> bytes:
    """Parse an input stream into which a script writes.

    Gives a list: the flat message of what is sure of `head`, that of the whole, and whether `head` ends within a token.

    Args:
        head: up to the insertion point.
        tail: what the parser has still to read.
        scripting: see `parse_document`.
        shadow: whether templates may declare shadow roots.
    """
    parse = functools.partial(
        html_core.parse, scripting=scripting, source_locations=True, allow_declarative_shadow_roots=shadow
    )
    # What stands there only since the input ends must not be built: a token that may go on, and the ends of open elements.
    settled = _without_open_token(head)
    known = parse(_without_col_ends(settled))
    whole = parse(_without_col_ends(head + tail))
    sure: list[str | int] = msgspec.json.decode(_flat(known))
    _drop_ends(known, sure)
    return msgspec.json.encode([sure, msgspec.Raw(_flat(whole)), settled != head])


def _without_open_token(text: str) -> str:
    comment = text.rfind("<!--")
    if comment >= 0 and text.find("-->", comment + 2) < 0:
        text = text[:comment]
    markup = text.rfind("<")
    if markup >= 0 and text.find(">", markup) < 0:
        text = text[:markup]
    return _PARTIAL_REFERENCE.sub("", text)


def _drop_ends(document: Any, items: list[str | int]) -> None:
    """Take off what only the end of the input has made: the ends of the elements around the last node, and a body."""
    spine = _open_at_end(document)
    if spine:
        del items[-len(spine) :]
    last = spine[-1] if spine else None
    if last is not None and last.tag == "body" and last.source_location is None and not last.children:
        del items[-4:]
        head = next((child for child in spine[0].children if getattr(child, "tag", "") == "head"), None)
        if head is not None and not _is_closed(head) and items[-1] == _END:
            # The head, and what is open in it: a script of which only the beginning has been written must not run.
            del items[-1 - len(_open_at_end(head)) :]


def _open_at_end(node: Any) -> list[Any]:
    """Give the elements below a node that are open where its content ends, the innermost last."""
    spine: list[Any] = []
    while node.children:
        node = node.children[-1]
        if type(node) is not html_core.Element:
            break
        spine.append(node)
    while spine and _is_closed(spine[-1]):
        spine.pop()
    return spine


def _is_closed(element: Any) -> bool:
    location = element.source_location
    return element.tag in _VOID or (location is not None and location.end_tag is not None)


_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


def _answer_input(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    markup, size = data or b"", payload["head"]
    head, tail = (part.decode("utf-8", "replace") for part in (markup[:size], markup[size:]))
    return "null", parse_input(head, tail, scripting=payload["scripting"], shadow=payload.get("shadow", True))


FUNCTIONS: Mapping[str, Callable[[Any, bytes | None], tuple[str, bytes | None]]] = {
    "parse.input": _answer_input,
    "parse.fragment": _answer_fragment,
    "parse.document": _answer_document,
}
"""By the kind that page code's side asks for (`hostCall`)."""
