"""How a document that comes without a charset says its encoding: what the parser's own prescan does not know.

HTML, 13.2.3.2 ("determining the character encoding"): a BOM and most of `<meta>` are the parser's; here are XML declarations in HTML, the encoding
that the document of a frame has from its container, and where a `<meta>` does not count.
DEVIATION: as in Chromium and WebKit (https://github.com/whatwg/html/issues/6962), what stands in scripts and other raw text does not count; in the head
it counts beyond 1,024 bytes.

Thread: any.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from sanderling.base.pattern import late_pattern

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_META = late_pattern(rb"<meta[\s/][^<>]*charset\s*+=\s*+[\"']?+\s*+([^\s\"'/>;]+)", re.IGNORECASE)
_TAG = late_pattern(rb"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"']|"[^"]*+"|'[^']*+')*+)>""")
_TAG_BEGINS = late_pattern(rb"</?[a-zA-Z]")
_ATTRIBUTE = late_pattern(rb"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
_CONTENT_CHARSET = late_pattern(r"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))""", re.IGNORECASE)
_HEAD_TAGS = frozenset({b"script", b"noscript", b"style", b"link", b"meta", b"object", b"title", b"base"})
_RAW_TEXT = frozenset({b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes"})
_REPLACED = {"x-user-defined": "windows-1252"}
"""What a meta element may not say (HTML, "prescan a byte stream to determine its encoding")."""
_ALWAYS_BYTES = 1024
"""That many are looked at also where the head has ended."""
_SPACE_AND_CONTROLS = bytes(range(0x21))


def charset_to_use(markup: bytes, known: Callable[[str], bool], inherited: str = "") -> str:
    """Give the label of the encoding to parse with, empty where the parser is to find it out.

    Args:
        markup: the document.
        known: tells whether a label names an encoding.
        inherited: encoding of the document that holds the frame, empty where there is none or it is of another origin.
    """
    if markup.startswith(_BOMS):
        return ""
    # "Prescan a byte stream", steps 2.1 and 2.2.
    if markup.startswith("<?x".encode("utf-16-le")):
        return "utf-16le"
    if markup.startswith("<?x".encode("utf-16-be")):
        return "utf-16be"
    seems = b"charset" in markup and any(known(label.decode("latin-1")) for label in _META.findall(markup))
    label = meta_encoding(markup, known) if seems or b"&#" in markup[:1024] else ""
    if label:
        return label
    declared = xml_encoding(markup)
    if declared and known(declared):
        return declared
    # The parser would find what does not count.
    return inherited or ("windows-1252" if seems else "")


def meta_encoding(markup: bytes, known: Callable[[str], bool]) -> str:
    """Give the label that the first `<meta>` that counts says, empty where none does (Chromium's `HTMLMetaCharsetParser`)."""
    in_head = True
    at = 0
    while (at := markup.find(b"<", at)) >= 0 and (in_head or at < _ALWAYS_BYTES):
        if markup.startswith(b"<!--", at):
            end = markup.find(b"-->", at + 4)
        elif markup[at + 1 : at + 2] in (b"!", b"?"):
            end = markup.find(b">", at)
        else:
            tag = _TAG.match(markup, at)
            if tag is None:
                if _TAG_BEGINS.match(markup, at):
                    return ""  # it does not end
                at += 1
                continue
            name = tag[2].lower()
            if name == b"meta" and not tag[1] and (label := _label_of(tag[3])) and known(label):
                stripped = label.strip().lower()
                return "utf-8" if stripped.startswith("utf-16") else _REPLACED.get(stripped, label)
            if name not in _HEAD_TAGS and (tag[1] or name not in (b"html", b"head")):
                in_head = False
            end = tag.end() - 1
            if name in _RAW_TEXT and not tag[1]:
                close = re.compile(rb"</" + name + rb"[\s/>]", re.IGNORECASE).search(markup, end)  # noqa: TID251 - of a tag
                end = -1 if close is None else close.start() - 1
        if end < 0:
            return ""
        at = end + 1
    return ""


def _label_of(attributes: bytes) -> str:
    import html  # late: with the names of two thousand characters

    charset, content, pragma = "", "", False
    for match in _ATTRIBUTE.finditer(attributes):
        name = match[1].lower()
        value = html.unescape((match[2] or match[3] or match[4] or b"").decode("latin-1"))
        if name == b"charset":
            charset = charset or value
        elif name == b"content":
            content = content or value
        elif name == b"http-equiv":
            pragma = pragma or value.strip().lower() == "content-type"
    if charset or not pragma:
        return charset
    found = _CONTENT_CHARSET.search(content)
    return "" if found is None else found[1] or found[2] or found[3] or ""


def xml_encoding(markup: bytes) -> str:
    """Give the label in an XML declaration, empty where there is none (HTML, "get an XML encoding")."""
    # 2-3.
    if not markup.startswith(b"<?xml") or b">" not in markup:
        return ""
    # 4-5.
    at = markup.find(b"encoding")
    if at < 0 or at > markup.index(b">"):
        return ""
    # 6-9.
    rest = markup[at + len(b"encoding") :].lstrip(_SPACE_AND_CONTROLS)
    if not rest.startswith(b"="):
        return ""
    rest = rest[1:].lstrip(_SPACE_AND_CONTROLS)
    # 10-15.
    quote = rest[:1]
    if quote not in (b'"', b"'") or rest.find(quote, 1) < 0:
        return ""
    label = rest[1 : rest.index(quote, 1)]
    if not label or min(label) <= 0x20:
        return ""
    # 17.
    return "utf-8" if label.lower().startswith(b"utf-16") else label.decode("latin-1")
