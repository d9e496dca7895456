"""Downloads of a context: responses that go to files, as the client allows.

The worker does not open files itself (`browser.files`). A download whose page goes on without it: it belongs to the context, and
ends with it.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from sanderling.base.errors import ClosedError, SanderlingError
from sanderling.http.response import Response
from sanderling.proto import mime
from sanderling.proto.content_disposition import suggested_filename
from sanderling.proto.url import parse

if TYPE_CHECKING:
    from sanderling.browser.context import Context

Behavior: TypeAlias = Literal["default", "deny", "allow", "allowAndName"]
"""`default` is to deny, as where nobody sees a page; `allowAndName` names files by their guid."""

PROGRESS_S = 0.1
"""Progress is told no more often than that, but for the end."""


class DownloadStarted(msgspec.Struct, frozen=True, kw_only=True):
    """A response is a download."""

    page: str
    frame: int
    guid: str
    url: str
    filename: str


class DownloadAdvanced(msgspec.Struct, frozen=True, kw_only=True):
    """How far a download is."""

    guid: str
    total: int
    """Bytes to come in all; 0 when the server did not say."""
    received: int
    state: Literal["inProgress", "completed", "canceled"]
    path: str = ""
    """Of the file; empty before it is whole."""


class Downloads:
    """The downloads of one context.

    Args:
        context: the owner; its `download_listener` is told.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.behavior: Behavior = "default"
        self.folder = ""
        self._guids: set[str] = set()  # of all there were
        self._running: dict[str, asyncio.Task[None]] = {}
        self._names: set[str] = set()  # paths given away already

    @property
    def allowed(self) -> bool:
        """Whether downloads are saved."""
        return self.behavior in ("allow", "allowAndName")

    def start(self, response: Response, *, page: str, frame: int, name: str = "") -> None:
        """Save a response whose head has come; whoever asked for it has no more to do with it.

        Args:
            response: nobody has read of it.
            page: id of the page it was for.
            frame: number of the frame it was for.
            name: of the `download` attribute.
        """
        guid = str(uuid.uuid4())
        self._guids.add(guid)
        url = response.url_list[-1] if response.url_list else response.url
        parsed = parse(url)
        kind = mime.parse(response.headers.get("content-type") or "")
        filename = "download"
        if parsed is not None:
            disposition = response.headers.get("content-disposition") or ""
            filename = suggested_filename(disposition, name, parsed, kind.essence if kind is not None else "")
        self._tell(DownloadStarted(page=page, frame=frame, guid=guid, url=url, filename=filename))
        if not self.allowed or self._context.browser.files is None:
            response.cancel()
            self._tell(DownloadAdvanced(guid=guid, total=0, received=0, state="canceled"))
            return
        path = str(Path(self.folder) / guid) if self.behavior == "allowAndName" else self._free_path(filename)
        task = asyncio.get_running_loop().create_task(self._save(guid, response, path))
        self._running[guid] = task
        task.add_done_callback(lambda _: self._running.pop(guid, None))

    def _free_path(self, filename: str) -> str:
        stem, dot, extension = filename.rpartition(".")
        if not dot:
            stem, extension = filename, ""
        number = 0
        while True:
            shown = f"{stem} ({number})" if number else stem
            path = str(Path(self.folder) / (f"{shown}.{extension}" if dot else shown))
            if path not in self._names and not os.path.lexists(path):
                self._names.add(path)
                return path
            number += 1

    async def _save(self, guid: str, response: Response, path: str) -> None:
        files = self._context.browser.files
        assert files is not None
        length = response.headers.get("content-length") or ""
        encoded = response.headers.get("content-encoding") is not None
        total = int(length) if length.isdecimal() and not encoded else 0
        received = 0
        loop = asyncio.get_running_loop()
        told = loop.time()
        self._tell(DownloadAdvanced(guid=guid, total=total, received=0, state="inProgress"))
        try:
            descriptor = await files.open(path, "write")
            try:
                async for piece in response.chunks():
                    view = memoryview(piece)
                    while view:
                        view = view[os.write(descriptor, view) :]
                    received += len(piece)
                    if loop.time() - told >= PROGRESS_S:
                        told = loop.time()
                        self._tell(DownloadAdvanced(guid=guid, total=total, received=received, state="inProgress"))
            finally:
                os.close(descriptor)
        except (SanderlingError, OSError, asyncio.CancelledError) as error:
            response.cancel()
            self._tell(DownloadAdvanced(guid=guid, total=total, received=received, state="canceled"))
            if isinstance(error, asyncio.CancelledError):
                raise
            return
        self._tell(
            DownloadAdvanced(guid=guid, total=total or received, received=received, state="completed", path=path)
        )

    def cancel(self, guid: str) -> None:
        """Cancel a download; one that came to its end stays as it is.

        Raises:
            ClosedError: there was none of that guid.
        """
        if guid not in self._guids:
            raise ClosedError("No download item found for the given GUID")
        task = self._running.get(guid)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        """Cancel all."""
        for task in tuple(self._running.values()):
            task.cancel()

    def _tell(self, notice: DownloadStarted | DownloadAdvanced) -> None:
        if self._context.download_listener is not None:
            self._context.download_listener(notice)
