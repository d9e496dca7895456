"""HTTP Basic authentication with the credentials that a URL carries (RFC 7617).

Thread: worker.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote_to_bytes

from sanderling.proto.headers import Headers
from sanderling.proto.url import Url

MAX_SPACES = 1000
"""Protection spaces that a client remembers; the oldest goes."""

_BASIC = re.compile(r'(?:^|,)\s*basic(?:\s+[^\s=,"]+\s*=|\s*(?:,|$))', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def is_basic_challenge(headers: Headers) -> bool:
    """Whether WWW-Authenticate offers Basic (RFC 9110, 11.6.1)."""
    return any(_BASIC.search(_QUOTED.sub("x", value)) for value in headers.get_all("www-authenticate"))


def from_userinfo(url: Url) -> str | None:
    """Give the Authorization value of a URL's userinfo; None when it has none."""
    if not url.includes_credentials:
        return None
    # URL, 4.4 percent-encodes userinfo as UTF-8, and RFC 7617, 2.1 sends UTF-8.
    pair = unquote_to_bytes(url.username) + b":" + unquote_to_bytes(url.password)
    return f"Basic {base64.b64encode(pair).decode()}"


class CredentialCache:
    """Credentials that servers accepted, by protection space."""

    def __init__(self) -> None:
        self._spaces: dict[tuple[str, str], str] = {}  # by origin and directory: the Authorization value

    def find(self, url: Url) -> str | None:
        """Give what to send at once (RFC 7617, 2.2): all paths at or below the directory of an accepted one."""
        if not self._spaces:
            return None
        origin, directory = url.origin.serialise(), _directory(url.path)
        while True:
            found = self._spaces.get((origin, directory))
            if found is not None or directory in ("", "/"):
                return found
            directory = _directory(directory[:-1])

    def store(self, url: Url, value: str) -> None:
        """A server accepted `value`."""
        self._spaces[url.origin.serialise(), _directory(url.path)] = value
        if len(self._spaces) > MAX_SPACES:
            del self._spaces[next(iter(self._spaces))]


def _directory(path: str) -> str:
    return path[: path.rfind("/") + 1]
