"""Files of cookies: read before the first page, written after the last.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from sanderling.base import errors
from sanderling.browser.options import Cookie
from sanderling.proto import cookie_files


def read_cookie_file(path: str) -> tuple[Cookie, ...]:
    """Load cookies from a JSON or Netscape file.

    Raises:
        UsageError: it cannot be read, or is neither.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise errors.UsageError(f"cannot read cookies from {path}: {error}") from error
    try:
        return tuple(msgspec.convert(cookie, Cookie) for cookie in cookie_files.parse(text))
    except (ValueError, msgspec.ValidationError) as error:
        raise errors.UsageError(f"{path} is no cookie file: {error}") from error


def write_cookie_file(path: str, cookies: Sequence[Cookie]) -> None:
    """Save cookies: JSON when the name ends in ``.json``, else Netscape form.

    Raises:
        UsageError: it cannot be written.
    """
    plain = [msgspec.to_builtins(cookie) for cookie in cookies]
    text = cookie_files.to_json(plain) if path.endswith(".json") else cookie_files.to_netscape(plain)
    try:
        Path(path).write_text(text, "utf-8")
    except OSError as error:
        raise errors.UsageError(f"cannot write cookies to {path}: {error.strerror}") from error
