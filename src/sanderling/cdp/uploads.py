"""Files that a client hands to a page: the one place where their contents are read.

Thread: worker.
"""

from __future__ import annotations

import mimetypes
import os

import msgspec

from sanderling.browser.files import Files
from sanderling.cdp.errors import CdpError

mimetypes.init()  # reads the system's tables, which a worker in a process cannot any more once it serves

MAX_UPLOAD_BYTES = 512 * 1024 * 1024
"""All files of one command together: they are held in memory."""


MAX_UPLOADED_FILES = 10_000
"""Of one folder."""


class UploadedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file for an input."""

    name: str
    path: str
    type: str
    """MIME type by the name's extension, empty when unknown."""
    modified: int
    """Milliseconds since 1970."""
    content: bytes
    relative: str = ""
    """Where it stands in the folder that was named, beginning with that folder's name."""


async def _in_folder(files: Files, folder: str) -> list[tuple[str, str]]:
    """Give the path and the relative path of each file in a folder and in those below it; links are left out.

    Raises:
        CdpError: there are too many.
        OSError: it is no folder, or cannot be read.
    """
    out: list[tuple[str, str]] = []
    waiting = [(folder, folder.rstrip("/").rpartition("/")[2])]
    while waiting:
        path, shown = waiting.pop()
        descriptor = await files.open(path, "list")
        try:
            with os.scandir(descriptor) as entries:
                kinds = sorted(
                    (one.name, one.is_dir(follow_symlinks=False), one.is_file(follow_symlinks=False)) for one in entries
                )
        finally:
            os.close(descriptor)
        for name, is_folder, is_file in kinds:
            inside = (os.path.join(path, name), f"{shown}/{name}")
            if is_folder:
                waiting.append(inside)
            elif is_file:
                out.append(inside)
        if len(out) + len(waiting) > MAX_UPLOADED_FILES:
            raise CdpError(f"Folders with more than {MAX_UPLOADED_FILES} files cannot be uploaded: {folder}")
    return out


async def read_uploads(files: Files, paths: list[str]) -> list[UploadedFile]:
    """Read files.

    Args:
        files: opens them; the client's naming them is what grants them.
        paths: absolute.

    Raises:
        CdpError: one is missing, neither a regular file nor a folder with some, unreadable, or they are too large.
    """
    read: list[UploadedFile] = []
    total = 0
    waiting = [(path, "") for path in reversed(paths)]
    while waiting:
        text, relative = waiting.pop()
        try:
            descriptor = await files.open(text, "read")
            with open(descriptor, "rb") as file:  # noqa: ASYNC230 - a regular file; others of this client wait no longer than for its parsing
                facts = os.fstat(descriptor)
                total += facts.st_size
                if total > MAX_UPLOAD_BYTES:
                    raise CdpError(f"Files of more than {MAX_UPLOAD_BYTES} bytes cannot be uploaded: {text}")
                content = file.read()
        except OSError as error:
            try:
                inside = [] if relative else await _in_folder(files, text)
            except OSError:
                inside = []
            if not inside:
                raise CdpError(f"File cannot be uploaded: {text}: {error}") from None
            waiting += reversed(inside)
            continue
        name = os.path.basename(text)
        read.append(
            UploadedFile(
                name=name,
                path=text,
                type=mimetypes.guess_type(name)[0] or "",
                modified=int(facts.st_mtime * 1000),
                content=content,
                relative=relative,
            )
        )
    return read
