"""Recordings (HAR): where workers write their journals, and the documents that these become.

A document is whole or not there: it is written beside its place and then renamed. Workers may have no files, so their journals are in a
folder of ours that they are granted (`network/files.py`).

Thread: any; what touches files blocks.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path

from sanderling.base.errors import UsageError
from sanderling.base.log import LOGGER
from sanderling.proto import har_reading
from sanderling.server.har_writer import document


class Recordings:
    """Journals of contexts and their documents.

    Args:
        target: the document's file; with `per_context` the folder of one document for each context.
        per_context: see there.

    Raises:
        UsageError: nothing can be written there.
    """

    def __init__(self, target: str, *, per_context: bool = False) -> None:
        self._target = Path(target).absolute()
        self._per_context = per_context
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()  # protects _journals
        self._writing = threading.Lock()  # held while a document is written: until then its journals stay
        self._journals: dict[str, list[Path]] = {}  # by context
        place = self._target if per_context else self._target.parent
        try:
            if per_context:
                place.mkdir(parents=True, exist_ok=True)
            elif self._target.is_dir():
                raise UsageError(f"cannot record to {target}: it is a folder")
            self._folder = Path(tempfile.mkdtemp(prefix=".sanderling-", suffix=".journals", dir=place))
        except OSError as error:
            raise UsageError(f"cannot record to {target}: {error.strerror}") from error

    @property
    def folder(self) -> str:
        """Where journals are: to be granted to workers."""
        return str(self._folder)

    def journal(self, context: str) -> str:
        """Give the path of a new journal."""
        with self._lock:
            path = self._folder / f"{next(self._numbers)}.jsonl"
            self._journals.setdefault(context, []).append(path)
        return str(path)

    def finish(self, context: str) -> None:
        """A context is over: write its document, if each has its own. What goes wrong is logged."""
        if not self._per_context:
            return
        with self._writing:
            self._finish(context)

    def _finish(self, context: str) -> None:
        with self._lock:
            journals = self._journals.pop(context, [])
        if journals:
            try:
                self._write(self._target / f"{context}.har", journals)
            except OSError as error:
                LOGGER.error("the recording of context %s cannot be written: %s", context, error)

    def close(self) -> None:
        """Write what is left, and wait for what another thread writes; every worker has ended. Idempotent.

        Raises:
            UsageError: it cannot be written.
        """
        with self._writing:
            self._close()

    def _close(self) -> None:
        if self._per_context:
            for context in tuple(self._journals):
                self._finish(context)
        else:
            with self._lock:
                journals = [path for paths in self._journals.values() for path in paths]
                self._journals.clear()
            try:
                if journals or not self._target.exists():
                    self._write(self._target, journals)
            except OSError as error:
                raise UsageError(f"cannot write {self._target}: {error.strerror}") from error
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, target: Path, journals: Sequence[Path]) -> None:
        temporary = self._folder / f"{target.name}.part"
        try:
            with temporary.open("wb") as file:
                # A worker that ended before it began has none.
                file.writelines(document(path for path in journals if path.exists()))
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        for path in journals:
            path.unlink(missing_ok=True)


def check_replay(path: str) -> tuple[str, ...]:
    """Look whether a recording can be replayed, and say which files that takes.

    Returns:
        Absolute paths to be granted: the document, or the zip with everything, and the files beside it that bodies are in.

    Raises:
        UsageError: it cannot be read, or is no recording.
    """
    whole = Path(path).absolute()
    try:
        if whole.suffix == ".zip":
            with zipfile.ZipFile(whole):  # what is in it, the worker looks at
                pass
            return (str(whole),)
        entries = har_reading.parse(whole.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot replay {path}: {error.strerror}") from error
    except (ValueError, zipfile.BadZipFile) as error:
        raise UsageError(f"cannot replay {path}: {error}") from error
    names = sorted({name for entry in entries for name in entry.files})
    return (str(whole), *(str(whole.parent / name) for name in names if is_plain(name)))


def is_plain(name: str) -> bool:
    """Whether a name is one of a file beside the document, and does not lead elsewhere."""
    return Path(name).name == name and name not in ("", ".", "..")
