"""What scripts of a page do with cookies: `document.cookie` and the CookieStore API (web/cookie-store/).

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.browser.agent import Agent, Json
from sanderling.browser.cookie_access import DocumentCookies, document_cookies
from sanderling.http import script_cookies
from sanderling.proto.cookie_store import ChangeCause
from sanderling.proto.cookies import Cookie
from sanderling.proto.url import Url, parse

if TYPE_CHECKING:
    from sanderling.browser.page import Page


class PageCookies:
    """The cookies of one page, as its documents see them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._watching: dict[int, tuple[Agent, Url]] = {}  # by frame: whom to tell of changes

    def _access(self, payload: Json) -> tuple[Url, DocumentCookies] | None:
        url = parse(payload["url"])
        if url is None or not url.is_network:  # HTML, 3.1.6: a cookie-averse document
            return None
        return url, document_cookies(self._page, payload["frame"], url)

    def text(self, payload: Json) -> str:
        """`document.cookie`."""
        access = self._access(payload)
        if access is None:
            return ""
        url, seen = access
        return self._page.context.jar.document_cookie(url.href, same_site=seen.same_site, partition=seen.partition)

    def set_text(self, payload: Json) -> None:
        """`document.cookie = …`."""
        access = self._access(payload)
        if access is not None:
            url, seen = access
            self._page.context.jar.set_document_cookie(
                url.href, payload["value"], same_site=seen.same_site, partition=seen.partition
            )

    # -- CookieStore -----------------------------------------------------------------------------------------------------

    def query(self, agent: Agent, payload: Json) -> None:
        """`cookies.query`: answer with the cookies of a name, or with all."""
        access = self._access(payload)
        found: list[Json] = []
        if access is not None:
            url, seen = access
            found = script_cookies.query(
                self._page.context.jar, url, payload["name"], same_site=seen.same_site, partition=seen.partition
            )
        agent.post("cookies.done", {"id": payload["id"], "value": found, "error": None})

    def store(self, agent: Agent, payload: Json) -> None:
        """`cookies.store`: set a cookie, or delete it by an expiry in the past."""
        access = self._access(payload)
        error: str | None = "cookies cannot be used in this document"
        if access is not None:
            url, seen = access
            error = script_cookies.store(
                self._page.context.jar, url, payload, same_site=seen.same_site, partition=seen.partition
            )
        agent.post("cookies.done", {"id": payload["id"], "value": None, "error": error})

    def watch(self, agent: Agent, payload: Json) -> None:
        """`cookies.watch`: tell a document of changes from now on."""
        url = parse(payload["url"])
        if url is None or not url.is_network:
            return
        if not self._watching:
            self._page.context.jar.watchers.append(self._changed)
        self._watching[payload["frame"]] = (agent, url)

    def _changed(self, cookie: Cookie, cause: ChangeCause) -> None:
        alive = self._page.agents()
        for frame, (agent, url) in tuple(self._watching.items()):
            if agent not in alive or frame not in self._page.frames:
                del self._watching[frame]
                continue
            seen = document_cookies(self._page, frame, url)
            change = script_cookies.change_of(cookie, cause, url, same_site=seen.same_site, partition=seen.partition)
            if change is not None:
                agent.post("cookies.changed", {"frame": frame, **change})
        if not self._watching:
            self._page.context.jar.watchers.remove(self._changed)
