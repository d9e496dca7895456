"""The CSS domain, as far as it is about the styles of elements.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Domain, Result
from sanderling.cdp.nodes import ask_node

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("CSS")


class StyledParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of methods on a known element."""

    nodeId: int


@DOMAIN.method("getComputedStyleForNode", StyledParams)
async def get_computed_style_for_node(session: Session, params: StyledParams) -> Result:
    """Give the computed values of an element."""
    return await ask_node(session, "css.computed", {"nodeId": params.nodeId})


@DOMAIN.method("getInlineStylesForNode", StyledParams)
async def get_inline_styles_for_node(session: Session, params: StyledParams) -> Result:
    """Give the declarations of an element's style attribute."""
    return await ask_node(session, "css.inline", {"nodeId": params.nodeId})


@DOMAIN.method("getMatchedStylesForNode", StyledParams)
async def get_matched_styles_for_node(session: Session, params: StyledParams) -> Result:
    """Give the rules that match an element and those above it, weakest first."""
    return await ask_node(session, "css.matched", {"nodeId": params.nodeId})


DOMAIN.refuse("enable", "style sheets are not reported")
DOMAIN.refuse("startRuleUsageTracking", "which rules are used is not counted")
DOMAIN.refuse("getStyleSheetText", "style sheets are not reported")
