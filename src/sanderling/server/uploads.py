"""Files and folders that a client names in its messages are granted to the worker that serves it, and not to its pages.

Thread: main.
"""

from __future__ import annotations

import msgspec

from sanderling.network.files import Grants

_METHOD = b'setFileInputFiles"'

_MAX_MESSAGE_BYTES = 1024 * 1024
"""A list of paths is shorter; larger messages are not searched."""


class _Params(msgspec.Struct):
    files: list[str]


class _Message(msgspec.Struct):
    method: str
    params: _Params


_DECODER = msgspec.json.Decoder(_Message)


class _Folder(msgspec.Struct):
    downloadPath: str = ""  # noqa: N815 - CDP's name


def grant_downloads(grants: Grants, params: bytes) -> None:
    """Grant the folder of `Browser.setDownloadBehavior`."""
    try:
        folder = msgspec.json.decode(params, type=_Folder).downloadPath
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return  # whoever answers it says what is wrong
    if folder and "\0" not in folder:
        grants.allow_writing(folder)


def grant_uploads(grants: Grants, data: bytes) -> None:
    """Grant what a client's message asks for, if it is one that hands files to a page."""
    if len(data) > _MAX_MESSAGE_BYTES or _METHOD not in data:
        return
    try:
        message = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return  # whoever answers it says what is wrong
    if message.method in ("DOM.setFileInputFiles", "Page.setFileInputFiles"):
        for path in message.params.files:
            if "\0" not in path:
                grants.allow_reading(path)
