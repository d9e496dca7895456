"""Dates of HTTP in the form that senders must use."""

from __future__ import annotations

from email.utils import mktime_tz, parsedate_tz

import pytest

from sanderling.proto.http_cache import parse_date
from sanderling.proto.http_date import parse_fixdate

DATES = (
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Tue, 29 Feb 2000 23:59:59 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Sat, 01 Jan 1000 00:00:00 GMT",
)


@pytest.mark.parametrize("text", DATES)
def test_it_reads_what_the_general_parser_reads(text: str) -> None:
    found = parsedate_tz(text)
    assert found is not None
    assert parse_fixdate(text) == mktime_tz(found)


@pytest.mark.parametrize(
    "text",
    [
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 Nov 0094 08:49:37 GMT",
        "Sun, 06 Nvo 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT",
        "Sun,",
        "",
    ],
)
def test_it_leaves_the_rest_to_others(text: str) -> None:
    assert parse_fixdate(text) is None


def test_older_forms_are_read_too() -> None:
    exact = parse_date("Sun, 06 Nov 1994 08:49:37 GMT")
    assert exact == 784111777.0
    assert parse_date("Sunday, 06-Nov-94 08:49:37 GMT") == exact
    assert parse_date("Sun Nov  6 08:49:37 1994") == exact
