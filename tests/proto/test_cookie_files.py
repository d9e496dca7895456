from __future__ import annotations

import json

import pytest

from sanderling.proto import cookie_files
from sanderling.proto.cookie_files import CookieDict

COOKIES: list[CookieDict] = [
    CookieDict(
        name="a",
        value="1 ü",
        domain=".example.com",
        path="/x",
        expires=2e9,
        httpOnly=True,
        secure=True,
        sameSite="Lax",
    ),
    CookieDict(
        name="b", value="", domain="example.com", path="/", expires=-1.0, httpOnly=False, secure=False, sameSite=""
    ),
]


def test_json_round_trip() -> None:
    assert cookie_files.parse(cookie_files.to_json(COOKIES)) == COOKIES


def test_storage_state_round_trip() -> None:
    text = cookie_files.to_storage_state(COOKIES)
    assert json.loads(text)["origins"] == []
    assert cookie_files.parse(text) == COOKIES


def test_netscape_round_trip() -> None:
    text = cookie_files.to_netscape(COOKIES)
    assert text.splitlines()[2] == "#HttpOnly_.example.com\tTRUE\t/x\tTRUE\t2000000000\ta\t1 ü"
    found = cookie_files.parse("\ufeff" + text)
    assert [dict(cookie, sameSite="") for cookie in COOKIES] == [dict(cookie, sameSite="") for cookie in found]


def test_netscape_leaves_out_what_it_cannot_hold() -> None:
    tab = CookieDict(name="a\tb", value="", domain="x.com")
    assert cookie_files.parse(cookie_files.to_netscape([tab])) == []


def test_netscape_as_tools_write_it() -> None:
    text = "# a comment\n\nexample.com\tFALSE\t\tfalse\t0\tname\n.example.com\tFALSE\t/\tTRUE\t12.5\tn\tv\n"
    first, second = cookie_files.parse(text)
    assert (first["name"], first["value"], first["path"], first["expires"]) == ("name", "", "/", -1.0)
    assert (second["domain"], second["expires"], second["secure"]) == ("example.com", 12.5, True)


def test_json_as_extensions_write_it() -> None:
    text = '[{"name":"a","value":"1","domain":".x.com","expirationDate":5,"sameSite":"no_restriction"}]'
    (cookie,) = cookie_files.parse(text)
    assert (cookie["expires"], cookie["sameSite"]) == (5.0, "None")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "malformed JSON"),
        ("{}", "without a list"),
        ("[" * 100_000, "malformed JSON"),
        ("[1]", "cookie 1 is not an object"),
        ('[{"name":"a"}]', "neither domain nor url"),
        ('[{"name":1,"domain":"x"}]', "name of cookie 1"),
        ('[{"secure":1,"domain":"x"}]', "secure of cookie 1"),
        ('[{"expires":true,"domain":"x"}]', "expires of cookie 1"),
        ('[{"expires":NaN,"domain":"x"}]', "expires of cookie 1"),
        ('[{"sameSite":"x","domain":"x"}]', "sameSite of cookie 1"),
        ("a\tb", "line 1 has 2 fields"),
        ("x.com\tYES\t/\tTRUE\t0\ta\tb", "neither TRUE nor FALSE"),
        ("x.com\tTRUE\t/\tTRUE\tsoon\ta\tb", "'soon' is not a time"),
        ("\tTRUE\t/\tTRUE\t0\ta\tb", "no domain"),
    ],
)
def test_malformed_files(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        cookie_files.parse(text)


def test_an_empty_file_has_no_cookies() -> None:
    assert cookie_files.parse("") == []
