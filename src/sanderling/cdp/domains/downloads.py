"""The part of Browser that is about the downloads of one context; the hub passes it on.

https://chromedevtools.github.io/devtools-protocol/tot/Browser/

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import ClosedError
from sanderling.browser.downloads import Behavior, DownloadAdvanced, DownloadStarted
from sanderling.cdp.dispatch import Result, decode_params
from sanderling.cdp.errors import CdpError
from sanderling.cdp.ids import frame_id
from sanderling.cdp.wire import DownloadBegan, DownloadProgress

if TYPE_CHECKING:
    from sanderling.browser.context import Context


class BehaviorParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setDownloadBehavior`."""

    behavior: Behavior
    downloadPath: str = ""  # noqa: N815 - CDP's name


class CancelParams(msgspec.Struct, frozen=True, kw_only=True):
    """`cancelDownload`."""

    guid: str


PARAMS: dict[str, type[msgspec.Struct]] = {
    "Browser.setDownloadBehavior": BehaviorParams,
    "Browser.cancelDownload": CancelParams,
}
"""The methods, and what is read of their parameters here; the hub reads the rest."""


def read_behavior(params: bytes) -> BehaviorParams:
    """Read the parameters of `setDownloadBehavior`.

    Raises:
        CdpError: they are wrong.
    """
    wanted = decode_params(BehaviorParams, params)
    if wanted.behavior in ("allow", "allowAndName") and not wanted.downloadPath:
        raise CdpError("downloadPath not provided", code=-32602)
    return wanted


def context_command(context: Context, method: str, params: bytes) -> Result:
    """Do one of `PARAMS`.

    Raises:
        CdpError: it was refused.
    """
    if method == "Browser.cancelDownload":
        try:
            context.downloads.cancel(decode_params(CancelParams, params).guid)
        except ClosedError as error:
            raise CdpError(str(error), code=-32602) from None
        return None
    wanted = read_behavior(params)
    context.downloads.behavior = wanted.behavior
    context.downloads.folder = wanted.downloadPath
    return None


def notice_of(context: Context, notice: DownloadStarted | DownloadAdvanced) -> DownloadBegan | DownloadProgress:
    """Write for the hub what happens to a download."""
    if isinstance(notice, DownloadStarted):
        return DownloadBegan(
            context=context.id,
            frame=frame_id(notice.page, notice.frame),
            guid=notice.guid,
            url=notice.url,
            suggested_filename=notice.filename,
        )
    return DownloadProgress(
        context=context.id,
        guid=notice.guid,
        total_bytes=notice.total,
        received_bytes=notice.received,
        state=notice.state,
        path=notice.path,
    )
