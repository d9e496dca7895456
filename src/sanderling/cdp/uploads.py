"""Files that a client hands to a page: the one place where their contents are read.

Thread: worker.
"""

from __future__ import annotations

import mimetypes
import stat
from pathlib import Path

import msgspec

from sanderling.cdp.errors import CdpError

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


def read_uploads(paths: list[str]) -> list[UploadedFile]:
    """Read files.

    Raises:
        CdpError: one is missing, no regular file, unreadable, or they are too large.
    """
    files: list[UploadedFile] = []
    total = 0
    for text in paths:
        path = Path(text)
        try:
            facts = path.stat()
            if not stat.S_ISREG(facts.st_mode):
                raise CdpError(f"File cannot be uploaded, it is no regular file: {text}")
            total += facts.st_size
            if total > MAX_UPLOAD_BYTES:
                raise CdpError(f"Files of more than {MAX_UPLOAD_BYTES} bytes cannot be uploaded: {text}")
            content = path.read_bytes()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise CdpError(f"File cannot be uploaded: {text}: {reason}") from None
        files.append(
            UploadedFile(
                name=path.name,
                path=str(path),
                type=mimetypes.guess_type(path.name)[0] or "",
                modified=int(facts.st_mtime * 1000),
                content=content,
            )
        )
    return files
