"""Which hosts all sessions speak to over TLS only (`proto.hsts`), as a service; kept in a file where there is a folder for it.

Thread: main.
"""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

import msgspec

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.network.services import Answer, Forget, nothing_to_forget
from sanderling.proto.hsts import HstsHosts

NAME = "hsts"

FILE = "hsts.json"
"""In the folder of the cache."""

_LOG = logging.getLogger("sanderling.network.hsts")


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


_ENTRIES = msgspec.json.Decoder(list[tuple[str, float, bool]])
_QUESTION = msgspec.json.Decoder(IsKnown | Note)


class HstsService:
    """See `services.Service`.

    Args:
        clock: hosts are known as long as they said, by it.
    """

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._hosts = HstsHosts()
        self._kept: dict[Path, bool] = {}  # the files, and whether something changed since they were read or written

    def keep_in(self, folder: str) -> None:
        """Know what an earlier run knew, and write it at the end (on Network's loop). A damaged file is set aside.

        There may be several folders; all sessions of the process share what is known, so each gets all of it.
        """
        path = Path(folder) / FILE
        if path in self._kept:
            return
        self._kept[path] = len(self._hosts) > 0
        try:
            self._hosts.restore(_ENTRIES.decode(path.read_bytes()), self._clock.wall())
        except FileNotFoundError:
            return
        except OSError as error:
            _LOG.warning("%s cannot be read, so known HSTS hosts are not known: %s", path, error)
        except ValueError as error:
            aside = path.with_suffix(".damaged")
            with contextlib.suppress(OSError):
                os.replace(path, aside)
            _LOG.warning("%s is damaged (%s): it is now %s, and a new one begins", path, error, aside.name)

    def ask(self, asker: object, body: bytes, answer: Answer) -> Forget:
        """See `services.Service.ask`."""
        question = _QUESTION.decode(body)
        now = self._clock.wall()
        if isinstance(question, Note):
            self._hosts.note(question.host, question.value, now)
            self._kept = dict.fromkeys(self._kept, True)
            answer(b"null")
        else:
            answer(msgspec.json.encode(Known(self._hosts.upgrades(question.host, now))))
        return nothing_to_forget

    def left(self, asker: object) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Write what changed."""
        self.save()

    def save(self) -> None:
        """Write the files that something changed for, each whole or not at all (on Network's loop)."""
        for path in [path for path, changed in self._kept.items() if changed]:
            self._kept[path] = False
            self._write(path)

    def _write(self, path: Path) -> None:
        temporary = path.with_suffix(f".{os.getpid()}.part")
        try:
            temporary.write_bytes(msgspec.json.encode(self._hosts.entries(self._clock.wall())))
            os.replace(temporary, path)
        except OSError as error:
            _LOG.warning("%s cannot be written, so known HSTS hosts are forgotten: %s", path, error)
