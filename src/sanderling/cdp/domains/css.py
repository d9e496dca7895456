"""The CSS domain, as far as it is about the styles of elements.

Thread: worker.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.errors import CdpError, unsupported
from sanderling.cdp.nodes import ask_node
from sanderling.cdp.style_sheets import style_sheets

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("CSS", events=("styleSheetAdded", "styleSheetChanged", "styleSheetRemoved"))


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


class SheetParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of methods on a style sheet."""

    styleSheetId: str


class TextParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setStyleSheetText`."""

    styleSheetId: str
    text: str


@DOMAIN.method("enable", NoParams)
async def enable(session: Session, params: NoParams) -> Result:
    """Tell of style sheets: those of the present first."""
    if "DOM" not in session.enabled:
        raise CdpError("DOM agent needs to be enabled first.")
    if "CSS" not in session.enabled:
        await style_sheets(session.inspector).enable(session)
    return None


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Tell nothing more, and force nothing."""
    session.enabled.discard("CSS")
    _unforce(session)
    return None


FORCEABLE = frozenset({"active", "focus", "focus-visible", "focus-within", "hover", "target", "visited"})
"""Pseudo-classes."""

_FORCING: weakref.WeakSet[Session] = weakref.WeakSet()  # those that have forced something


class ForceParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `CSS.forcePseudoState`."""

    nodeId: int
    forcedPseudoClasses: tuple[str, ...]


@DOMAIN.method("forcePseudoState", ForceParams)
async def force_pseudo_state(session: Session, params: ForceParams) -> Result:
    """Have an element match these pseudo-classes whenever its style is computed, and no more those of the call before."""
    if "CSS" not in session.enabled:
        raise CdpError("CSS agent was not enabled")
    for name in params.forcedPseudoClasses:
        if name not in FORCEABLE:
            raise unsupported(f"forcing :{name}")
    if session not in _FORCING:
        _FORCING.add(session)
        session.closers.append(lambda: _unforce(session))
    await ask_node(session, "css.force", {"nodeId": params.nodeId, "names": params.forcedPseudoClasses})
    return None


def _unforce(session: Session) -> None:
    if session in _FORCING:
        for agent in session.agents():
            agent.post("css.unforce", {"session": session.id})


@DOMAIN.method("getStyleSheetText", SheetParams)
async def get_style_sheet_text(session: Session, params: SheetParams) -> Result:
    """Give what a sheet was parsed from; where scripts changed its rules one by one, those as they are."""
    return {"text": (await style_sheets(session.inspector).ask(params.styleSheetId, "css.text"))["text"]}


@DOMAIN.method("setStyleSheetText", TextParams)
async def set_style_sheet_text(session: Session, params: TextParams) -> Result:
    """Give a sheet other rules."""
    await style_sheets(session.inspector).ask(params.styleSheetId, "css.setText", text=params.text)
    session.inspector.broadcast("CSS", "styleSheetChanged", {"styleSheetId": params.styleSheetId})
    return None


@DOMAIN.method("startRuleUsageTracking", NoParams)
async def start_rule_usage_tracking(session: Session, params: NoParams) -> Result:
    """Remember from now on which rules are used."""
    await style_sheets(session.inspector).track(session, on=True)
    return None


@DOMAIN.method("stopRuleUsageTracking", NoParams)
async def stop_rule_usage_tracking(session: Session, params: NoParams) -> Result:
    """Give the rules that were used and not given yet, and remember no more."""
    sheets = style_sheets(session.inspector)
    used = await sheets.usage(session)
    await sheets.track(session, on=False)
    return {"ruleUsage": used}


@DOMAIN.method("takeCoverageDelta", NoParams)
async def take_coverage_delta(session: Session, params: NoParams) -> Result:
    """Give the rules that were used and not given yet."""
    return {"coverage": await style_sheets(session.inspector).usage(session), "timestamp": session.inspector.now()}
