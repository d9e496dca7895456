"""The files of recordings, as a worker sees them: the journal that it writes, and the document that it replays.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
import os
import zipfile
from pathlib import Path

from sanderling.base.errors import ClosedError, UsageError
from sanderling.browser.files import Files
from sanderling.proto import har_reading

_LOG = logging.getLogger("sanderling.browser.recording")

HAR_IN_ZIP = "har.har"
"""Playwright's name for the document in a zip."""


class Journal:
    """A file of lines. Each is handed to the system as it comes: the end of the process loses none.

    Args:
        files: open it.
        path: absolute; granted for writing.
    """

    def __init__(self, files: Files, path: str) -> None:
        self._waiting: list[bytes] | None = []  # until the file is open
        self._descriptor = -1
        self._path = path
        self._opening = asyncio.get_running_loop().create_task(self._open(files))

    async def _open(self, files: Files) -> None:
        try:
            self._descriptor = await files.open(self._path, "write")
        except (OSError, ClosedError) as error:
            _LOG.error("nothing is recorded: %s cannot be written: %s", self._path, error)
            self._waiting = None
            return
        waiting, self._waiting = self._waiting or [], None
        for line in waiting:
            self.write(line)

    def write(self, line: bytes) -> None:
        """Add a line; what goes wrong ends the recording and is logged."""
        if self._waiting is not None:
            self._waiting.append(line)
        elif self._descriptor >= 0:
            data = memoryview(line + b"\n")
            try:
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError as error:
                _LOG.error("the recording ends here: %s", error.strerror)
                self._close()

    async def close(self) -> None:
        """Write what waits, and close it. Idempotent."""
        await self._opening
        self._close()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


async def read_recording(files: Files, path: str) -> har_reading.Recording:
    """Read a document, or a zip of one, and the files beside it.

    Raises:
        UsageError: it cannot be read, or is none.
    """
    whole = Path(path)
    try:
        data = await _read(files, path)
        if whole.suffix == ".zip":
            return _from_zip(data)
        entries = har_reading.parse(data)
        attached = {}
        for name in {name for entry in entries for name in entry.files}:
            try:
                attached[name] = await _read(files, str(whole.parent / name))
            except OSError as error:
                _LOG.warning("%s has no %s: %s", path, name, error)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UsageError(f"cannot replay {path}: {error}") from error
    return har_reading.Recording(entries, attached)


async def _read(files: Files, path: str) -> bytes:
    descriptor = await files.open(path, "read")
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _from_zip(data: bytes) -> har_reading.Recording:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        document = (
            HAR_IN_ZIP if HAR_IN_ZIP in names else next((one for one in names if one.endswith(".har")), HAR_IN_ZIP)
        )
        entries = har_reading.parse(archive.read(document))
        wanted = {name for entry in entries for name in entry.files}
        return har_reading.Recording(entries, {name: archive.read(name) for name in wanted if name in names})
