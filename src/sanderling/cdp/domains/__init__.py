"""One file a domain: each has `DOMAIN`, a `dispatch.Domain`, and translates; what it means is decided in `browser/` and `web/`.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.cdp.dispatch import Method, Result, table
from sanderling.cdp.domains import (
    accessibility,
    audits,
    cache_storage,
    css,
    debugger,
    dom,
    dom_debugger,
    dom_snapshot,
    dom_storage,
    downloads,
    emulation,
    fetch,
    indexed_db,
    io,
    log,
    network,
    network_changes,
    network_cookies,
    network_interception,
    overlay,
    page,
    performance,
    permissions,
    resources,
    runtime,
    security,
    storage,
    tooling,
    windows,
)
from sanderling.cdp.domains import input as user_input

if TYPE_CHECKING:
    from sanderling.browser.context import Context

DOMAINS = (
    accessibility.DOMAIN,
    dom.DOMAIN,
    emulation.DOMAIN,
    emulation.NETWORK,
    dom_snapshot.DOMAIN,
    dom_debugger.DOMAIN,
    css.DOMAIN,
    overlay.DOMAIN,
    user_input.DOMAIN,
    page.DOMAIN,
    resources.DOMAIN,
    audits.DOMAIN,
    performance.DOMAIN,
    runtime.DOMAIN,
    runtime.INSPECTOR,
    runtime.CONSOLE,
    network.DOMAIN,
    network_changes.DOMAIN,
    network_cookies.DOMAIN,
    network_interception.DOMAIN,
    fetch.DOMAIN,
    storage.DOMAIN,
    dom_storage.DOMAIN,
    indexed_db.DOMAIN,
    cache_storage.DOMAIN,
    io.DOMAIN,
    security.DOMAIN,
    log.DOMAIN,
    *debugger.DOMAINS,
    *tooling.DOMAINS,
)
"""Every domain that sessions on a page have."""

METHODS: dict[str, Method] = table(*DOMAINS)
"""All methods, by their full names."""


def _without_debugger(methods: dict[str, Method]) -> dict[str, Method]:
    """Leave out what V8's inspector does: it is opened for the isolates of documents only."""
    return {name: method for name, method in methods.items() if name not in runtime.DOMAIN.with_debugger}


WORKER_METHODS: dict[str, Method] = _without_debugger(
    table(runtime.DOMAIN, runtime.INSPECTOR, runtime.CONSOLE, network_changes.WORKER_DOMAIN)
)
"""What sessions on a web worker have. Its requests are told, intercepted and changed on the page's sessions."""

SHARED_WORKER_METHODS: dict[str, Method] = _without_debugger(
    table(
        runtime.DOMAIN,
        runtime.INSPECTOR,
        runtime.CONSOLE,
        network.DOMAIN,
        network_changes.DOMAIN,
        network_cookies.DOMAIN,
        network_interception.DOMAIN,
        fetch.DOMAIN,
        io.DOMAIN,
    )
)
"""What sessions on a shared web worker have: it belongs to no page, so that its requests, and those of workers nested in it, are told here."""


async def context_command(context: Context, method: str, params: bytes) -> Result:
    """Do what a browser session asks about one context (`cdp.wire.ContextCommand`).

    Raises:
        CdpError: it was refused, or is nothing that can be done to a context.
    """
    if method in downloads.PARAMS:
        return downloads.context_command(context, method, params)
    if method == windows.METHOD:
        return await windows.context_command(context, params)
    if method == security.IGNORE_ERRORS:
        return security.context_command(context, params)
    if method in permissions.PARAMS:
        return permissions.context_command(context, method, params)
    return await storage.context_command(context, method, params)


def check_standing(method: str, params: bytes) -> None:
    """Look whether a command about a context that is not made yet can be done when it is.

    Raises:
        CdpError: its parameters are wrong.
    """
    if method in permissions.PARAMS:
        permissions.read_change(method, params)
    elif method == security.IGNORE_ERRORS:
        security.read_ignoring(params)
    else:
        downloads.read_behavior(params)
