"""The Overlay domain: nothing is drawn, so everything that draws is refused.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.errors import unsupported

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Overlay")
DOMAIN.switches()


@DOMAIN.method("hideHighlight", NoParams)
async def hide_highlight(session: Session, params: NoParams) -> Result:
    """Nothing to do: nothing is ever highlighted."""
    return None


def _refuse(name: str) -> None:
    async def refused(session: Session, params: NoParams) -> Result:
        raise unsupported(f"Overlay.{name}: nothing is rendered, and drawing over it")

    DOMAIN.method(name, NoParams)(refused)


for _name in ("highlightNode", "highlightRect", "highlightQuad", "highlightFrame", "setInspectMode"):
    _refuse(_name)
