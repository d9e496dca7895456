"""How often a host may be visited, and when it asked to be left alone: GCRA per host, `Retry-After`, a budget of repetitions.

GCRA (the generic cell rate algorithm, ITU-T I.371) keeps one number a host: the theoretical arrival time of its next visit. Times are seconds of
the caller's clock.

Thread: any, one at a time.
"""

from __future__ import annotations

import msgspec

FIRST_BACKOFF_S = 1.0
"""After a 429 or 503 that says nothing else; doubled each time."""
MAX_BACKOFF_S = 60.0
MAX_PAUSE_S = 24 * 3600.0
"""The longest that a host is obeyed who asks to be left alone."""
MAX_RETRY_AFTER_CHARS = 64
RETRY_TOKENS = 10.0
"""Repetitions of refused visits that all sessions together have at once."""
TOKENS_PER_SUCCESS = 0.1
"""What a visit that was not refused earns: in the long run at most a tenth of all visits are repetitions."""
SWEEP_AT = 256
"""Hosts that are remembered before those that are idle are dropped."""

THROTTLED_STATUSES = frozenset({429, 503})
"""Too Many Requests (RFC 6585, 4) and Service Unavailable (RFC 9110, 15.6.4)."""


class _Host(msgspec.Struct):
    due: float = 0.0  # theoretical arrival time of the next visit
    closed_until: float = 0.0  # the host asked so
    refusals: int = 0  # in a row


class HostRates:
    """The rates of all hosts.

    Args:
        retry_tokens: see `RETRY_TOKENS`.
    """

    def __init__(self, retry_tokens: float = RETRY_TOKENS) -> None:
        self._hosts: dict[str, _Host] = {}
        self._sweep_at = SWEEP_AT
        self._tokens = self._max_tokens = retry_tokens

    def __len__(self) -> int:
        return len(self._hosts)

    def reserve(self, host: str, now: float, *, delay_s: float, burst: int = 1, max_wait_s: float) -> float:
        """Take the next place for a visit.

        Args:
            host: lower case, without port.
            now: the time.
            delay_s: between two visits in the long run; 0 for no limit.
            burst: visits that may come at once.
            max_wait_s: a longer wait takes no place.

        Returns:
            How long to wait, in seconds. More than `max_wait_s`: no place was taken.
        """
        one = self._host(host, now)
        start = max(now, one.closed_until)
        due = max(one.due, start)
        at = max(start, due - (max(burst, 1) - 1) * delay_s)
        if at - now <= max_wait_s:
            one.due = due + delay_s
        return at - now

    def give_back(self, host: str, delay_s: float) -> None:
        """A place that was taken is not used: who gave up must not hold up the others."""
        one = self._hosts.get(host)
        if one is not None:
            one.due -= delay_s

    def answered(self, host: str, now: float, status: int, retry_after_s: float | None) -> bool:
        """A visit was answered.

        Args:
            host: as above.
            now: the time.
            status: of the response.
            retry_after_s: what the host asked for, see `parse_retry_after`.

        Returns:
            Whether it may be repeated: it was refused for the time being, and the budget holds.
        """
        one = self._host(host, now)
        if status not in THROTTLED_STATUSES:
            one.refusals = 0
            self._tokens = min(self._tokens + TOKENS_PER_SUCCESS, self._max_tokens)
            return False
        one.refusals += 1
        pause = min(FIRST_BACKOFF_S * 2 ** min(one.refusals - 1, 16), MAX_BACKOFF_S)
        if retry_after_s is not None:
            pause = min(max(retry_after_s, 0.0), MAX_PAUSE_S)
        one.closed_until = max(one.closed_until, now + pause)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _host(self, host: str, now: float) -> _Host:
        known = self._hosts.get(host)
        if known is not None:
            return known
        if len(self._hosts) >= self._sweep_at:
            self._hosts = {name: one for name, one in self._hosts.items() if one.due > now or one.closed_until > now}
            self._sweep_at = max(SWEEP_AT, 2 * len(self._hosts))
        one = self._hosts[host] = _Host()
        return one


def parse_retry_after(value: str, wall: float) -> float | None:
    """RFC 9110, 10.2.3: seconds from now; None when it is malformed.

    Args:
        value: of the field.
        wall: seconds since the epoch.
    """
    text = value.strip()
    if not text or len(text) > MAX_RETRY_AFTER_CHARS:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    from email.utils import parsedate_to_datetime

    try:
        return max(parsedate_to_datetime(text).timestamp() - wall, 0.0)
    except (ValueError, OverflowError, TypeError):
        return None
