"""MIME types: parse, serialise, extract from headers, and what kind a type is.

Standard: https://mimesniff.spec.whatwg.org/ , and Fetch's "extract a MIME type".

Thread: any.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto.headers import Headers, decode_and_split, is_token, unquote

_WHITESPACE = "\t\n\r "
_QUOTED_STRING_CHARACTERS = late_pattern(r"[\t\x20-\x7e\x80-\xff]*")

_JAVASCRIPT = frozenset(
    (  # noqa: SIM905 - a table
        "application/ecmascript application/javascript application/x-ecmascript application/x-javascript "
        "text/ecmascript text/javascript text/javascript1.0 text/javascript1.1 text/javascript1.2 "
        "text/javascript1.3 text/javascript1.4 text/javascript1.5 text/jscript text/livescript text/x-ecmascript "
        "text/x-javascript "
    ).split()
)

_SCRIPT_LIKE = frozenset({"audioworklet", "paintworklet", "script", "serviceworker", "sharedworker", "worker"})


class MimeType(msgspec.Struct, frozen=True):
    """A MIME type record."""

    type: str
    subtype: str
    parameters: Mapping[str, str]  # lower-case names, in order; not to be changed

    @property
    def essence(self) -> str:
        """``type/subtype``."""
        return f"{self.type}/{self.subtype}"

    def serialise(self) -> str:
        """MIME Sniffing, 4.5."""
        text = self.essence
        for name, value in self.parameters.items():
            if not is_token(value):
                escaped = value.replace("\\", "\\\\").replace('"', '\\"')
                value = f'"{escaped}"'  # noqa: PLW2901 - the standard's own step
            text += f";{name}={value}"
        return text

    def with_parameter(self, name: str, value: str) -> MimeType:
        """Give a copy with one parameter set."""
        return MimeType(self.type, self.subtype, MappingProxyType({**self.parameters, name: value}))

    @property
    def is_javascript(self) -> bool:
        """MIME Sniffing, 4.6: a JavaScript MIME type."""
        return self.essence in _JAVASCRIPT

    @property
    def is_json(self) -> bool:
        """MIME Sniffing, 4.6: a JSON MIME type."""
        return self.subtype.endswith("+json") or self.essence in ("application/json", "text/json")

    @property
    def is_xml(self) -> bool:
        """MIME Sniffing, 4.6: an XML MIME type."""
        return self.subtype.endswith("+xml") or self.essence in ("text/xml", "application/xml")

    @property
    def is_html(self) -> bool:
        """MIME Sniffing, 4.6: an HTML MIME type."""
        return self.essence == "text/html"


@functools.lru_cache(512)
def parse(text: str) -> MimeType | None:
    """MIME Sniffing, 4.4; None for a failure."""
    text = text.strip(_WHITESPACE)
    kind, slash, rest = text.partition("/")
    if not slash or not is_token(kind):
        return None
    subtype, semicolon, rest = rest.partition(";")
    subtype = subtype.rstrip(_WHITESPACE)
    if not is_token(subtype):
        return None
    parameters: dict[str, str] = {}
    if semicolon:
        _parse_parameters(rest, parameters)
    return MimeType(kind.lower(), subtype.lower(), MappingProxyType(parameters))


def _parse_parameters(text: str, parameters: dict[str, str]) -> None:
    position, length = 0, len(text)
    while position < length:
        while position < length and text[position] in _WHITESPACE:
            position += 1
        start = position
        while position < length and text[position] not in ";=":
            position += 1
        name = text[start:position].lower()
        if position < length:
            if text[position] == ";":
                position += 1
                continue
            position += 1
        if position >= length:
            return
        if text[position] == '"':
            value, position = unquote(text, position)
            end = text.find(";", position)
            position = length if end < 0 else end
        else:
            end = text.find(";", position)
            end = length if end < 0 else end
            value = text[position:end].rstrip(_WHITESPACE)
            position = end
            if not value:
                position += 1
                continue
        if name not in parameters and is_token(name) and _QUOTED_STRING_CHARACTERS.fullmatch(value):
            parameters[name] = value
        position += 1


def extract(headers: Headers) -> MimeType | None:
    """Fetch, "extract a MIME type": the last usable value, and the charset of an equal one before it."""
    values = headers.get_all("content-type")
    if not values:
        return None
    if len(values) == 1 and "," not in values[0]:
        found = parse(values[0])
        return None if found is None or found.essence == "*/*" else found
    charset, essence, result = None, "", None
    for value in decode_and_split(", ".join(values)):
        current = parse(value)
        if current is None or current.essence == "*/*":
            continue
        result = current
        if current.essence != essence:
            charset = current.parameters.get("charset")
            essence = current.essence
        elif "charset" not in current.parameters and charset is not None:
            result = current.with_parameter("charset", charset)
    return result


def determine_nosniff(headers: Headers) -> bool:
    """Fetch, "determine nosniff"."""
    values = headers.get_list("x-content-type-options")
    return bool(values) and values is not None and values[0].lower() == "nosniff"


def blocked_by_nosniff(destination: str, headers: Headers) -> bool:
    """Fetch, "should response to request be blocked due to nosniff?"."""
    if not determine_nosniff(headers):
        return False
    mime_type = extract(headers)
    if destination in _SCRIPT_LIKE:
        return mime_type is None or not mime_type.is_javascript
    return destination == "style" and (mime_type is None or mime_type.essence != "text/css")


def blocked_by_type(destination: str, headers: Headers) -> bool:
    """Fetch, "should response to request be blocked due to its MIME type?": media and CSV never run as script."""
    if destination not in _SCRIPT_LIKE:
        return False
    mime_type = extract(headers)
    return mime_type is not None and (mime_type.type in ("audio", "image", "video") or mime_type.essence == "text/csv")
