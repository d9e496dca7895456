"""The Browser and SystemInfo domains, and what browser sessions ask about a whole context.

https://chromedevtools.github.io/devtools-protocol/tot/Browser/

Thread: main.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from typing import ClassVar

import msgspec

from sanderling.cdp.dispatch import NoParams, Params
from sanderling.cdp.errors import invalid_params
from sanderling.server.hub_methods import Asked, HubMethods, Result
from sanderling.server.targets import SessionRecord

PROTOCOL_VERSION = "1.3"

REVISION = "@0000000000000000000000000000000000000000"
"""There is no revision of Chromium behind this; clients want 40 digits."""


BROWSER_METHODS = HubMethods()

CONTEXT_METHODS = HubMethods()
"""Only on browser sessions: handed on to the context's worker."""


class MaybeContext(msgspec.Struct, frozen=True, kw_only=True):
    """What names a context, or none for the default one."""

    browserContextId: str = ""  # noqa: N815


class DownloadParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setDownloadBehavior`."""

    behavior: str
    browserContextId: str = ""  # noqa: N815
    downloadPath: str = ""  # noqa: N815
    eventsEnabled: bool = False  # noqa: N815


class HistogramParams(Params, frozen=True, kw_only=True):
    """`getHistograms`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "query": "there are no histograms",
        "delta": "there are no histograms",
    }

    query: str = ""
    delta: bool = False


@BROWSER_METHODS.method("Browser.getVersion", NoParams)
async def get_version(asked: Asked, params: NoParams) -> Result:
    """Say what this is."""
    settings = asked.hub.settings
    return {
        "protocolVersion": PROTOCOL_VERSION,
        "product": settings.product,
        "revision": REVISION,
        "userAgent": settings.user_agent,
        "jsVersion": v8_version(),
    }


def v8_version() -> str:
    """Give the engine's version, from the name of its build: this process never starts it."""
    from sanderling.js.engine import engine_identity

    match = re.search(r"\bv8-([0-9.]+[0-9])", engine_identity())
    return match[1] if match else ""


@BROWSER_METHODS.method("Browser.close", NoParams)
async def close_browser(asked: Asked, params: NoParams) -> Result:
    """Close every connection of this browser, once this is answered, and end it."""
    asked.hub.close_soon()
    return None


@BROWSER_METHODS.method("Browser.getHistograms", HistogramParams)
async def get_histograms(asked: Asked, params: HistogramParams) -> Result:
    """Chromium's internal statistics: there are none."""
    return {"histograms": []}


@BROWSER_METHODS.method("Browser.setDownloadBehavior", DownloadParams)
async def set_download_behavior(asked: Asked, params: DownloadParams) -> Result:
    """Say where the downloads of a context go."""
    hub = asked.hub
    context = hub.find_context(params.browserContextId)
    if params.behavior not in ("deny", "allow", "allowAndName", "default"):
        raise invalid_params(f"unknown behavior: {params.behavior}")
    await hub.standing_command(context, asked.method, asked.params or b"{}")
    browser_session: SessionRecord = asked.session
    if params.eventsEnabled:
        browser_session.downloads.add(context.id)
    else:
        browser_session.downloads.discard(context.id)
    return None


@BROWSER_METHODS.method("Browser.grantPermissions", MaybeContext)
async def grant_permissions(asked: Asked, params: MaybeContext) -> Result:
    """Grant permissions in a context, or take them back."""
    context = asked.hub.find_context(params.browserContextId)
    return await asked.hub.standing_command(context, asked.method, asked.params or b"{}")


BROWSER_METHODS["Browser.resetPermissions"] = (MaybeContext, grant_permissions)
BROWSER_METHODS["Browser.setPermission"] = (MaybeContext, grant_permissions)


# -- SystemInfo ------------------------------------------------------------------------------------------------------------


@BROWSER_METHODS.method("SystemInfo.getProcessInfo", NoParams)
async def get_process_info(asked: Asked, params: NoParams) -> Result:
    """Name the process of the server, with its CPU time in seconds."""
    return {"processInfo": [{"type": "browser", "id": os.getpid(), "cpuTime": time.process_time()}]}


# -- about one context -----------------------------------------------------------------------------------------------------


async def _context_command(asked: Asked, params: MaybeContext) -> Result:
    hub = asked.hub
    return await hub.context_command(hub.find_context(params.browserContextId), asked.method, asked.params or b"{}")


BROWSER_METHODS["Browser.cancelDownload"] = (MaybeContext, _context_command)
for _name in ("Storage.getCookies", "Storage.setCookies", "Storage.clearCookies"):
    CONTEXT_METHODS[_name] = (MaybeContext, _context_command)


class IgnoreParams(msgspec.Struct, frozen=True, kw_only=True):
    """`Security.setIgnoreCertificateErrors`."""

    ignore: bool


@CONTEXT_METHODS.method("Security.setIgnoreCertificateErrors", IgnoreParams)
async def set_ignore_certificate_errors(asked: Asked, params: IgnoreParams) -> Result:
    """Load from servers whose certificate cannot be verified, for all pages of the browser, until the session ends."""
    await asked.hub.ignore_certificates(asked.session, ignore=params.ignore)
    return None
