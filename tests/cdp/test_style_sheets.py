"""CSS: style sheets that come and go, their texts, and which of their rules are used."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site

SHEET = (
    "body { color: red }\n"
    ".unused { color: blue }\n"
    "@media (min-width: 1px) { p, .other { color: green } .none { color: red } }\n"
    "@media (max-width: 1px) { p { color: green } }\n"
    "p::before { content: 'x' }\n"
    ".later { color: red }\n"
    ".hidden span { color: red }\n"
    ".card { color: red; & b { color: blue } & i { color: blue } }\n"
)


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    return driver.new_page("Page", "Runtime", "DOM", "CSS")


def text_of(page: CdpSession, sheet: str) -> str:
    text: str = page.call("CSS.getStyleSheetText", styleSheetId=sheet)["text"]
    return text


def pieces(page: CdpSession, rules: list[dict[str, Any]]) -> list[str]:
    """Give the texts that were used."""
    return sorted(text_of(page, one["styleSheetId"])[one["startOffset"] : one["endOffset"]] for one in rules)


def test_used_rules_are_told_with_the_conditions_around_them(page: CdpSession) -> None:
    markup = (
        "<link rel=stylesheet href=/s.css><p id=p>x<div class=hidden style='display: none'><span>x</span></div>"
        "<section class=card><b>x</b></section>"
    )
    with Site({"/": markup, "/s.css": SHEET}) as site:
        page.call("CSS.startRuleUsageTracking")
        page.goto(site.url("/"))
        used = pieces(page, page.call("CSS.takeCoverageDelta")["coverage"])
        media = SHEET.split("\n")[2]
        assert used == sorted(
            [
                "body { color: red }",
                media.removeprefix("@media "),
                "p, .other { color: green }",
                "p::before { content: 'x' }",
                "& b { color: blue }",
                ".card { color: red; & b { color: blue } & i { color: blue } }",
            ]
        )
        # What matched for a while only is told, too, and nothing twice.
        page.evaluate("p.className = 'later'")
        page.evaluate("p.className = ''")
        assert pieces(page, page.call("CSS.stopRuleUsageTracking")["ruleUsage"]) == [".later { color: red }"]
    with pytest.raises(CdpRefusedError, match="CSS rule usage tracking is not enabled"):
        page.call("CSS.takeCoverageDelta")


def test_sheets_that_come_and_go_are_told_with_their_texts(page: CdpSession) -> None:
    with Site({"/": "<style>p { color: red }</style><p>x", "/s.css": SHEET.replace("\n", "\r\n")}) as site:
        page.goto(site.url("/"))
        inline = page.wait_event("CSS.styleSheetAdded")["header"]
        assert (inline["sourceURL"], inline["isInline"], inline["frameId"]) == (site.url("/"), True, page.page)
        assert text_of(page, inline["styleSheetId"]) == "p { color: red }"
        since = page.mark()
        page.evaluate(
            "new Promise((done) => { const link = document.createElement('link'); link.rel = 'stylesheet';"
            " link.href = '/s.css'; link.onload = done; document.head.append(link) }).then(() => 1)"
        )
        added = page.wait_event("CSS.styleSheetAdded", since=since)["header"]
        assert (added["sourceURL"], added["isInline"]) == (site.url("/s.css"), False)
        assert text_of(page, added["styleSheetId"]) == SHEET.replace("\n", "\r\n")
        page.call("CSS.startRuleUsageTracking")
        used = pieces(page, page.call("CSS.stopRuleUsageTracking")["ruleUsage"])
        assert "p::before { content: 'x' }" in used, "places count both characters at the end of a line"
        page.evaluate("document.querySelector('link').remove()")
        assert page.wait_event("CSS.styleSheetRemoved", since=since)["styleSheetId"] == added["styleSheetId"]
        with pytest.raises(CdpRefusedError, match="No style sheet with given id found"):
            text_of(page, added["styleSheetId"])


def test_a_text_may_name_its_source(page: CdpSession) -> None:
    with Site({"/": "<style>p { color: red }\n/*# sourceURL=nice.css */</style>"}) as site:
        page.goto(site.url("/"))
        header = page.wait_event("CSS.styleSheetAdded")["header"]
        assert (header["sourceURL"], header["hasSourceURL"]) == ("nice.css", True)


def test_what_scripts_make_has_no_address_and_the_text_of_its_rules(page: CdpSession) -> None:
    since = page.mark()
    page.evaluate(
        "const made = document.createElement('style'); document.head.append(made);"
        " made.sheet.insertRule('body { color: red }')"
    )
    header = page.wait_event("CSS.styleSheetAdded", since=since)["header"]
    assert (header["sourceURL"], header["isInline"]) == ("", False)
    assert text_of(page, header["styleSheetId"]) == "body { color: red; }"
    page.call("CSS.setStyleSheetText", styleSheetId=header["styleSheetId"], text="body { color: rgb(1, 2, 3) }")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
    assert page.wait_event("CSS.styleSheetChanged") == {"styleSheetId": header["styleSheetId"]}


def test_another_session_is_told_of_what_there_is(driver: Driver, page: CdpSession) -> None:
    page.evaluate("document.head.append(document.createElement('style'))")
    known = page.wait_event("CSS.styleSheetAdded")["header"]["styleSheetId"]
    other = driver.attach(page.page)
    with pytest.raises(CdpRefusedError, match="DOM agent needs to be enabled first"):
        other.call("CSS.enable")
    other.call("DOM.enable")
    other.call("CSS.enable")
    assert other.wait_event("CSS.styleSheetAdded")["header"]["styleSheetId"] == known
    other.call("CSS.disable")
    other.call("DOM.disable")


def test_a_session_that_enabled_dom_disables_it_in_a_later_document(page: CdpSession) -> None:
    page.goto("data:text/html,<p>x")
    page.call("DOM.disable")
    with pytest.raises(CdpRefusedError, match="DOM agent hasn't been enabled"):
        page.call("DOM.disable")
