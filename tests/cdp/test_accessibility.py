"""Accessibility: roles, names, states and queries."""

from __future__ import annotations

import json

import pytest

from tests.cdp.driver import CdpSession, Driver, Json
from tests.support import Site

MARKUP = """<!doctype html><title>A title</title><body>
<h1>Head <em>ing</em></h1>
<nav aria-label=Main><ul><li><a href=/x>Link</a></ul></nav>
<form id=form><label for=n>Name</label><input id=n value=v required><input type=checkbox id=c checked aria-label="Agree">
<label>Wrapped <input id=w placeholder=p></label><input id=ph placeholder="Just this">
<button id=b disabled title=tip>Send <img alt=icon src=x></button><input type=submit id=sub>
<select id=s aria-labelledby="one two"><option>a<option selected>b</select></form>
<span id=one hidden>First</span><span id=two>second</span><div aria-hidden=true><button>gone</button></div>
<p id=d style="display:none">none</p><img alt="" src=y><img id=pic alt="Picture" src=z><details><summary>More</summary>x</details>"""


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    with Site({"/": MARKUP}) as site:
        session = driver.new_page("Page", "Runtime")
        session.goto(site.url("/"))
        return session


def handle(page: CdpSession, expression: str) -> Json:
    return page.call("Runtime.evaluate", expression=expression)["result"]["objectId"]


def query(page: CdpSession, **params: object) -> list[Json]:
    nodes: list[Json] = page.call("Accessibility.queryAXTree", objectId=handle(page, "document"), **params)["nodes"]
    return nodes


def facts(node: Json) -> dict[str, Json]:
    return {each["name"]: each["value"].get("value") for each in node["properties"]}


@pytest.mark.parametrize(
    ("selector", "role", "name"),
    [
        ("h1", "heading", "Head ing"),
        ("nav", "navigation", "Main"),
        ("a", "link", "Link"),
        ("#n", "textbox", "Name"),
        ("#c", "checkbox", "Agree"),
        ("#w", "textbox", "Wrapped"),
        ("#ph", "textbox", "Just this"),
        ("#b", "button", "Send icon"),
        ("#sub", "button", "Submit"),
        ("#s", "combobox", "First second"),
        ("#pic", "image", "Picture"),
        ("summary", "DisclosureTriangle", "More"),
        ("li", "listitem", ""),
    ],
)
def test_roles_and_names(page: CdpSession, selector: str, role: str, name: str) -> None:
    target = handle(page, f"document.querySelector({selector!r})")
    (node,) = page.call("Accessibility.getPartialAXTree", objectId=target, fetchRelatives=False)["nodes"]
    assert (node["role"]["value"], node["name"]["value"]) == (role, name)
    described = page.call("DOM.describeNode", objectId=target)["node"]
    assert node["backendDOMNodeId"] == described["backendNodeId"]


@pytest.mark.parametrize(
    ("markup", "role", "name"),
    [
        ("<style>#x::before { content: 'a ' } #x::after { content: 'b' / ' c' }</style><button id=x>x</button>", "button", "a x c"),
        ("<h1 id=x style='text-transform: uppercase'>Call us</h1>", "heading", "CALL US"),
        ("<h1 id=x>a <a href=/ aria-labelledby=b>link</a> <b id=b>c</b></h1>", "heading", "a c"),
        ("<button id=x aria-labelledby=y aria-label=z></button><p id=y>a<b hidden>b</b></p>", "button", "a"),
        ("<button id=x aria-labelledby=y></button><p id=y hidden>a<b hidden>b</b></p>", "button", "a b"),
        ("<button id=x>a<i> </i>b</button>", "button", "a b"),
        ("<img id=x alt='' title=t>", "image", "t"),
        ("<nav id=x role='region group'></nav>", "group", ""),
        ("<article><aside id=x>a</aside></article>", "generic", ""),
        ("<aside id=x>a</aside>", "complementary", ""),
        ("<h1 id=x>a<i style='visibility: hidden'>b<b style='visibility: visible'>c</b></i></h1>", "heading", "ac"),
    ],
)  # fmt: skip
def test_names_by_markup(page: CdpSession, markup: str, role: str, name: str) -> None:
    page.evaluate(f"document.body.innerHTML = {json.dumps(markup)}")
    x = handle(page, "document.getElementById('x')")
    [node] = page.call("Accessibility.getPartialAXTree", objectId=x, fetchRelatives=False)["nodes"]
    assert (node["role"]["value"], node["name"]["value"]) == (role, name)


def test_what_is_invisible_has_no_end(page: CdpSession) -> None:
    page.evaluate("""
        document.body.innerHTML = '<h1 id=x>a</h1><h1 id=y>a<i aria-owns=z style="visibility: hidden">b<b id=z aria-owns=w>c</b></i></h1>';
        document.querySelector('i').id = 'w';
        let inner = document.getElementById('x');
        for (let i = 0; i < 4000; i++) {
          const next = inner.appendChild(document.createElement('i'));
          next.style.visibility = 'hidden';
          inner = next;
        } 0""")
    for name in "xy":
        found = handle(page, f"document.getElementById('{name}')")
        [node] = page.call("Accessibility.getPartialAXTree", objectId=found, fetchRelatives=False)["nodes"]
        assert node["name"]["value"] == "a"


def test_the_full_tree_begins_with_its_root(page: CdpSession) -> None:
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    root = nodes[0]
    assert (root["role"], root["name"]["value"]) == ({"type": "internalRole", "value": "RootWebArea"}, "A title")
    known = {node["nodeId"]: node for node in nodes}
    assert all(child in known for node in nodes for child in node["childIds"])
    assert all(known[node["parentId"]]["childIds"].count(node["nodeId"]) == 1 for node in nodes[1:])
    names = [node["name"]["value"] for node in nodes if not node["ignored"]]
    assert "gone" not in names
    assert "none" not in names
    assert nodes[1]["ignored"]  # html


def test_states(page: CdpSession) -> None:
    (name,) = query(page, role="textbox", accessibleName="Name")
    assert name["value"]["value"] == "v"
    assert facts(name) | {"required": True, "multiline": False, "editable": "plaintext"} == facts(name)
    (box,) = query(page, role="checkbox")
    assert facts(box)["checked"] == "true"
    (heading,) = query(page, role="heading")
    assert facts(heading)["level"] == 1
    (button,) = query(page, role="button", accessibleName="Send icon")
    assert facts(button)["disabled"] is True
    assert button["description"]["value"] == "tip"
    (link,) = query(page, role="link")
    assert facts(link)["url"].endswith("/x")
    page.call("DOM.focus", objectId=handle(page, "n"))
    assert facts(query(page, accessibleName="Name", role="textbox")[0])["focused"] is True


def test_children_and_roots(page: CdpSession) -> None:
    root = page.call("Accessibility.getRootAXNode")["node"]
    children = page.call("Accessibility.getChildAXNodes", id=root["nodeId"])["nodes"]
    assert [child["nodeId"] for child in children] == root["childIds"]
    above = page.call("Accessibility.getAXNodeAndAncestors", objectId=handle(page, "n"))["nodes"]
    assert above[-1]["nodeId"] == root["nodeId"]


def test_queries_below_a_node(page: CdpSession) -> None:
    nodes = page.call("Accessibility.queryAXTree", objectId=handle(page, "form"), role="button")["nodes"]
    assert [node["name"]["value"] for node in nodes] == ["Send icon", "Submit"]
    assert query(page, role="button", accessibleName="gone") == []


def test_internals_give_a_role_and_a_name_below_attributes(driver: Driver) -> None:
    markup = """<!doctype html><script>customElements.define('x-tick', class extends HTMLElement {
        constructor() { super(); Object.assign(this.attachInternals(), { role: 'checkbox', ariaLabel: 'Inner' }); }
    })</script><x-tick id=a></x-tick><x-tick id=b role=switch aria-label=Outer></x-tick>"""
    with Site({"/": markup}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        assert [node["name"]["value"] for node in query(page, role="checkbox")] == ["Inner"]
        assert [node["name"]["value"] for node in query(page, role="switch")] == ["Outer"]


def outline(nodes: list[Json]) -> list[str]:
    """Each node that is not ignored, with its name, indented by its depth among those."""
    known = {node["nodeId"]: node for node in nodes}
    lines = []

    def depth(node: Json) -> int:
        above = known.get(node.get("parentId", ""))
        return 0 if above is None else depth(above) + (not above["ignored"])

    for node in nodes:
        if not node["ignored"]:
            lines.append("  " * depth(node) + f"{node['role']['value']} {node['name']['value']!r}")
    return lines


def test_the_tree_has_chromiums_shape(driver: Driver) -> None:
    markup = """<!doctype html><title>T</title><h1>Head <em>ing</em></h1><div>box <b>bold</b></div><div><p>in</p></div>
    <label>wrap <input></label><select><option>One<option selected>Two</select><ul><li>a</ul><p role=none>plain</p>
    <details><summary>more</summary>closed</details><img alt="" src=x><pre>two
lines</pre>p<br>q<iframe srcdoc="<p>inner"></iframe><table><tr><td>cell</table><svg><title>pic</title></svg><div title=tip>tip</div>"""
    with Site({"/": markup}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    assert "\n".join(outline(nodes)) == "\n".join(
        [
            "RootWebArea 'T'",
            "  heading 'Head ing'",
            "    StaticText 'Head '",
            "    emphasis ''",
            "      StaticText 'ing'",
            "  generic ''",
            "    StaticText 'box '",
            "    StaticText 'bold'",
            "  paragraph ''",
            "    StaticText 'in'",
            "  LabelText ''",
            "    StaticText 'wrap '",
            "    textbox 'wrap'",
            "  combobox ''",
            "    option 'One'",
            "    option 'Two'",
            "  list ''",
            "    listitem ''",
            "      StaticText 'a'",
            "  StaticText 'plain'",
            "  group ''",
            "    DisclosureTriangle 'more'",
            "      StaticText 'more'",
            "  generic ''",
            "    StaticText 'two\\nlines'",
            "  StaticText 'p'",
            "  LineBreak '\\n'",
            "  StaticText 'q'",
            "  Iframe ''",
            "  table ''",
            "    row ''",
            "      cell 'cell'",
            "        StaticText 'cell'",
            "  image 'pic'",
            "  generic ''",
            "    StaticText 'tip'",
        ]
    )


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<select><option>x</select>", {"expanded": False, "focusable": True, "hasPopup": "menu", "invalid": "false"}),
        (
            "<input type=range max=10>",
            {
                "focusable": True,
                "invalid": "false",
                "orientation": "horizontal",
                "settable": True,
                "valuemax": 10,
                "valuemin": 0,
                "valuetext": "5",
            },
        ),
        ("<input type=checkbox required>", {"checked": "false", "focusable": True, "invalid": "true"}),
        (
            "<input type=search required>",
            {"editable": "plaintext", "focusable": True, "invalid": "false", "settable": True},
        ),
        ("<div role=alert>x</div>", {"atomic": True, "live": "assertive", "relevant": "additions text"}),
        ("<dialog open>x</dialog>", {"focusable": True, "modal": False}),
        ("<input type=file multiple>", {"focusable": True, "invalid": "false"}),
        ("<hr>", {"orientation": "horizontal", "settable": True}),
        ("<div tabindex=-1 aria-roledescription=x>y</div>", {"focusable": True}),
    ],
)
def test_properties_by_role(page: CdpSession, markup: str, expected: Json) -> None:
    page.evaluate(f"document.body.innerHTML = {markup!r}; 0")
    target = handle(page, "document.body.firstChild")
    (node,) = page.call("Accessibility.getPartialAXTree", objectId=target, fetchRelatives=False)["nodes"]
    assert facts(node) == expected


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ("<input type=range max=10>", {"type": "number", "value": 5}),
        ("<input type=file>", {"type": "string", "value": "No file chosen"}),
        ("<meter value=.5></meter>", {"type": "number", "value": 0.5}),
        ("<div contenteditable>edit <b>me</b></div>", {"type": "string", "value": "edit me"}),
        ("<div contenteditable>Edit this: <img alt=x></div>", {"type": "string", "value": "Edit this: "}),
    ],
)
def test_values(page: CdpSession, markup: str, value: Json) -> None:
    page.evaluate(f"document.body.innerHTML = {markup!r}; 0")
    target = handle(page, "document.body.firstChild")
    (node,) = page.call("Accessibility.getPartialAXTree", objectId=target, fetchRelatives=False)["nodes"]
    assert node["value"] == value


def test_frames_have_trees_of_their_own(driver: Driver) -> None:
    with Site({"/": "<iframe srcdoc='<button>inner</button>'></iframe><button>outer</button>"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        assert [node["name"]["value"] for node in query(page, role="button")] == ["outer"]
        (child,) = page.call("Page.getFrameTree")["frameTree"]["childFrames"]
        nodes = page.call("Accessibility.getFullAXTree", frameId=child["frame"]["id"])["nodes"]
    assert [node["name"]["value"] for node in nodes if node["role"]["value"] == "button"] == ["inner"]
