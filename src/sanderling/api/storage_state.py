"""Playwright's storage state: the cookies of a context, and by origin its localStorage and indexed databases, as one JSON object.

    {"cookies": [{"name", "value", "domain", "path", "expires", "httpOnly", "secure", "sameSite"}],
     "origins": [{"origin", "localStorage": [{"name", "value"}], "indexedDB": [{"name", "version", "stores"}]}]}

Partitioned cookies have `partitionKey` and `_crHasCrossSiteAncestor`, too. What databases look like: `browser/indexed_db_state.py`.

Thread: any.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from sanderling.base.errors import UsageError
from sanderling.browser.options import Cookie, OriginStorage, StorageState
from sanderling.proto import cookie_files
from sanderling.proto.url import parse

Given: TypeAlias = "Mapping[str, Any] | str | os.PathLike[str]"
"""The object, or the path of a file with it."""


class _Origin(msgspec.Struct, frozen=True):
    origin: str
    localStorage: tuple[_Item, ...] = ()  # noqa: N815 - Playwright's name
    indexedDB: tuple[msgspec.Raw, ...] = ()  # noqa: N815 - Playwright's name


class _Item(msgspec.Struct, frozen=True):
    name: str
    value: str


class _Origins(msgspec.Struct, frozen=True):
    origins: tuple[_Origin, ...] = ()


def read(given: Given) -> StorageState:
    """Read a state.

    Raises:
        UsageError: the file cannot be read, or it is no storage state.
    """
    where = "storage_state" if isinstance(given, Mapping) else os.fspath(given)
    try:
        text = json.dumps(given) if isinstance(given, Mapping) else Path(given).read_text("utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {where}: {error.strerror}") from error
    except (TypeError, ValueError) as error:  # what JSON has no form for; no UTF-8
        raise UsageError(f"{where} is no storage state: {error}") from error
    try:
        cookies = tuple(msgspec.convert(one, Cookie) for one in cookie_files.parse(text))
        origins = msgspec.json.decode(text, type=_Origins).origins
    except ValueError as error:
        raise UsageError(f"{where} is no storage state: {error}") from error
    return StorageState(cookies=cookies, origins=tuple(_storage(one, where) for one in origins))


def _storage(given: _Origin, where: str) -> OriginStorage:
    url = parse(given.origin)
    if url is None or url.origin.is_opaque:
        raise UsageError(f"{where} is no storage state: {given.origin[:200]!r} is no origin")
    origin = url.origin.serialise()
    return OriginStorage(
        origin=origin,
        items=tuple((one.name, one.value) for one in given.localStorage),
        indexed_db=msgspec.json.encode(given.indexedDB).decode() if given.indexedDB else "",
    )


def to_dict(state: StorageState) -> dict[str, Any]:
    """Give the object that Playwright writes."""
    return {
        "cookies": [_cookie(one) for one in state.cookies],
        "origins": [
            {
                "origin": one.origin,
                "localStorage": [{"name": name, "value": value} for name, value in one.items],
                **({"indexedDB": json.loads(one.indexed_db)} if one.indexed_db else {}),
            }
            for one in state.origins
        ],
    }


def _cookie(cookie: Cookie) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": cookie.name,
        "value": cookie.value,
        "domain": cookie.domain,
        "path": cookie.path,
        "expires": cookie.expires,
        "httpOnly": cookie.httpOnly,
        "secure": cookie.secure,
        "sameSite": cookie.sameSite or "Lax",  # Playwright's word for a cookie that says nothing
    }
    if cookie.partitionKey:
        written["partitionKey"] = cookie.partitionKey
        written["_crHasCrossSiteAncestor"] = cookie.hasCrossSiteAncestor
    return written


def write(path: str | os.PathLike[str], state: Mapping[str, Any]) -> None:
    """Write a state to a file that only its owner can read: whoever has it is logged in.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(number, "w", encoding="utf-8") as file:
            json.dump(state, file, indent=2, ensure_ascii=False)
    except OSError as error:
        raise UsageError(f"cannot write {os.fspath(path)}: {error.strerror}") from error
