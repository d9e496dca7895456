"""How a document that comes without a charset says its encoding: what the parser's own prescan does not know.

HTML, 13.2.3.2 ("determining the character encoding"): a BOM and `<meta>` are the parser's; here are XML declarations in HTML, and the encoding that
the document of a frame has from its container.

Thread: any.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_META = re.compile(rb"<meta[\s/][^>]*charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)
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
    if any(known(label.decode("latin-1")) for label in _META.findall(markup)):
        return ""
    declared = xml_encoding(markup)
    return declared if declared and known(declared) else inherited


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
