"""robots.txt: may this agent fetch this URL (RFC 9309), over `protego`.

Thread: any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least that much is parsed, and no more is needed."""
LIFE_SECONDS = 24 * 3600.0
"""RFC 9309, 2.4."""
MAX_REDIRECTS = 5
"""RFC 9309, 2.3.1.2."""

_COMPATIBLE = re.compile(r"\(compatible;\s*([^;/)\s]+)")
_PRODUCT = re.compile(r"\s*([^/\s(]+)")


def product_token(user_agent: str) -> str:
    """Give the name that robots.txt groups are matched with (RFC 9309, 2.2.1)."""
    found = _COMPATIBLE.search(user_agent) or _PRODUCT.match(user_agent)
    return found[1] if found is not None else "*"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a URL must not be fetched."""

    rule: str


class RobotsRules:
    """What the robots.txt of an origin says."""

    def __init__(self, text: str | None, refusal: str = "") -> None:
        self._rules = Protego.parse(text) if text else None
        self._refusal = refusal  # not empty: everything is refused, for this reason

    @staticmethod
    def allow_all() -> RobotsRules:
        """RFC 9309, 2.3.1.3: there is no robots.txt."""
        return RobotsRules(None)

    @staticmethod
    def from_response(status: int, body: bytes) -> RobotsRules:
        """RFC 9309, 2.3.1: by the final status of the request for it."""
        if 200 <= status <= 299:
            return RobotsRules(body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff"))
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

    def _rule_text(self, url: str, agent: str) -> str:
        assert self._rules is not None
        return f"Disallow in robots.txt for user agent {agent}"
