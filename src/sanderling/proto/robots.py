"""robots.txt: may this agent fetch this URL (RFC 9309), over `protego`.

Thread: any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from sanderling.base.pattern import late_pattern

if TYPE_CHECKING:
    from protego import Protego

RobotsScope: TypeAlias = Literal["", "pages", "all"]
"""What robots.txt is asked about: nothing, navigations of pages and frames, or every request."""

MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least that much is parsed, and no more is needed."""
LIFE_SECONDS = 24 * 3600.0
"""RFC 9309, 2.4."""
MAX_CRAWL_DELAY_S = 60.0
"""A longer Crawl-delay counts as this."""

_COMPATIBLE = late_pattern(r"\(compatible;\s*([^;/)\s]+)")
_PRODUCT = late_pattern(r"\s*([^/\s(]+)")


def product_token(user_agent: str) -> str:
    """Give the name that robots.txt groups are matched with (RFC 9309, 2.2.1)."""
    found = _COMPATIBLE.search(user_agent) or _PRODUCT.match(user_agent)
    return found[1] if found is not None else "*"


class Refusal(msgspec.Struct, frozen=True):
    """Why a URL must not be fetched."""

    rule: str


def _parse(text: str) -> Protego:
    from protego import Protego

    return Protego.parse(text)


class RobotsRules:
    """What the robots.txt of an origin says."""

    def __init__(self, text: str | None, refusal: str = "") -> None:
        self._text = text or ""
        self._rules = _parse(text) if text else None
        self._refusal = refusal  # not empty: everything is refused, for this reason

    @staticmethod
    def allow_all() -> RobotsRules:
        """RFC 9309, 2.3.1.3: there is no robots.txt."""
        return RobotsRules(None)

    @staticmethod
    def from_response(status: int, text: str) -> RobotsRules:
        """RFC 9309, 2.3.1: by the final status of the request for it."""
        if 200 <= status <= 299:
            return RobotsRules(text)
        if 400 <= status <= 499:
            return RobotsRules.allow_all()
        return RobotsRules(
            None, f"robots.txt answered with status {status}, which refuses everything (RFC 9309, 2.3.1.4)"
        )

    @staticmethod
    def unreachable(reason: str) -> RobotsRules:
        """RFC 9309, 2.3.1.4: everything is refused."""
        return RobotsRules(
            None, f"robots.txt cannot be reached ({reason}), which refuses everything (RFC 9309, 2.3.1.4)"
        )

    def decide(self, url: str, agent: str) -> Refusal | None:
        """Give None when `agent` may fetch `url` (serialised, without fragment), else the rule that forbids it."""
        if self._refusal:
            return Refusal(self._refusal)
        if self._rules is None or self._rules.can_fetch(url, agent):
            return None
        return Refusal(self._rule_text(url, agent))

    def crawl_delay_s(self, agent: str) -> float:
        """Give the Crawl-delay for `agent` (no part of the RFC, and widely used); 0 for none."""
        if self._rules is None:
            return 0.0
        return min(self._rules.crawl_delay(agent) or 0.0, MAX_CRAWL_DELAY_S)

    def _rule_text(self, url: str, agent: str) -> str:
        """Name the rule that decides, which the library does not tell: the longest one that refuses the URL by itself (2.2.2)."""
        group, values = _disallowed(self._text, agent)
        refusing = [value for value in values if not _parse(f"User-agent: *\nDisallow: {value}").can_fetch(url, "x")]
        if not refusing:
            return f"Disallow in robots.txt for user agent {agent}"
        return f"robots.txt says 'Disallow: {max(refusing, key=len)}' for user agent {group} (this is {agent})"


def _disallowed(text: str, agent: str) -> tuple[str, list[str]]:
    """Give the group of a robots.txt that is meant for `agent`, and the values of its Disallow lines."""
    groups: dict[str, list[str]] = {}
    names: list[str] = []
    in_rules = False
    for raw in text.splitlines():
        field, colon, value = raw.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            if in_rules:
                names, in_rules = [], False
            names.append(value.lower())
            groups.setdefault(value.lower(), [])
        elif field in ("allow", "disallow"):
            in_rules = True
            if field == "disallow" and value:
                for name in names:
                    groups[name].append(value)
    lower = agent.lower()
    found = max((name for name in groups if name != "*" and name in lower), key=len, default="*")
    return found, groups.get(found, [])
