"""Network: what sessions change about the requests of a page.

https://chromedevtools.github.io/devtools-protocol/tot/Network/

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import msgspec

from sanderling.browser.network_tools import BlockRule, ConditionsRule
from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.errors import invalid_params, unsupported
from sanderling.http.conditions import Conditions
from sanderling.proto.headers import is_header_value, is_token
from sanderling.proto.wildcards import url_pattern_problem

if TYPE_CHECKING:
    from sanderling.browser.network_tools import Settings
    from sanderling.cdp.session import Session

DOMAIN = Domain("Network")

WORKER_DOMAIN = Domain("Network")
"""What sessions on a web worker have of it. Its requests are told on the page's sessions, and what is changed here is changed for the page."""
WORKER_DOMAIN.switches()


class HeadersParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setExtraHTTPHeaders`."""

    headers: dict[str, str]


class CacheParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setCacheDisabled`."""

    cacheDisabled: bool  # noqa: N815


class BypassParams(Params, frozen=True, kw_only=True):
    """`setBypassServiceWorker`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"bypass": "there are no service workers"}

    bypass: bool


class BlockPattern(msgspec.Struct, frozen=True, kw_only=True):
    """Of `setBlockedURLs`."""

    urlPattern: str  # noqa: N815
    block: bool


class BlockedParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setBlockedURLs`, in its new and its old form."""

    urlPatterns: list[BlockPattern] | None = None  # noqa: N815
    urls: list[str] | None = None


class ConditionsParams(Params, frozen=True, kw_only=True):
    """`emulateNetworkConditions`: milliseconds, and bytes a second (-1: no limit)."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"connectionType": "pages have no navigator.connection"}

    offline: bool
    latency: float
    downloadThroughput: float  # noqa: N815
    uploadThroughput: float  # noqa: N815
    connectionType: str = ""  # noqa: N815
    packetLoss: float = 0  # noqa: N815
    packetQueueLength: int = 0  # noqa: N815
    packetReordering: bool = False  # noqa: N815


class StateParams(Params, frozen=True, kw_only=True):
    """`overrideNetworkState`: what pages are told of the network, with no effect on it."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("latency", "downloadThroughput", "uploadThroughput", "connectionType"), "pages have no navigator.connection"
    )

    offline: bool
    latency: float
    downloadThroughput: float  # noqa: N815
    uploadThroughput: float  # noqa: N815
    connectionType: str = ""  # noqa: N815


class MatchedConditions(Params, frozen=True, kw_only=True):
    """Of `emulateNetworkConditionsByRule`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"connectionType": "pages have no navigator.connection"}

    urlPattern: str  # noqa: N815
    latency: float = 0
    downloadThroughput: float = -1  # noqa: N815
    uploadThroughput: float = -1  # noqa: N815
    offline: bool | None = None
    connectionType: str = ""  # noqa: N815
    packetLoss: float = 0  # noqa: N815
    packetQueueLength: int = 0  # noqa: N815
    packetReordering: bool = False  # noqa: N815


class ByRuleParams(Params, frozen=True, kw_only=True):
    """`emulateNetworkConditionsByRule`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"emulateOfflineServiceWorker": "there are no service workers"}

    matchedNetworkConditions: list[MatchedConditions]  # noqa: N815
    offline: bool = False
    emulateOfflineServiceWorker: bool = False  # noqa: N815


def settings_of(session: Session) -> Settings:
    """Give what this session wants; it ends with the session."""
    tools = session.page.network.tools
    if session not in tools.settings:
        session.closers.append(lambda: _drop(session))
    return tools.of(session)


def _drop(session: Session) -> None:
    tools = session.page.network.tools
    before = tools.online
    tools.drop(session)
    if tools.online != before:
        for agent in (*session.agents(), *session.inspector.workers.agents()):
            agent.post("network.online", {"online": tools.online, "quiet": False})
    session.inspector.requests.post_data_limits.pop(session.id, None)


async def _tell_online(session: Session, before: bool) -> None:
    online = session.page.network.tools.online
    if online != before:
        told = {"online": online, "quiet": False}
        await session.everywhere("network.online", told)
        for agent in session.inspector.workers.agents():
            agent.post("network.online", told)


@DOMAIN.method("setExtraHTTPHeaders", HeadersParams)
async def set_extra_http_headers(session: Session, params: HeadersParams) -> Result:
    """Send headers with every request of the page."""
    for name, value in params.headers.items():
        if not is_token(name) or not is_header_value(value):
            raise invalid_params(f"headers: {name!r} cannot be sent")
    settings_of(session).extra_headers = tuple(params.headers.items())
    return None


@DOMAIN.method("setCacheDisabled", CacheParams)
async def set_cache_disabled(session: Session, params: CacheParams) -> Result:
    """Have every request of the page go past the cache."""
    settings_of(session).bypass_cache = params.cacheDisabled
    return None


@DOMAIN.method("canClearBrowserCache", NoParams)
async def can_clear_browser_cache(session: Session, params: NoParams) -> Result:
    """Clearing is possible."""
    return {"result": True}


@DOMAIN.method("clearBrowserCache", NoParams)
async def clear_browser_cache(session: Session, params: NoParams) -> Result:
    """Forget the responses and preflights that the context stored."""
    client = session.page.context.client
    client.cache.clear()
    client.preflights.clear_all()
    return None


@DOMAIN.method("canEmulateNetworkConditions", NoParams)
async def can_emulate_network_conditions(session: Session, params: NoParams) -> Result:
    """Emulating is possible."""
    return {"result": True}


@DOMAIN.method("setBypassServiceWorker", BypassParams)
async def set_bypass_service_worker(session: Session, params: BypassParams) -> Result:
    """Nothing to do: there are no service workers, so that every request bypasses them."""
    return None


@DOMAIN.method("setBlockedURLs", BlockedParams)
async def set_blocked_urls(session: Session, params: BlockedParams) -> Result:
    """Block requests by their URLs."""
    rules = [BlockRule(pattern=one, is_url_pattern=False) for one in params.urls or ()]
    for one in params.urlPatterns or ():
        problem = url_pattern_problem(one.urlPattern)
        if problem is not None:
            raise unsupported(problem)
        rules.append(BlockRule(pattern=one.urlPattern, is_url_pattern=True, block=one.block))
    settings_of(session).blocked = tuple(rules)
    return None


def _rule(pattern: str, one: ConditionsParams | MatchedConditions, *, offline: bool) -> ConditionsRule:
    if one.packetLoss or one.packetQueueLength or one.packetReordering:
        raise unsupported("emulation of packets: packetLoss, packetQueueLength, packetReordering")
    problem = url_pattern_problem(pattern)
    if problem is not None:
        raise unsupported(problem)
    return ConditionsRule(
        pattern=pattern,
        conditions=Conditions(
            offline=offline,
            latency_s=max(one.latency, 0) / 1000,
            download_bytes_per_s=max(one.downloadThroughput, 0),
            upload_bytes_per_s=max(one.uploadThroughput, 0),
        ),
    )


@DOMAIN.method("emulateNetworkConditions", ConditionsParams)
async def emulate_network_conditions(session: Session, params: ConditionsParams) -> Result:
    """Make the network of the page slow, or take it away."""
    before = session.page.network.tools.online
    rule = _rule("", params, offline=params.offline)
    settings_of(session).conditions = (rule,) if rule.conditions != Conditions() else ()
    await _tell_online(session, before)
    return None


@DOMAIN.method("emulateNetworkConditionsByRule", ByRuleParams)
async def emulate_network_conditions_by_rule(session: Session, params: ByRuleParams) -> Result:
    """Make the network slow, or take it away, for URLs that match."""
    before = session.page.network.tools.online
    rules = [
        _rule(one.urlPattern, one, offline=params.offline if one.offline is None else one.offline)
        for one in params.matchedNetworkConditions
    ]
    settings_of(session).conditions = tuple(rules)
    await _tell_online(session, before)
    return {"ruleIds": [str(index) for index in range(len(rules))]}


@DOMAIN.method("overrideNetworkState", StateParams)
async def override_network_state(session: Session, params: StateParams) -> Result:
    """Say what `navigator.onLine` tells; requests are not affected."""
    before = session.page.network.tools.online
    settings_of(session).reports_offline = True if params.offline else None
    await _tell_online(session, before)
    return None


for _name in ("Network.setExtraHTTPHeaders", "Network.setCacheDisabled"):
    WORKER_DOMAIN.methods[_name] = DOMAIN.methods[_name]
