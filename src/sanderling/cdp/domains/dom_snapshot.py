"""The DOMSnapshot domain.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Domain, Result
from sanderling.cdp.errors import unsupported
from sanderling.cdp.nodes import ask_node

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("DOMSnapshot")
DOMAIN.switches()


class CaptureParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOMSnapshot.captureSnapshot`."""

    computedStyles: list[str]
    includePaintOrder: bool = False
    includeDOMRects: bool = False
    includeBlendedBackgroundColors: bool = False
    includeTextColorOpacities: bool = False


@DOMAIN.method("captureSnapshot", CaptureParams)
async def capture_snapshot(session: Session, params: CaptureParams) -> Result:
    """Give the documents as tables, with boxes and the computed styles asked for."""
    if params.includeBlendedBackgroundColors or params.includeTextColorOpacities:
        raise unsupported("blended colors: nothing is rendered, which")
    payload = {
        "styles": params.computedStyles,
        "paintOrder": params.includePaintOrder,
        "rects": params.includeDOMRects,
    }
    return await ask_node(session, "dom.snapshot", payload)
