"""The date of a cookie's Expires attribute (RFC 6265bis, 5.1.1).

Thread: any.
"""

from __future__ import annotations

import datetime
import re

from sanderling.base.pattern import late_pattern

_TOKEN = late_pattern(r"[^\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")  # what is between delimiters
_TIME = late_pattern(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?", re.DOTALL)
_DAY = late_pattern(r"(\d{1,2})(?:\D.*)?", re.DOTALL)
_YEAR = late_pattern(r"(\d{2,4})(?:\D.*)?", re.DOTALL)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}


def parse_cookie_date(text: str) -> float | None:
    """Give seconds since the epoch, or None when it is no date."""
    time: tuple[int, int, int] | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    for token in _TOKEN.findall(text):
        if time is None and (found := _TIME.fullmatch(token)):
            time = (int(found[1]), int(found[2]), int(found[3]))
        elif day is None and (found := _DAY.fullmatch(token)):
            day = int(found[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS[token[:3].lower()]
        elif year is None and (found := _YEAR.fullmatch(token)):
            year = int(found[1])
    if time is None or day is None or month is None or year is None:
        return None
    if 70 <= year <= 99:
        year += 1900
    elif 0 <= year <= 69:
        year += 2000
    if not 1 <= day <= 31 or year < 1601 or time[0] > 23 or time[1] > 59 or time[2] > 59:
        return None
    try:
        return datetime.datetime(year, month, day, *time, tzinfo=datetime.UTC).timestamp()
    except ValueError:  # 31 February
        return None
