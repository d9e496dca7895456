"""What the main process and the template of workers say to each other.

Thread: any.
"""

from __future__ import annotations

from typing import TypeAlias

from sanderling.network.messages import DescriptorMessage, Message
from sanderling.server.worker_start import WorkerStart


class Fork(DescriptorMessage, frozen=True):
    """Make a child with the worker's end of a socket pair; `id` names it from now on."""

    start: WorkerStart = WorkerStart()


class Kill(Message, frozen=True):
    """End a child at once; nothing when it ended already."""

    id: int


class Forked(Message, frozen=True):
    """A child was made."""

    id: int
    pid: int


class Exited(Message, frozen=True):
    """A child ended, or could not be made."""

    id: int
    status: int
    """As `subprocess` writes it: negative for a signal."""
    words: str = ""
    """What its engine said when it aborted, if it did."""


class Broken(Message, frozen=True):
    """The template cannot work, and ends."""

    reason: str


TemplateCommand: TypeAlias = Fork | Kill
TemplateEvent: TypeAlias = Forked | Exited | Broken
