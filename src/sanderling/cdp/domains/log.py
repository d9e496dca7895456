"""Log: what the browser has to say about the page, such as requests that failed.

https://chromedevtools.github.io/devtools-protocol/tot/Log/

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.cdp.dispatch import Domain, NoParams, Result

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Log", events=("entryAdded",))


@DOMAIN.method("enable", NoParams)
async def enable(session: Session, params: NoParams) -> Result:
    """Tell of entries, those that are there first."""
    if "Log" not in session.enabled:
        session.enabled.add("Log")
        for entry in session.inspector.requests.log:
            session.event("Log.entryAdded", {"entry": entry})
    return None


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Tell nothing more."""
    session.enabled.discard("Log")
    return None


@DOMAIN.method("clear", NoParams)
async def clear(session: Session, params: NoParams) -> Result:
    """Forget the entries."""
    session.inspector.requests.log.clear()
    return None
