"""The options of the command line about the log: the same for every command.

Thread: main.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, get_args

import click

from sanderling.base import log


def log_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command `--log-level` and `--log-format`; the log is configured before it runs."""

    @click.option(
        "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="warning", show_default=True
    )
    @click.option("--log-format", type=click.Choice(get_args(log.LogFormat)), default="pretty", show_default=True)
    @functools.wraps(command)
    def with_log(*, log_level: str, log_format: log.LogFormat, **given: Any) -> int:
        log.configure(log_level, log_format)
        return command(**given)

    return with_log
