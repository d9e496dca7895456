"""HTTP Digest authentication: the answer to a challenge (RFC 7616; without `qop` as in RFC 2069).

`auth-int` is not supported: no browser is known that is.

Thread: any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import quote

_HASHES = {"md5": "md5", "sha-256": "sha256", "sha-512-256": "sha512_256"}

_STRENGTH = {"md5": 1, "sha-256": 2, "sha-512-256": 3}


def strength(parameters: Mapping[str, str]) -> int:
    """Say how strong a challenge is; 0 for one that cannot be answered.

    Args:
        parameters: of the challenge, names in lower case.
    """
    base = _algorithm(parameters).removesuffix("-sess")
    if "nonce" not in parameters or base not in _HASHES or _HASHES[base] not in hashlib.algorithms_available:
        return 0
    if "qop" in parameters and not _has_auth(parameters):
        return 0
    return _STRENGTH[base]


def authorization(
    parameters: Mapping[str, str], *, username: str, password: str, method: str, uri: str, count: int, cnonce: str
) -> str:
    """Give the value of `Authorization` or `Proxy-Authorization` (RFC 7616, 3.4).

    Args:
        parameters: of a challenge of some `strength`.
        username: as the user wrote it; bytes of a URL that are no UTF-8 as lone surrogates ("surrogateescape").
        password: the same.
        method: of the request.
        uri: the request target.
        count: how many requests have used this nonce, this one included.
        cnonce: random.
    """
    algorithm = _algorithm(parameters)
    hash_name = _HASHES[algorithm.removesuffix("-sess")]
    realm, nonce = parameters.get("realm", ""), parameters["nonce"]
    # Header values are Latin-1 text here, but what users write is sent in UTF-8 (RFC 7616, 4).
    realm_bytes = realm.encode("latin-1", "replace")

    def digest(*parts: str | bytes) -> str:
        data = b":".join(part if isinstance(part, bytes) else _bytes(part) for part in parts)
        return hashlib.new(hash_name, data, usedforsecurity=False).hexdigest()

    secret = digest(username, realm_bytes, password)
    if algorithm.endswith("-sess"):
        secret = digest(secret, nonce, cnonce)
    request = digest(method, uri)
    times = f"{count:08x}"
    protected = _has_auth(parameters)
    response = digest(secret, nonce, times, cnonce, "auth", request) if protected else digest(secret, nonce, request)
    hashed = parameters.get("userhash", "").lower() == "true"
    fields = [
        *_username(digest(username, realm_bytes) if hashed else username),
        f"realm={_quoted(realm)}",
        f"nonce={_quoted(nonce)}",
        f"uri={_quoted(uri)}",
        f'response="{response}"',
    ]
    if "algorithm" in parameters:
        fields.append(f"algorithm={parameters['algorithm']}")
    if "opaque" in parameters:
        fields.append(f"opaque={_quoted(parameters['opaque'])}")
    if protected:
        fields += ["qop=auth", f"nc={times}", f'cnonce="{cnonce}"']
    elif algorithm.endswith("-sess"):
        fields.append(f'cnonce="{cnonce}"')
    if hashed:
        fields.append("userhash=true")
    return "Digest " + ", ".join(fields)


def _algorithm(parameters: Mapping[str, str]) -> str:
    return parameters.get("algorithm", "MD5").lower()


def _has_auth(parameters: Mapping[str, str]) -> bool:
    return "auth" in (option.strip().lower() for option in parameters.get("qop", "").split(","))


def _username(name: str) -> list[str]:
    if name.isascii():
        return [f"username={_quoted(name)}"]
    return [f"username*=UTF-8''{quote(_bytes(name), safe='')}"]  # RFC 7616, 3.4: as in RFC 5987


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
