"""Performance: a page's figures.

https://chromedevtools.github.io/devtools-protocol/tot/Performance/

Thread: worker.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

import msgspec

from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.domains.tooling import dom_counts
from sanderling.cdp.errors import unsupported

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Performance")


class EnableParams(msgspec.Struct, frozen=True, kw_only=True):
    """`enable`."""

    timeDomain: Literal["timeTicks", "threadTicks"] = "timeTicks"  # noqa: N815 - CDP's name


@DOMAIN.method("enable", EnableParams)
async def enable(session: Session, params: EnableParams) -> Result:
    """Let the figures be asked for."""
    if params.timeDomain != "timeTicks":
        raise unsupported("Performance.enable: the time domain threadTicks")
    session.enabled.add("Performance")
    return None


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Let the figures be asked for no more."""
    session.enabled.discard("Performance")
    return None


@DOMAIN.method("getMetrics", NoParams)
async def get_metrics(session: Session, params: NoParams) -> Result:
    """Give the figures; none while the domain is disabled, as in Chromium."""
    if "Performance" not in session.enabled:
        return {"metrics": []}
    page = session.page
    usages = [agent.heap_usage() for agent in page.agents()]
    counts = await dom_counts(session)
    figures = {
        "Timestamp": time.monotonic(),
        "Documents": counts.documents,
        "Frames": counts.frames,
        "JSEventListeners": counts.listeners,
        "Nodes": counts.nodes,
        "JSHeapUsedSize": sum(usage.used_bytes for usage in usages),
        "JSHeapTotalSize": sum(usage.total_bytes for usage in usages),
        "ProcessTime": time.process_time(),
    }
    return {"metrics": [{"name": name, "value": value} for name, value in figures.items()]}
