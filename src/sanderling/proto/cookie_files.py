"""Cookie files: JSON as CDP and Playwright write it, and the Netscape form of curl and wget.

A cookie here is a dictionary with CDP's names: `name`, `value`, `domain` (with a leading dot unless host-only),
`path`, `expires` (seconds since the epoch, -1 for a session cookie), `httpOnly`, `secure`, `sameSite`, and for a partitioned one
`partitionKey` (its top-level site) and `hasCrossSiteAncestor`.

Thread: any.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import TypedDict

_HTTP_ONLY = "#HttpOnly_"
_BANNER = "# Netscape HTTP Cookie File"
_SAME_SITE = {"strict": "Strict", "lax": "Lax", "none": "None", "no_restriction": "None", "unspecified": "", "": ""}


class CookieDict(TypedDict, total=False):
    """One cookie, in CDP's names."""

    name: str
    value: str
    url: str
    domain: str
    path: str
    expires: float
    httpOnly: bool
    secure: bool
    sameSite: str
    partitionKey: str
    hasCrossSiteAncestor: bool


def parse(text: str) -> list[CookieDict]:
    """Read a file of either form; which one is seen from its first character.

    Raises:
        ValueError: it is neither, or a cookie in it is malformed; the text says which.
    """
    start = text.lstrip("\ufeff \t\r\n")
    return _parse_json(start) if start.startswith(("[", "{")) else _parse_netscape(text.removeprefix("\ufeff"))


def _parse_json(text: str) -> list[CookieDict]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"malformed JSON: {error}") from error
    except RecursionError as error:
        raise ValueError("malformed JSON: nested too deep") from error
    if isinstance(data, dict):
        data = data.get("cookies")  # Playwright's storageState, and the result of CDP's Network.getCookies
    if not isinstance(data, list):
        raise ValueError("JSON without a list of cookies")
    return [_from_json(item, number) for number, item in enumerate(data, 1)]


def _from_json(item: object, number: int) -> CookieDict:
    if not isinstance(item, dict):
        raise ValueError(f"cookie {number} is not an object")
    cookie = CookieDict(name="", value="")
    partition = item.get("partitionKey")
    if isinstance(partition, dict):  # CDP's form
        item = {
            **item,
            "partitionKey": partition.get("topLevelSite"),
            "hasCrossSiteAncestor": partition.get("hasCrossSiteAncestor"),
        }
    elif "_crHasCrossSiteAncestor" in item:  # Playwright's
        item = {**item, "hasCrossSiteAncestor": item["_crHasCrossSiteAncestor"]}
    for key in ("name", "value", "url", "domain", "path", "partitionKey"):
        value = item.get(key)
        if value is not None:
            if not isinstance(value, str):
                raise ValueError(f"{key} of cookie {number} is not a string")
            cookie[key] = value
    for key in ("httpOnly", "secure", "hasCrossSiteAncestor"):
        value = item.get(key)
        if value is not None:
            if not isinstance(value, bool):
                raise ValueError(f"{key} of cookie {number} is not true or false")
            cookie[key] = value  # type: ignore[literal-required] # the keys are those above
    expires = item.get("expires", item.get("expirationDate"))  # the second is what browser extensions write
    if expires is not None:
        if isinstance(expires, bool) or not isinstance(expires, int | float) or math.isnan(expires):
            raise ValueError(f"expires of cookie {number} is not a number")
        cookie["expires"] = float(expires) if expires >= 0 else -1.0
    same_site = item.get("sameSite")
    if same_site is not None:
        if not isinstance(same_site, str) or same_site.lower() not in _SAME_SITE:
            raise ValueError(f"sameSite of cookie {number} is not Strict, Lax or None")
        cookie["sameSite"] = _SAME_SITE[same_site.lower()]
    if not cookie.get("url") and not cookie.get("domain"):
        raise ValueError(f"cookie {number} has neither domain nor url")
    return cookie


def _parse_netscape(text: str) -> list[CookieDict]:
    cookies: list[CookieDict] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line, http_only = raw, False
        if line.startswith(_HTTP_ONLY):
            line, http_only = line.removeprefix(_HTTP_ONLY), True
        elif not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) == 6:  # an empty value, whose tab an editor has cut off
            fields.append("")
        if len(fields) != 7:
            raise ValueError(f"line {number} has {len(fields)} fields in place of 7")
        domain, subdomains, path, secure, expires, name, value = fields
        if subdomains.upper() not in ("TRUE", "FALSE") or secure.upper() not in ("TRUE", "FALSE"):
            raise ValueError(f"line {number}: a flag is neither TRUE nor FALSE")
        try:
            moment = float(expires)
        except ValueError:
            raise ValueError(f"line {number}: {expires!r} is not a time") from None
        if not domain:
            raise ValueError(f"line {number} has no domain")
        bare = domain.removeprefix(".")
        cookies.append(
            CookieDict(
                name=name,
                value=value,
                domain=f".{bare}" if subdomains.upper() == "TRUE" else bare,
                path=path or "/",
                expires=moment if 0 < moment < float("inf") else -1.0,  # 0 is a session cookie in this form
                httpOnly=http_only,
                secure=secure.upper() == "TRUE",
            )
        )
    return cookies


def to_json(cookies: Iterable[Mapping[str, object]]) -> str:
    """Write CDP's form, as a list."""
    return json.dumps([_complete(cookie) for cookie in cookies], indent=2, ensure_ascii=False) + "\n"


def to_storage_state(cookies: Iterable[Mapping[str, object]]) -> str:
    """Write Playwright's `storageState` form, without origins."""
    return (
        json.dumps({"cookies": [_complete(cookie) for cookie in cookies], "origins": []}, indent=2, ensure_ascii=False)
        + "\n"
    )


def to_netscape(cookies: Iterable[Mapping[str, object]]) -> str:
    """Write the Netscape form. It has no place for SameSite; partitioned cookies, and those with a tab in them, are left out."""
    lines = [_BANNER, ""]
    for incomplete in cookies:
        cookie = _complete(incomplete)
        domain, expires = cookie["domain"], cookie["expires"]
        fields = (
            domain,
            "TRUE" if domain.startswith(".") else "FALSE",
            cookie["path"],
            "TRUE" if cookie["secure"] else "FALSE",
            str(int(expires)) if expires > 0 else "0",
            cookie["name"],
            cookie["value"],
        )
        if "partitionKey" not in cookie and not any(
            "\t" in field or "\n" in field or "\r" in field for field in fields
        ):
            lines.append((_HTTP_ONLY if cookie["httpOnly"] else "") + "\t".join(fields))
    return "\n".join(lines) + "\n"


def _complete(cookie: Mapping[str, object]) -> CookieDict:
    expires = cookie.get("expires")
    complete = CookieDict(
        name=str(cookie.get("name", "")),
        value=str(cookie.get("value", "")),
        domain=str(cookie.get("domain", "")),
        path=str(cookie.get("path") or "/"),
        expires=float(expires) if isinstance(expires, int | float) and expires > 0 else -1.0,
        httpOnly=bool(cookie.get("httpOnly", False)),
        secure=bool(cookie.get("secure", False)),
        sameSite=str(cookie.get("sameSite", "")),
    )
    if cookie.get("partitionKey"):
        complete["partitionKey"] = str(cookie["partitionKey"])
        complete["hasCrossSiteAncestor"] = bool(cookie.get("hasCrossSiteAncestor", False))
    return complete
