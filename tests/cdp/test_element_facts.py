"""DOMSnapshot, CSS, DOMDebugger, Overlay: what clients read of whole documents and of single elements."""

from __future__ import annotations

import pytest

from tests.cdp.driver import CdpRefusedError, CdpSession, Driver, Json
from tests.support import Site

MARKUP = """<!doctype html><title>Facts</title><style>#a { color: red } p { margin: 0 }</style><body>
<p id=a style="width: 50px" onclick="1">text</p><input id=i value=v><input type=checkbox checked id=c>
<iframe srcdoc="<b>in</b>"></iframe><div hidden id=n>none</div>"""


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    with Site({"/": MARKUP}) as site:
        session = driver.new_page("Page", "Runtime")
        session.goto(site.url("/"))
        return session


def node_of(page: CdpSession, selector: str) -> Json:
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    return page.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]


def test_snapshots(page: CdpSession) -> None:
    shot = page.call(
        "DOMSnapshot.captureSnapshot", computedStyles=["display", "color"], includePaintOrder=True, includeDOMRects=True
    )
    strings = shot["strings"]
    first, second = shot["documents"]
    nodes, layout = first["nodes"], first["layout"]
    names = [strings[index] for index in nodes["nodeName"]]
    assert names[:3] == ["#document", "html", "HTML"]
    at = next(
        index for index, flat in enumerate(nodes["attributes"]) if [strings[one] for one in flat[:2]] == ["id", "a"]
    )
    assert names[nodes["parentIndex"][at]] == "BODY"
    assert at in nodes["isClickable"]["index"]
    place = layout["nodeIndex"].index(at)
    assert [strings[index] for index in layout["styles"][place]] == ["block", "rgb(255, 0, 0)"]
    assert layout["bounds"][place][2] == 50
    assert (
        len({len(layout[name]) for name in ("nodeIndex", "styles", "bounds", "text", "paintOrders", "clientRects")})
        == 1
    )
    assert [strings[index] for index in nodes["inputValue"]["value"]] == ["v", "on"]
    assert len(nodes["inputChecked"]["index"]) == 1
    assert nodes["contentDocumentIndex"]["value"] == [1]
    assert strings[first["title"]] == "Facts"
    assert "in" in [strings[index] for index in second["nodes"]["nodeValue"]]
    hidden = [strings[index] for index in nodes["nodeValue"]].index("none")
    assert hidden not in layout["nodeIndex"]
    described = page.call("DOM.describeNode", nodeId=node_of(page, "#a"))["node"]
    assert nodes["backendNodeId"][at] == described["backendNodeId"]


def test_styles(page: CdpSession) -> None:
    node = node_of(page, "#a")
    computed = page.call("CSS.getComputedStyleForNode", nodeId=node)["computedStyle"]
    assert {"name": "color", "value": "rgb(255, 0, 0)"} in computed
    inline = page.call("CSS.getInlineStylesForNode", nodeId=node)["inlineStyle"]
    assert [(one["name"], one["value"]) for one in inline["cssProperties"]] == [("width", "50px")]
    matched = page.call("CSS.getMatchedStylesForNode", nodeId=node)["matchedCSSRules"]
    assert [one["rule"]["selectorList"]["text"] for one in matched] == ["p", "#a"]


def test_listeners(page: CdpSession) -> None:
    page.evaluate("a.addEventListener('keydown', function named() {}, { once: true, capture: true }); 0")
    target = page.call("Runtime.evaluate", expression="a")["result"]["objectId"]
    listeners = page.call("DOMDebugger.getEventListeners", objectId=target)["listeners"]
    assert [(one["type"], one["useCapture"], one["once"]) for one in listeners] == [
        ("click", False, False),
        ("keydown", True, True),
    ]
    assert listeners[1]["handler"]["description"].startswith("function named()")
    whole = page.call("Runtime.evaluate", expression="document")["result"]["objectId"]
    below = page.call("DOMDebugger.getEventListeners", objectId=whole, depth=-1)["listeners"]
    assert [one["type"] for one in below] == ["click", "keydown"]


def test_nothing_is_drawn(page: CdpSession) -> None:
    page.call("Overlay.hideHighlight")
    with pytest.raises(CdpRefusedError, match="is not supported by Sanderling"):
        page.call("Overlay.highlightNode", highlightConfig={}, nodeId=1)


def test_pseudo_classes_are_forced(driver: Driver) -> None:
    style = "<style>b:hover { color: red } p:has(b:hover) { height: 9px } a:link { top: 1px } a:visited { top: 2px }</style>"
    with Site({"/": f"<!doctype html>{style}<p id=p><b id=b>x</b><b>y</b></p><a id=a href=/>z</a>"}) as site:
        page = driver.new_page("Page", "DOM")
        page.goto(site.url("/"))
        root = page.call("DOM.getDocument")["root"]["nodeId"]
        b, a = (page.call("DOM.querySelector", nodeId=root, selector=one)["nodeId"] for one in "ba")

        def force(node: int, *names: str) -> None:
            page.call("CSS.forcePseudoState", nodeId=node, forcedPseudoClasses=names)

        def matching(selector: str) -> list[str]:
            found: list[str] = page.evaluate(
                f"[...document.querySelectorAll({selector!r})].map(e => e.id || e.localName)"
            )
            return found

        with pytest.raises(CdpRefusedError, match="CSS agent was not enabled"):
            force(b, "hover")
        page.call("CSS.enable")
        force(b, "hover")
        colors = "[...document.querySelectorAll('b')].map(e => getComputedStyle(e).color)"
        assert page.evaluate(colors) == ["rgb(255, 0, 0)", "rgb(0, 0, 0)"]
        assert page.evaluate("getComputedStyle(p).height") == "9px"
        assert matching(":hover") == []  # for styles alone, as in Chromium
        force(b, "focus")
        assert page.evaluate(colors) == ["rgb(0, 0, 0)", "rgb(0, 0, 0)"]
        assert (matching(":focus"), matching(":focus-within")) == (["b"], ["html", "body", "p"])
        # What was visited is not told to pages.
        force(a, "visited")
        assert page.evaluate("[getComputedStyle(a).top, a.matches(':visited'), a.matches(':link')]") == [
            "1px",
            False,
            True,
        ]
        computed = page.call("CSS.getComputedStyleForNode", nodeId=a)["computedStyle"]
        assert next(one["value"] for one in computed if one["name"] == "top") == "2px"
        rules = page.call("CSS.getMatchedStylesForNode", nodeId=a)["matchedCSSRules"]
        assert [one["rule"]["selectorList"]["text"] for one in rules] == ["a:visited"]
        with pytest.raises(CdpRefusedError, match="forcing :checked"):
            force(b, "checked")
        # Each session has its own; they end with it.
        other = driver.attach(page.page)
        for domain in ("DOM", "CSS"):
            other.call(f"{domain}.enable")
        root = other.call("DOM.getDocument")["root"]["nodeId"]
        its = other.call("DOM.querySelector", nodeId=root, selector="b")["nodeId"]
        other.call("CSS.forcePseudoState", nodeId=its, forcedPseudoClasses=["hover"])
        force(b)
        assert page.evaluate(colors)[0] == "rgb(255, 0, 0)"
        other.call("CSS.disable")
        assert page.evaluate(colors)[0] == "rgb(0, 0, 0)"
