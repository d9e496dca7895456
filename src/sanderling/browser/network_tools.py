"""What the tools of a page do to its requests: block, delay, intercept, add headers. Each setting belongs to an owner, and ends with it.

Thread: worker.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from sanderling.browser.agent import Agent
from sanderling.http.conditions import Conditions
from sanderling.http.intercept import Interceptor
from sanderling.http.request import NO_OVERRIDES, Overrides
from sanderling.proto.wildcards import contains, url_pattern_matches

T = TypeVar("T")


class BlockRule(msgspec.Struct, frozen=True, kw_only=True):
    """Requests that are blocked, or let through whatever comes later."""

    pattern: str
    is_url_pattern: bool
    """A URLPattern string; otherwise pieces between asterisks."""
    block: bool = True

    def matches(self, url: str) -> bool:
        """Whether it is about `url`."""
        return url_pattern_matches(self.pattern, url) if self.is_url_pattern else contains(self.pattern, url)


class ConditionsRule(msgspec.Struct, frozen=True, kw_only=True):
    """The network that requests see."""

    pattern: str
    """A URLPattern string; empty for every URL."""
    conditions: Conditions


class Settings(msgspec.Struct, kw_only=True):
    """What one owner wants."""

    extra_headers: tuple[tuple[str, str], ...] = ()
    user_agent: str = ""
    accept_language: str = ""
    bypass_cache: bool = False
    ignore_certificate_errors: bool = False
    blocked: tuple[BlockRule, ...] = ()
    conditions: tuple[ConditionsRule, ...] = ()
    reports_offline: bool | None = None
    """What `navigator.onLine` denies; None: as the conditions are."""
    interceptor: Interceptor | None = None
    collects_bodies: bool = False
    bypass_csp: bool = False
    """Documents to come have no Content Security Policy."""


class NetworkTools(msgspec.Struct):
    """The settings of all owners, in the order of their first one."""

    settings: dict[object, Settings] = msgspec.field(default_factory=dict)
    interceptors: list[Interceptor] = msgspec.field(default_factory=list)
    """In the order in which they were enabled."""
    inherited: NetworkTools | None = None
    """Whose settings count here, too; its interceptors do not."""

    def of(self, owner: object) -> Settings:
        """Give the settings of an owner, to be changed."""
        return self.settings.setdefault(owner, Settings())

    def set_interceptor(self, owner: object, interceptor: Interceptor | None) -> None:
        """Have an interceptor take part, or none of that owner any longer."""
        mine = self.of(owner)
        if mine.interceptor is not None and mine.interceptor is not interceptor:
            self.interceptors.remove(mine.interceptor)
        if interceptor is not None and interceptor is not mine.interceptor:
            self.interceptors.append(interceptor)
        mine.interceptor = interceptor

    def drop(self, owner: object) -> None:
        """Take back all that an owner set."""
        if owner in self.settings:
            self.set_interceptor(owner, None)
            del self.settings[owner]

    # -- what counts -------------------------------------------------------------------------------------------------------

    def overrides(self) -> Overrides:
        """Give what counts for a request; of several owners the last one."""
        counting = self._counting()
        if not counting:
            return NO_OVERRIDES
        extra: dict[str, tuple[str, str]] = {}
        for one in counting:
            for name, value in one.extra_headers:
                extra[name.lower()] = (name, value)
        return Overrides(
            user_agent=next((one.user_agent for one in self._newest() if one.user_agent), ""),
            accept_language=next((one.accept_language for one in self._newest() if one.accept_language), ""),
            extra_headers=tuple(extra.values()),
            bypass_cache=any(one.bypass_cache for one in self._counting()),
            ignore_certificate_errors=any(one.ignore_certificate_errors for one in self._counting()),
        )

    def _newest(self) -> list[Settings]:
        return self._counting()[::-1]

    def _counting(self) -> list[Settings]:
        own = list(self.settings.values())
        return own if self.inherited is None else [*self.inherited._counting(), *own]

    def is_blocked(self, url: str) -> bool:
        """Whether an owner forbids `url`: the first rule that matches decides for its owner."""
        for one in self._counting():
            rule = next((rule for rule in one.blocked if rule.matches(url)), None)
            if rule is not None and rule.block:
                return True
        return False

    def conditions(self, url: str) -> Conditions | None:
        """Give the network that a request to `url` sees, or None for the real one."""
        for one in self._newest():
            for rule in one.conditions:
                if url_pattern_matches(rule.pattern, url):
                    return rule.conditions
        return None

    @property
    def online(self) -> bool:
        """What `navigator.onLine` says."""
        for one in self._newest():
            if one.reports_offline is not None:
                return not one.reports_offline
            for rule in one.conditions:
                if not rule.pattern:
                    return not rule.conditions.offline
        return True

    @property
    def bypasses_csp(self) -> bool:
        """Whether policies of documents do not count."""
        return any(one.bypass_csp for one in self._counting())

    @property
    def collects_bodies(self) -> bool:
        """Whether somebody may ask for the bodies of responses."""
        return any(one.collects_bodies for one in self._counting())

    async def prepare(self, agent: Agent) -> None:
        """Tell a new document whether it is online (`Page.preparers`)."""
        if not self.online:
            await agent.enter("network.online", {"online": False, "quiet": True})
