"""Reads the files that `--block-urls` and `--block-hosts` name.

Thread: main.
"""

from __future__ import annotations

from pathlib import Path

from sanderling.base.errors import UsageError


def read_patterns(given: tuple[str, ...]) -> tuple[str, ...]:
    """Give the patterns of ``PATTERN`` and ``@FILE``.

    Raises:
        UsageError: a file cannot be read, or is no list of patterns.
    """
    found: list[str] = []
    for text in given:
        if text.startswith("@"):
            from sanderling.proto.url_filters import parse_patterns

            try:
                found += parse_patterns(_read("--block-urls", text[1:]))
            except ValueError as error:
                raise UsageError(f"--block-urls: {text[1:]}, {error}") from error
        elif text:
            found.append(text)
        else:
            raise UsageError("--block-urls: an empty pattern would block everything; '*' does")
    return tuple(found)


def read_hosts(paths: tuple[str, ...]) -> str:
    """Give the hosts of these files as `ContextOptions.block_hosts` has them.

    Raises:
        UsageError: one cannot be read, or is no list of hosts.
    """
    found: dict[str, None] = {}
    for path in paths:
        from sanderling.proto.url_filters import parse_hosts

        try:
            found.update(dict.fromkeys(parse_hosts(_read("--block-hosts", path))))
        except ValueError as error:
            raise UsageError(f"--block-hosts: {path}, {error}") from error
    return "\n".join(found)


def _read(option: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{option}: {path} is not UTF-8") from error
    except OSError as error:
        raise UsageError(f"{option}: cannot read {path}: {error.strerror}") from error
