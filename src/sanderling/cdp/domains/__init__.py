"""One file a domain: each has `DOMAIN`, a `dispatch.Domain`, and translates; what it means is decided in `browser/` and `web/`.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.cdp.dispatch import Method, Result, table
from sanderling.cdp.domains import accessibility, audits, dom, page, performance, runtime
from sanderling.cdp.domains import input as user_input
from sanderling.cdp.errors import not_found

if TYPE_CHECKING:
    from sanderling.browser.context import Context

DOMAINS = (
    accessibility.DOMAIN,
    dom.DOMAIN,
    user_input.DOMAIN,
    page.DOMAIN,
    audits.DOMAIN,
    performance.DOMAIN,
    runtime.DOMAIN,
    runtime.INSPECTOR,
    runtime.CONSOLE,
)
"""Every domain that sessions on a page have."""

METHODS: dict[str, Method] = table(*DOMAINS)
"""All methods, by their full names."""


async def context_command(context: Context, method: str, params: bytes) -> Result:
    """Do what a browser session asks about one context (`cdp.wire.ContextCommand`).

    Raises:
        CdpError: it was refused, or is nothing that can be done to a context.
    """
    raise not_found(method)
