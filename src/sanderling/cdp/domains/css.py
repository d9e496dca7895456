"""The CSS domain, as far as it is about the styles of elements.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.errors import unsupported
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


def _refuse(name: str, what: str) -> None:
    async def refused(session: Session, params: NoParams) -> Result:
        raise unsupported(f"CSS.{name}: {what}")

    DOMAIN.method(name, NoParams)(refused)


_refuse("enable", "reporting style sheets")
_refuse("startRuleUsageTracking", "coverage of style sheets")
_refuse("getStyleSheetText", "the text of style sheets")
