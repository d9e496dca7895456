"""Content-Disposition, and the names of files that are saved (RFC 6266, RFC 8187).

Thread: any.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_to_bytes

from sanderling.base.pattern import late_pattern
from sanderling.proto.url import Url

MAX_NAME_BYTES = 255
"""Of a file name on the file systems in use."""

_PARAMETER = late_pattern(r'\s*;\s*([!#$%&\'*+\-.^_`|~0-9A-Za-z]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)', re.DOTALL)
_EXTENDED = late_pattern(r"(utf-8|iso-8859-1)'[^']*'(.*)", re.IGNORECASE)
_ILLEGAL = late_pattern(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = late_pattern(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)

_EXTENSIONS = {
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "text/css": ".css",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/xml": ".xml",
}
"""For names without one."""


def is_attachment(value: str) -> bool:
    """Whether a field says that the response is to be saved: any type but `inline` (RFC 6266, 4.2)."""
    kind = value.partition(";")[0].strip().lower()
    return bool(kind) and kind != "inline" and "=" not in kind


def filename(value: str) -> str:
    """Give the name in a field, `filename*` before `filename` (RFC 6266, 4.3); empty when there is none."""
    plain = extended = ""
    for name, raw in _PARAMETER.findall(value):
        text = re.sub(r"\\(.)", r"\1", raw[1:-1]) if raw.startswith('"') else raw
        lowered = name.lower()
        if lowered == "filename*" and not extended:
            found = _EXTENDED.fullmatch(text)
            if found is not None:
                try:
                    extended = unquote(found[2], encoding=found[1], errors="strict")
                except UnicodeDecodeError:
                    continue
        elif lowered == "filename" and not plain:
            plain = _decoded(text)
    return extended or plain


def _decoded(text: str) -> str:
    """Undo what servers do to names that are not ASCII: raw UTF-8 (as Latin-1 here), or percent escapes."""
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        return text
    for candidate in (unquote_to_bytes(raw) if b"%" in raw else raw, raw):
        try:
            return candidate.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return text


def suggested_filename(disposition: str, attribute: str, url: Url, content_type: str) -> str:
    """Give the name that a response is saved under.

    Args:
        disposition: the Content-Disposition field, or empty.
        attribute: value of the link's `download` attribute, or empty.
        url: of the response.
        content_type: its MIME type's essence; gives a name without extension one.
    """
    last = ""
    if url.is_network or url.scheme == "file":
        last = unquote(url.path.rpartition("/")[2], errors="replace")
    name = sanitise(filename(disposition) or attribute or last)
    if not name:
        name = "download"
    if "." not in name:
        name += _EXTENSIONS.get(content_type, "")
    return name


def sanitise(name: str) -> str:
    """Make a file name that is only that: no path, no control or direction characters, no reserved name."""
    name = _ILLEGAL.sub("_", name.replace("\\", "/").rpartition("/")[2] if "/" in name or "\\" in name else name)
    name = name.strip(" .")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    while len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[:-1]}{dot}{extension}" if dot and len(stem) > 1 and len(extension) < 20 else name[:-1]
    return name
