"""A server's side of Digest authentication (RFC 7616): challenges, and whether an answer is right. One nonce, used in order.

Thread: any; each gate belongs to one server.
"""

from __future__ import annotations

import hashlib
import itertools
from urllib.request import parse_http_list, parse_keqv_list


class DigestGate:
    """Lets in who knows the password.

    Args:
        username: who may enter.
        password: theirs.
        algorithm: `MD5` or `SHA-256`.
    """

    def __init__(self, username: str, password: str, *, algorithm: str = "SHA-256") -> None:
        self._username = username
        self._password = password
        self._algorithm = algorithm
        self._numbers = itertools.count(1)
        self._nonces: dict[str, int] = {}  # given out, and how often each was used
        self.let_in = 0
        """Requests that gave the right answer."""

    def challenge(self, realm: str = "mudflat") -> str:
        """Give the value of WWW-Authenticate or Proxy-Authenticate, with a new nonce."""
        nonce = f"nonce-{next(self._numbers)}"
        self._nonces[nonce] = 0
        return f'Digest realm="{realm}", qop="auth", algorithm={self._algorithm}, nonce="{nonce}", opaque="mud"'

    def accepts(self, authorization: str, method: str, target: str) -> bool:
        """Judge the value of Authorization or Proxy-Authorization.

        Args:
            authorization: the header; may be empty.
            method: of the request.
            target: the request target, as the request line has it.
        """
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() != "digest":
            return False
        given = parse_keqv_list(parse_http_list(rest))
        used = self._nonces.get(given.get("nonce", ""))
        if used is None or given.get("uri") != target or given.get("opaque") != "mud" or given.get("qop") != "auth":
            return False
        if int(given.get("nc", "0"), 16) <= used:
            return False  # played back
        name = self._algorithm.replace("-", "").lower()

        def hashed(*parts: str) -> str:
            return hashlib.new(name, ":".join(parts).encode(), usedforsecurity=False).hexdigest()

        secret = hashed(self._username, given.get("realm", ""), self._password)
        request = hashed(method, target)
        wanted = hashed(secret, given["nonce"], given["nc"], given.get("cnonce", ""), "auth", request)
        if given.get("username") != self._username or given.get("response") != wanted:
            return False
        self._nonces[given["nonce"]] = int(given["nc"], 16)
        self.let_in += 1
        return True
