"""The Overlay domain: nothing is drawn, so everything that draws is refused.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.cdp.dispatch import Domain, NoParams, Result

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Overlay")
DOMAIN.switches()


@DOMAIN.method("hideHighlight", NoParams)
async def hide_highlight(session: Session, params: NoParams) -> Result:
    """Nothing to do: nothing is ever highlighted."""
    return None


for _name in ("highlightNode", "highlightRect", "highlightQuad", "highlightFrame", "setInspectMode"):
    DOMAIN.refuse(_name, "nothing is rendered that could be drawn over")
