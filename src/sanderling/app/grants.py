"""What workers may have beyond pages: the files of recordings, and the addresses that everybody is kept from.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from sanderling.browser.options import ContextOptions
from sanderling.http.proxies import ProxyRules
from sanderling.network.curl_guard import Guard
from sanderling.proto.addresses import rules

if TYPE_CHECKING:
    from sanderling.server import recordings


class Granting(Protocol):
    """Who lets workers have files: a runtime, or one worker of it."""

    def grant(self, *, readable: Sequence[str] = (), writable: Sequence[str] = ()) -> None:
        """Let them have files, and folders to write to."""


def grant_recordings(
    workers: Granting, context: ContextOptions, har: str, *, per_context: bool = False
) -> tuple[ContextOptions, recordings.Recordings | None]:
    """Let workers have the files of recordings (before they are asked for a context).

    Args:
        workers: those.
        context: options; `replay` may be relative.
        har: a file, or with `per_context` a folder, to record to; empty for nowhere.
        per_context: give each context a document of its own.

    Returns:
        The options with an absolute `replay`, and what makes the documents; None without `har`.

    Raises:
        UsageError: a file is unusable.
    """
    if not context.replay and not har:
        return context, None
    from sanderling.server import recordings

    if context.replay:
        readable = recordings.check_replay(context.replay)
        workers.grant(readable=readable)
        context = msgspec.structs.replace(context, replay=readable[0])
    if not har:
        return context, None
    recording = recordings.Recordings(har, per_context=per_context)
    workers.grant(writable=(recording.folder,))
    return context, recording


def guard_of(context: ContextOptions, *, exposed: bool) -> Guard:
    """Make of the options for every context what holds for the process, whatever a worker says.

    Args:
        context: the options; only this proxy is trusted, and not one that a client brings.
        exposed: whether other machines can reach the server.

    Raises:
        UsageError: the proxy is malformed.
    """
    private = context.block_private_networks
    everywhere = rules(exposed if private is None else private, context.block_cidrs)
    return Guard(everywhere, ProxyRules(context.proxy, context.proxy_bypass).all)
