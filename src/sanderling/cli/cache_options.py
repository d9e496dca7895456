"""The options of the command line about the HTTP cache on disk.

Thread: main.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import click


def cache_options(*, shared: bool) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command these options; it gets `cache`, a `DiskCache` or None.

    Args:
        shared: several users' pages write to it.
    """

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        @click.option(
            "--cache-dir",
            default="",
            metavar="DIR",
            help="Keep responses there, for later runs too, instead of in memory.",
        )
        @click.option(
            "--cache-size",
            type=click.IntRange(min=1),
            default=512,
            show_default=True,
            metavar="MIB",
            help="What DIR may hold; what was not used for longest goes first.",
        )
        @click.option(
            "--cache-entries",
            type=click.IntRange(min=1),
            default=20_000,
            show_default=True,
            metavar="N",
            help="How many responses DIR may hold.",
        )
        @functools.wraps(command)
        def with_cache(*, cache_dir: str, cache_size: int, cache_entries: int, **given: object) -> int:
            from sanderling.server.cache_folder import disk_cache

            cache = disk_cache(cache_dir, shared=shared, megabytes=cache_size, entries=cache_entries)
            return command(cache=cache, **given)

        return with_cache

    return decorate
