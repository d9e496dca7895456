"""The exit codes of the command line, documented in `docs/reference/cli.md`.

Of several URLs the code of the first failure in command-line order counts; the others are reported all the same.

Thread: any.
"""

from __future__ import annotations

import enum

from sanderling.browser.result import ErrorKind


class ExitCode(enum.IntEnum):
    """What a shell script can tell apart."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    NAME = 3
    CONNECTION = 4
    TLS = 5
    TIMEOUT = 6
    PAGE = 7
    ROBOTS = 8
    CRASH = 9
    OUTPUT = 10
    HTTP = 22
    """curl's code for `--fail`, and the peer's."""
    INTERRUPTED = 130


BY_KIND: dict[ErrorKind, ExitCode] = {
    "usage": ExitCode.USAGE,
    "name": ExitCode.NAME,
    "connection": ExitCode.CONNECTION,
    "tls": ExitCode.TLS,
    "timeout": ExitCode.TIMEOUT,
    "http": ExitCode.HTTP,
    "page": ExitCode.PAGE,
    "crash": ExitCode.CRASH,
    "robots": ExitCode.ROBOTS,
    "internal": ExitCode.INTERNAL,
}
