"""Header lists: a multi-map that keeps wire order and spelling, and the tokens of HTTP.

Values are Latin-1 text, one character a byte (RFC 9110, 5.5). Standard: https://fetch.spec.whatwg.org/#headers

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sanderling.base.pattern import late_pattern

_TOKEN = late_pattern(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FORBIDDEN_IN_VALUE = late_pattern(r"[\x00\r\n]")
_WHITESPACE = "\t\n\r "  # Fetch, "HTTP whitespace"
_TAB_OR_SPACE = "\t "

_FORBIDDEN_REQUEST_HEADERS = frozenset(
    (  # noqa: SIM905 - a table
        "accept-charset accept-encoding access-control-request-headers access-control-request-method "
        "access-control-request-private-network connection content-length cookie cookie2 date dnt expect host "
        "keep-alive origin referer set-cookie te trailer transfer-encoding upgrade via "
    ).split()
)
_METHOD_OVERRIDES = frozenset({"x-http-method", "x-http-method-override", "x-method-override"})
_FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})
_NORMALISED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})


def is_token(text: str) -> bool:
    """RFC 9110, 5.6.2: what a method and a field name are made of."""
    return _TOKEN.fullmatch(text) is not None


def is_header_value(value: str) -> bool:
    """Fetch, "header value": no whitespace around it, no NUL, CR or LF, and bytes only."""
    return (
        value == value.strip(_WHITESPACE)
        and _FORBIDDEN_IN_VALUE.search(value) is None
        and (value.isascii() or max(value) <= "\xff")
    )


def normalise_value(value: str) -> str:
    """Fetch, "normalize a header value"."""
    return value.strip(_WHITESPACE)


def normalise_method(method: str) -> str:
    """Fetch, "normalize a method": six of them are upper-cased, others stay as they are."""
    upper = method.upper()
    return upper if upper in _NORMALISED_METHODS else method


def is_forbidden_method(method: str) -> bool:
    """Fetch, "forbidden method"."""
    return method.upper() in _FORBIDDEN_METHODS


def is_forbidden_request_header(name: str, value: str) -> bool:
    """Fetch, "forbidden request-header": what page code may not set."""
    lower = name.lower()
    if lower in _FORBIDDEN_REQUEST_HEADERS or lower.startswith(("proxy-", "sec-")):
        return True
    return lower in _METHOD_OVERRIDES and any(is_forbidden_method(method) for method in decode_and_split(value))


def decode_and_split(value: str) -> list[str]:
    """Fetch, "get, decode, and split" of a combined value: at commas outside of quoted strings."""
    if '"' not in value:
        return [part.strip(_TAB_OR_SPACE) for part in value.split(",")]
    parts: list[str] = []
    current: list[str] = []
    position, length = 0, len(value)
    while position < length:
        character = value[position]
        if character == ",":
            parts.append("".join(current).strip(_TAB_OR_SPACE))
            current = []
            position += 1
        elif character == '"':
            end = _quoted_end(value, position)
            current.append(value[position:end])
            position = end
        else:
            current.append(character)
            position += 1
    parts.append("".join(current).strip(_TAB_OR_SPACE))
    return parts


def _quoted_end(value: str, start: int) -> int:
    position = start + 1
    while position < len(value):
        if value[position] == "\\":
            position += 2
            continue
        position += 1
        if value[position - 1] == '"':
            break
    return min(position, len(value))


def unquote(value: str, start: int) -> tuple[str, int]:
    """Fetch, "collect an HTTP quoted string" with the extract-value flag.

    Returns:
        The content of the string that begins at `start`, and the position after it.
    """
    end = _quoted_end(value, start)
    inner: list[str] = []
    position = start + 1
    while position < end:
        character = value[position]
        if character == "\\":
            inner.append(value[position + 1] if position + 1 < end else "\\")
            position += 2
        elif character == '"':
            break
        else:
            inner.append(character)
            position += 1
    return "".join(inner), end


class Headers:
    """A header list. Names compare without case and keep their spelling.

    Args:
        items: pairs in wire order.
    """

    __slots__ = ("_index", "_items")

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._items = list(items)
        self._index: dict[str, list[str]] | None = (
            None  # values by lower-case name; None until asked for after a change
        )

    def _by_name(self) -> dict[str, list[str]]:
        index = self._index
        if index is None:
            index = self._index = {}
            for name, value in self._items:
                lower = name.lower()
                if lower in index:
                    index[lower].append(value)
                else:
                    index[lower] = [value]
        return index

    def get(self, name: str) -> str | None:
        """Fetch, "get": the values of that name joined by comma and space, or None."""
        values = self._by_name().get(name.lower())
        if values is None:
            return None
        return values[0] if len(values) == 1 else ", ".join(values)

    def get_all(self, name: str) -> list[str]:
        """Give each value of that name by itself, as Set-Cookie needs."""
        return list(self._by_name().get(name.lower(), ()))

    def get_list(self, name: str) -> list[str] | None:
        """Fetch, "get, decode, and split"."""
        value = self.get(name)
        return None if value is None else decode_and_split(value)

    def append(self, name: str, value: str) -> None:
        """Add at the end."""
        self._items.append((name, value))
        self._index = None

    def set(self, name: str, value: str) -> None:
        """Fetch, "set": replace the first of that name, drop the others, or add at the end."""
        lower = name.lower()
        if lower not in self._by_name():
            self.append(name, value)
            return
        items: list[tuple[str, str]] = []
        done = False
        for old_name, old_value in self._items:
            if old_name.lower() != lower:
                items.append((old_name, old_value))
            elif not done:
                items.append((old_name, value))
                done = True
        self._items, self._index = items, None

    def delete(self, name: str) -> None:
        """Remove every one of that name."""
        lower = name.lower()
        if lower in self._by_name():
            self._items = [item for item in self._items if item[0].lower() != lower]
            self._index = None

    def items(self) -> tuple[tuple[str, str], ...]:
        """Give the pairs in wire order."""
        return tuple(self._items)

    def names(self) -> list[str]:
        """Give the lower-case names, each once, in order of appearance."""
        return list(self._by_name())

    def copy(self) -> Headers:
        """Give an independent copy."""
        return Headers(self._items)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._by_name()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and other._items == self._items

    __hash__ = None  # type: ignore[assignment] # mutable

    def __repr__(self) -> str:
        return f"Headers({self._items!r})"
