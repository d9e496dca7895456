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


class UploadedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file for an input."""

    name: str
    path: str
    type: str
    """MIME type by the name's extension, empty when unknown."""
    modified: int
    """Milliseconds since 1970."""
    content: bytes


async def read_uploads(files: Files, paths: list[str]) -> list[UploadedFile]:
    """Read files.

    Args:
        files: opens them; the client's naming them is what grants them.
        paths: absolute.

    Raises:
        CdpError: one is missing, no regular file, unreadable, or they are too large.
    """
    read: list[UploadedFile] = []
    total = 0
    for text in paths:
        try:
            descriptor = await files.open(text, "read")
            with open(descriptor, "rb") as file:  # noqa: ASYNC230 - a regular file; others of this client wait no longer than for its parsing
                facts = os.fstat(descriptor)
                total += facts.st_size
                if total > MAX_UPLOAD_BYTES:
                    raise CdpError(f"Files of more than {MAX_UPLOAD_BYTES} bytes cannot be uploaded: {text}")
                content = file.read()
        except OSError as error:
            raise CdpError(f"File cannot be uploaded: {text}: {error}") from None
        name = os.path.basename(text)
        read.append(
            UploadedFile(
                name=name,
                path=text,
                type=mimetypes.guess_type(name)[0] or "",
                modified=int(facts.st_mtime * 1000),
                content=content,
            )
        )
    return read
