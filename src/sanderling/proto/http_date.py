"""Dates of HTTP in the form that senders must use (RFC 9110, 5.6.7, IMF-fixdate): ``Sun, 06 Nov 1994 08:49:37 GMT``.

Recipients understand older forms too; those are left to `email.utils`, which takes as long to import as a small page to load.

Thread: any.
"""

from __future__ import annotations

import datetime
import re

from sanderling.base.pattern import late_pattern

_FIXDATE = late_pattern(r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) ([1-9]\d{3}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}


def parse_fixdate(text: str) -> float | None:
    """Give the seconds since the epoch; None for another form, and for what is no date."""
    found = _FIXDATE.fullmatch(text)
    month = None if found is None else _MONTHS.get(found[2])
    if found is None or month is None:
        return None
    day, year, hour, minute, second = map(int, found.group(1, 3, 4, 5, 6))
    try:
        return datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.UTC).timestamp()
    except ValueError:
        return None
