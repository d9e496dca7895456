"""What the hub asks of a page when its window has another size.

https://chromedevtools.github.io/devtools-protocol/tot/Browser/#method-setWindowBounds

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Result, decode_params
from sanderling.cdp.errors import CdpError

if TYPE_CHECKING:
    from sanderling.browser.context import Context

METHOD = "Browser.setWindowBounds"


class Resized(msgspec.Struct, frozen=True, kw_only=True):
    """The new size, in CSS pixels."""

    page: str
    width: int
    height: int


async def context_command(context: Context, params: bytes) -> Result:
    """Resize a page; its documents have seen it before it is answered.

    Raises:
        CdpError: there is no such page.
    """
    wanted = decode_params(Resized, params)
    page = context.pages.get(wanted.page)
    if page is None:
        raise CdpError("Browser window not found")
    page.set_window_size(wanted.width, wanted.height)
    await page.emulation.window_resized()
    return None
