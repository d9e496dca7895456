"""Credentials, the headers that they become, and which ones servers accepted (RFC 7616; RFC 7617).

Thread: worker.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

import msgspec

from sanderling.proto import digest
from sanderling.proto.challenge import Challenge, parse_challenges
from sanderling.proto.url import Url

MAX_SPACES = 1000
"""Protection spaces that a client remembers; the oldest goes."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a challenge."""

    username: str
    password: str


class Login(msgspec.Struct):
    """Credentials, and how a server or proxy wants them."""

    credentials: Credentials
    scheme: str
    realm: str
    parameters: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Of the challenge."""
    count: int = 0
    """Requests that used its nonce."""

    def value(self, method: str, uri: str) -> str:
        """Give the header for a request."""
        one = self.credentials
        if self.scheme == "basic":
            return basic_value(one.username, one.password)
        self.count += 1
        return digest.authorization(
            self.parameters,
            username=one.username,
            password=one.password,
            method=method,
            uri=uri,
            count=self.count,
            cnonce=secrets.token_hex(16),
        )

    def heard(self, info: str | None) -> None:
        """Take Authentication-Info: the server may give the next nonce (RFC 7616, 3.5)."""
        if info is not None and self.scheme == "digest":
            # It has the grammar of a challenge's parameters.
            found = parse_challenges([f"Digest {info}, nonce=none"], "Server", "")
            following = found[0].parameters.get("nextnonce") if found else None
            if following:
                self.parameters, self.count = {**self.parameters, "nonce": following}, 0


def basic_value(username: str, password: str) -> str:
    """Give the header of the Basic scheme; RFC 7617, 2.1: in UTF-8, as browsers do."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode("utf-8", "surrogateescape")).decode()


def from_userinfo(url: Url) -> Credentials | None:
    """Give the credentials that a URL carries; None when it has none."""
    if not url.includes_credentials:
        return None
    name, password = (
        unquote_to_bytes(part).decode("utf-8", "surrogateescape") for part in (url.username, url.password)
    )
    return Credentials(username=name, password=password)


class LoginCache:
    """Logins that servers accepted, by protection space."""

    def __init__(self) -> None:
        self._spaces: dict[tuple[str, str], Login] = {}  # by origin and directory

    def find(self, url: Url) -> Login | None:
        """Give what to send at once (RFC 7617, 2.2): all paths at or below the directory of an accepted one."""
        if not self._spaces:
            return None
        origin, directory = url.origin.serialise(), _directory(url.path)
        while True:
            found = self._spaces.get((origin, directory))
            if found is not None or directory in ("", "/"):
                return found
            directory = _directory(directory[:-1])

    def of_realm(self, challenge: Challenge) -> Login | None:
        """Give the login that the same origin accepted for the same realm elsewhere."""
        for (origin, _), login in self._spaces.items():
            if origin == challenge.origin and (login.scheme, login.realm) == (challenge.scheme, challenge.realm):
                return login
        return None

    def store(self, url: Url, login: Login) -> None:
        """A server accepted `login`."""
        self._spaces[url.origin.serialise(), _directory(url.path)] = login
        if len(self._spaces) > MAX_SPACES:
            del self._spaces[next(iter(self._spaces))]

    def clear(self) -> None:
        """Forget all."""
        self._spaces.clear()


def _directory(path: str) -> str:
    return path[: path.rfind("/") + 1]
