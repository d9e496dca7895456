"""Network: the cookies of a page's context.

https://chromedevtools.github.io/devtools-protocol/tot/Network/

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import UsageError
from sanderling.cdp.cookies import CookieParam, CookiePartitionKey, cookie_object, cookies_for, set_cookie, set_cookies
from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.errors import CdpError
from sanderling.proto.cookie_scope import PartitionKey
from sanderling.proto.url import parse_origin, site

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Network")


class UrlsParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getCookies`."""

    urls: list[str] | None = None


class SetCookiesParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setCookies`."""

    cookies: list[CookieParam]


class DeleteParams(msgspec.Struct, frozen=True, kw_only=True):
    """`deleteCookies`."""

    name: str
    url: str = ""
    domain: str = ""
    path: str = ""
    partitionKey: CookiePartitionKey | None = None  # noqa: N815


def _page_urls(session: Session) -> list[str]:
    return [frame.url for frame in session.page.frames.values()]


@DOMAIN.method("getCookies", UrlsParams)
async def get_cookies(session: Session, params: UrlsParams) -> Result:
    """Give the cookies of URLs, by default those of the page and its frames."""
    context = session.page.context
    urls = _page_urls(session) if params.urls is None else params.urls
    top = session.page.main_frame.origin
    return {"cookies": cookies_for(context.jar, urls, context.browser.clock.wall(), site(parse_origin(top)))}


@DOMAIN.method("getAllCookies", NoParams)
async def get_all_cookies(session: Session, params: NoParams) -> Result:
    """Give all cookies of the context."""
    context = session.page.context
    return {"cookies": [cookie_object(cookie) for cookie in context.jar.store.live(context.browser.clock.wall())]}


@DOMAIN.method("setCookie", CookieParam)
async def set_one_cookie(session: Session, params: CookieParam) -> Result:
    """Store a cookie."""
    try:
        stored = set_cookie(session.page.context.jar, params)
    except UsageError as error:
        raise CdpError(f"Invalid cookie fields: {error}", code=-32602) from None
    return {"success": stored}


@DOMAIN.method("setCookies", SetCookiesParams)
async def set_several_cookies(session: Session, params: SetCookiesParams) -> Result:
    """Store cookies."""
    set_cookies(session.page.context.jar, params.cookies)
    return None


@DOMAIN.method("deleteCookies", DeleteParams)
async def delete_cookies(session: Session, params: DeleteParams) -> Result:
    """Delete the cookies of a name, of a URL, domain or path where given."""
    if not params.url and not params.domain:
        raise CdpError("At least one of the url and domain needs to be specified", code=-32602)
    context = session.page.context
    key = params.partitionKey
    partition = None if key is None else PartitionKey(key.topLevelSite, key.hasCrossSiteAncestor)
    if params.domain:
        context.jar.delete(params.name, domain=params.domain, path=params.path, partition=partition)
        return None
    for cookie in cookies_for(context.jar, [params.url], context.browser.clock.wall()):
        if cookie["name"] == params.name and params.path in ("", cookie["path"]):
            context.jar.delete(params.name, domain=cookie["domain"], path=cookie["path"], partition=partition)
    return None


@DOMAIN.method("clearBrowserCookies", NoParams)
async def clear_browser_cookies(session: Session, params: NoParams) -> Result:
    """Forget all cookies of the context."""
    session.page.context.jar.clear()
    return None


@DOMAIN.method("canClearBrowserCookies", NoParams)
async def can_clear_browser_cookies(session: Session, params: NoParams) -> Result:
    """Clearing is possible."""
    return {"result": True}
