"""Which hosts all sessions speak to over TLS only (`proto.hsts`), as a service.

Thread: main.
"""

from __future__ import annotations

import msgspec

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.network.services import Answer, Forget, nothing_to_forget
from sanderling.proto.hsts import HstsHosts

NAME = "hsts"


class IsKnown(msgspec.Struct, frozen=True, tag=True):
    """Answered with `Known`."""

    host: str


class Note(msgspec.Struct, frozen=True, tag=True):
    """A host said so, over TLS without errors; needs no answer."""

    host: str
    value: str
    """Of its first Strict-Transport-Security field."""


class Known(msgspec.Struct, frozen=True):
    """Whether to upgrade."""

    upgrade: bool


_QUESTION = msgspec.json.Decoder(IsKnown | Note)


class HstsService:
    """See `services.Service`.

    Args:
        clock: hosts are known as long as they said, by it.
    """

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._hosts = HstsHosts()

    def ask(self, asker: object, body: bytes, answer: Answer) -> Forget:
        """See `services.Service.ask`."""
        question = _QUESTION.decode(body)
        now = self._clock.wall()
        if isinstance(question, Note):
            self._hosts.note(question.host, question.value, now)
            answer(b"null")
        else:
            answer(msgspec.json.encode(Known(self._hosts.upgrades(question.host, now))))
        return nothing_to_forget

    def left(self, asker: object) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is held."""
