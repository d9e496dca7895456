"""DOM: node ids, descriptions, queries, searches, changes and their events, boxes, files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanderling.cdp import uploads
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver, Json
from tests.support import Site

MARKUP = """<!doctype html><title>T</title><body><div id=a class=x>hi</div> <ul><li>1<li>2</ul>
<iframe id=f srcdoc="<p id=in>inner</p>"></iframe><div id=h></div><div style="height:3000px"></div>
<button id=low>low</button><p style="display:none" id=no>"""


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    with Site({"/": MARKUP}) as site:
        session = driver.new_page("Page", "Runtime")
        session.goto(site.url("/"))
        return session


def handle(page: CdpSession, expression: str) -> str:
    result = page.call("Runtime.evaluate", expression=expression)["result"]
    assert "objectId" in result, result
    object_id: str = result["objectId"]
    return object_id


def child_frame(page: CdpSession) -> str:
    tree = page.call("Page.getFrameTree")["frameTree"]
    frame: str = tree["childFrames"][0]["frame"]["id"]
    return frame


def refused(page: CdpSession, method: str, **params: object) -> str:
    with pytest.raises(CdpRefusedError) as caught:
        page.call(method, **params)
    message: str = caught.value.message
    return message


def names(node: Json) -> Json:
    return [node["nodeName"], [names(child) for child in node.get("children", ())]]


# -- documents and ids -----------------------------------------------------------------------------------------------------


def test_a_document_two_levels_deep_without_white_space(page: CdpSession) -> None:
    root = page.call("DOM.getDocument")["root"]
    assert names(root) == ["#document", [["html", []], ["HTML", [["HEAD", []], ["BODY", []]]]]]
    html = root["children"][1]
    assert html["frameId"] == page.page
    assert (html["parentId"], root["nodeType"], root["childNodeCount"]) == (root["nodeId"], 9, 2)
    assert html["children"][1]["childNodeCount"] == 7


def test_a_whole_document_through_frames(page: CdpSession) -> None:
    root = page.call("DOM.getDocument", depth=-1, pierce=True)["root"]
    body = root["children"][1]["children"][1]
    frame = next(child for child in body["children"] if child["nodeName"] == "IFRAME")
    assert frame["frameId"] == child_frame(page)
    inner = frame["contentDocument"]["children"][0]["children"][1]["children"][0]
    assert inner["attributes"] == ["id", "in"]
    assert inner["children"][0]["nodeValue"] == "inner"


def test_asking_again_makes_old_ids_invalid(page: CdpSession) -> None:
    first = page.call("DOM.getDocument")["root"]["nodeId"]
    found = page.call("DOM.querySelector", nodeId=first, selector="#a")["nodeId"]
    second = page.call("DOM.getDocument")["root"]["nodeId"]
    assert second > found
    assert refused(page, "DOM.getOuterHTML", nodeId=found) == "Could not find node with given id"


def test_ids_are_of_a_session_and_backend_ids_are_not(driver: Driver, page: CdpSession) -> None:
    other = driver.attach(page.page)
    mine = page.call("DOM.getDocument")["root"]
    theirs = other.call("DOM.getDocument")["root"]
    assert mine["backendNodeId"] == theirs["backendNodeId"]
    assert mine["nodeId"] != theirs["nodeId"]
    assert refused(other, "DOM.getAttributes", nodeId=mine["nodeId"]) == "Could not find node with given id"


def test_a_new_document_takes_no_old_id(page: CdpSession) -> None:
    root = page.call("DOM.getDocument", depth=-1)["root"]
    node = page.call("DOM.describeNode", nodeId=root["nodeId"])["node"]
    since = page.mark()
    page.goto("about:blank")
    page.wait_event("DOM.documentUpdated", since=since)
    assert (
        refused(page, "DOM.querySelector", nodeId=root["nodeId"], selector="p") == "Could not find node with given id"
    )
    again = page.call("DOM.getDocument")["root"]
    assert again["nodeId"] > root["nodeId"]
    assert again["backendNodeId"] > node["backendNodeId"]
    stale = refused(page, "DOM.resolveNode", backendNodeId=node["backendNodeId"])
    assert stale == "No node with given id found"


def test_depths_are_checked(page: CdpSession) -> None:
    expected = "Please provide a positive integer as a depth or -1 for entire subtree"
    assert refused(page, "DOM.getDocument", depth=-2) == expected


def test_nodes_that_were_not_sent_come_before_the_answer(page: CdpSession) -> None:
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    since = page.mark()
    item = page.call("DOM.querySelector", nodeId=root, selector="li:last-child")["nodeId"]
    assert page.methods(since)[:-1] == ["DOM.setChildNodes", "DOM.setChildNodes"]
    sent = page.events("DOM.setChildNodes")[-1]
    assert [node["nodeId"] for node in sent["nodes"]][-1] == item


def test_describing_makes_nothing_known(page: CdpSession) -> None:
    page.call("DOM.getDocument")
    node = page.call("DOM.describeNode", objectId=handle(page, "document.querySelector('li')"))["node"]
    assert (node["nodeId"], node["nodeName"], node["localName"]) == (0, "LI", "li")
    owner = page.call("DOM.describeNode", objectId=handle(page, "f"), depth=-1, pierce=True)["node"]
    assert owner["contentDocument"]["children"][0]["frameId"] == child_frame(page)


def test_frame_owners(page: CdpSession) -> None:
    owner = page.call("DOM.getFrameOwner", frameId=child_frame(page))
    assert owner["backendNodeId"] == page.call("DOM.describeNode", objectId=handle(page, "f"))["node"]["backendNodeId"]
    for wrong in ("nonsense", f"{page.page}.99", page.page):
        assert refused(page, "DOM.getFrameOwner", frameId=wrong) == "Frame with the given id was not found."


def test_a_handle_moves_into_another_world(page: CdpSession) -> None:
    world = page.call("Page.createIsolatedWorld", frameId=page.page, worldName="w")["executionContextId"]
    backend = page.call("DOM.describeNode", objectId=handle(page, "a"))["node"]["backendNodeId"]
    moved = page.call("DOM.resolveNode", backendNodeId=backend, executionContextId=world)["object"]
    assert (moved["subtype"], moved["className"]) == ("node", "HTMLDivElement")
    result = page.call(
        "Runtime.callFunctionOn",
        objectId=moved["objectId"],
        functionDeclaration="function(){return [this.id, this === document.getElementById('a')]}",
        returnByValue=True,
    )["result"]
    assert result["value"] == ["a", True]
    node = page.call("DOM.describeNode", objectId=moved["objectId"])["node"]
    assert node["backendNodeId"] == backend


def test_errors_of_handles(page: CdpSession) -> None:
    assert refused(page, "DOM.describeNode") == "Either nodeId, backendNodeId or objectId must be specified"
    assert refused(page, "DOM.describeNode", backendNodeId=987654) == "No node found for given backend id"
    assert refused(page, "DOM.describeNode", objectId=handle(page, "({})")) == "Object id doesn't reference a Node"
    assert refused(page, "DOM.resolveNode") == "Either nodeId or backendNodeId must be specified."


# -- queries ---------------------------------------------------------------------------------------------------------------


def test_queries(page: CdpSession) -> None:
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    assert page.call("DOM.querySelector", nodeId=root, selector=".none")["nodeId"] == 0
    items = page.call("DOM.querySelectorAll", nodeId=root, selector="li")["nodeIds"]
    assert [page.call("DOM.getOuterHTML", nodeId=item)["outerHTML"] for item in items] == [
        "<li>1</li>",
        "<li>2</li>",
    ]
    assert refused(page, "DOM.querySelector", nodeId=root, selector="!!") == "DOM Error while querying"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("//li", ["LI", "LI"]),
        ("ul > li", ["LI", "LI"]),
        ("INNER", ["IFRAME", "#text"]),
        ("<button>", ["BUTTON"]),
        ('"x"', ["DIV"]),
    ],
)
def test_searches(page: CdpSession, query: str, found: list[str]) -> None:
    page.call("DOM.enable")
    page.call("DOM.getDocument")
    search = page.call("DOM.performSearch", query=query, includeUserAgentShadowDOM=True)
    assert search["resultCount"] == len(found)
    ids = page.call("DOM.getSearchResults", searchId=search["searchId"], fromIndex=0, toIndex=len(found))["nodeIds"]
    assert [page.call("DOM.describeNode", nodeId=one)["node"]["nodeName"] for one in ids] == found
    page.call("DOM.discardSearchResults", searchId=search["searchId"])
    gone = refused(page, "DOM.getSearchResults", searchId=search["searchId"], fromIndex=0, toIndex=1)
    assert gone == "No search session with given id found"


def test_a_search_needs_the_domain(page: CdpSession) -> None:
    assert refused(page, "DOM.performSearch", query="x") == "DOM agent is not enabled"


def test_pushing_nodes(page: CdpSession) -> None:
    backend = page.call("DOM.describeNode", objectId=handle(page, "low"))["node"]["backendNodeId"]
    message = refused(page, "DOM.pushNodesByBackendIdsToFrontend", backendNodeIds=[backend])
    assert message == "Document needs to be requested first"
    page.call("DOM.getDocument")
    ids = page.call("DOM.pushNodesByBackendIdsToFrontend", backendNodeIds=[backend, 987654])["nodeIds"]
    assert ids[1] == 0
    assert page.call("DOM.requestNode", objectId=handle(page, "low"))["nodeId"] == ids[0]
    path = page.call("DOM.pushNodeByPathToFrontend", path="1,HTML,1,BODY,0,DIV")["nodeId"]
    assert page.call("DOM.getAttributes", nodeId=path)["attributes"] == ["id", "a", "class", "x"]


# -- changes ---------------------------------------------------------------------------------------------------------------


def test_events_of_changes(page: CdpSession) -> None:
    page.call("DOM.getDocument", depth=-1)
    since = page.mark()
    page.evaluate(
        "a.firstChild.data = 'ho'; a.setAttribute('k', 'v'); a.removeAttribute('class');"
        "document.querySelector('ul').append(document.createElement('li')); document.querySelector('li').remove();"
        "h.attachShadow({mode: 'open'}); 0"
    )
    assert page.methods(since, only=["DOM."]) == [
        "DOM.characterDataModified",
        "DOM.attributeModified",
        "DOM.attributeRemoved",
        "DOM.childNodeInserted",
        "DOM.childNodeRemoved",
        "DOM.shadowRootPushed",
    ]
    assert page.wait_event("DOM.attributeModified", since=since)["value"] == "v"


def test_only_the_count_of_children_that_were_not_sent(page: CdpSession) -> None:
    root = page.call("DOM.getDocument")["root"]
    body = root["children"][1]["children"][1]
    since = page.mark()
    page.evaluate("document.body.append(document.createElement('i')); 0")
    assert page.wait_event("DOM.childNodeCountUpdated", since=since) == {"nodeId": body["nodeId"], "childNodeCount": 8}
    assert page.methods(since, only=["DOM."]) == ["DOM.childNodeCountUpdated"]


def test_changes_by_the_client(page: CdpSession) -> None:
    root = page.call("DOM.getDocument", depth=-1)["root"]["nodeId"]
    node = page.call("DOM.querySelector", nodeId=root, selector="#a")["nodeId"]
    page.call("DOM.setAttributeValue", nodeId=node, name="title", value="t")
    page.call("DOM.setAttributesAsText", nodeId=node, text='data-a="1" data-b="2"', name="class")
    page.call("DOM.removeAttribute", nodeId=node, name="title")
    assert page.evaluate("a.outerHTML") == '<div id="a" data-a="1" data-b="2">hi</div>'
    text = page.call("DOM.requestNode", objectId=handle(page, "a.firstChild"))["nodeId"]
    page.call("DOM.setNodeValue", nodeId=text, value="new")
    listed = page.call("DOM.querySelector", nodeId=root, selector="ul")["nodeId"]
    moved = page.call("DOM.moveTo", nodeId=node, targetNodeId=listed)["nodeId"]
    assert page.evaluate("document.querySelector('ul').lastChild.textContent") == "new"
    page.call("DOM.setOuterHTML", nodeId=moved, outerHTML="<b>one</b><b>two</b>")
    assert page.evaluate("[...document.querySelectorAll('ul > b')].map(b => b.textContent)") == ["one", "two"]
    renamed = page.call("DOM.setNodeName", nodeId=listed, name="ol")["nodeId"]
    page.call("DOM.removeNode", nodeId=renamed)
    assert page.evaluate("document.querySelector('ul, ol')") is None


# -- boxes -----------------------------------------------------------------------------------------------------------------


def test_boxes_are_of_a_viewport_that_scrolls(page: CdpSession) -> None:
    low = handle(page, "low")
    before = page.call("DOM.getBoxModel", objectId=low)["model"]
    assert before["border"][1] > 3000
    page.call("DOM.scrollIntoViewIfNeeded", objectId=low)
    offset = page.evaluate("scrollY")
    assert offset > 0
    after = page.call("DOM.getBoxModel", objectId=low)["model"]
    assert after["border"][1] == before["border"][1] - offset
    assert page.call("DOM.getContentQuads", objectId=low)["quads"] == [after["border"]]
    x, y = after["border"][0] + 3, after["border"][1] + 3
    hit = page.call("DOM.getNodeForLocation", x=int(x), y=int(y))
    assert hit["backendNodeId"] == page.call("DOM.describeNode", objectId=low)["node"]["backendNodeId"]


def test_boxes_in_frames_are_of_the_main_viewport(page: CdpSession) -> None:
    inner = handle(page, "f.contentDocument.getElementById('in')")
    (quad,) = page.call("DOM.getContentQuads", objectId=inner)["quads"]
    frame = page.evaluate("(({x, y, width, height}) => [x, y, width, height])(f.getBoundingClientRect())")
    assert frame[2:] == [304, 154]
    assert frame[0] < quad[0] < frame[0] + frame[2]
    assert frame[1] < quad[1] < frame[1] + frame[3]
    hit = page.call("DOM.getNodeForLocation", x=int(quad[0]) + 2, y=int(quad[1]) + 2)
    assert hit["backendNodeId"] == page.call("DOM.describeNode", objectId=inner)["node"]["backendNodeId"]
    assert hit["frameId"] == child_frame(page)


def test_siblings_never_share_a_rectangle(page: CdpSession) -> None:
    overlaps = page.evaluate(
        """(() => { const out = [];
        for (const el of document.body.querySelectorAll('*')) {
          const next = el.nextElementSibling;
          if (!next || !el.checkVisibility() || !next.checkVisibility()) continue;
          const a = el.getBoundingClientRect(), b = next.getBoundingClientRect();
          if (a.bottom > b.top) out.push([el.outerHTML, next.outerHTML]);
        } return out })()"""
    )
    assert overlaps == []


def test_what_has_no_box(page: CdpSession) -> None:
    hidden = handle(page, "no")
    assert page.call("DOM.getContentQuads", objectId=hidden)["quads"] == []
    assert refused(page, "DOM.getBoxModel", objectId=hidden) == "Could not compute box model."
    assert refused(page, "DOM.scrollIntoViewIfNeeded", objectId=hidden) == "Node does not have a layout object"
    detached = handle(page, "document.createElement('p')")
    assert refused(page, "DOM.scrollIntoViewIfNeeded", objectId=detached) == "Node is detached from document"


def test_focus(page: CdpSession) -> None:
    page.call("DOM.focus", objectId=handle(page, "low"))
    assert page.evaluate("document.activeElement.id") == "low"
    assert refused(page, "DOM.focus", objectId=handle(page, "a")) == "Element is not focusable"


# -- files -----------------------------------------------------------------------------------------------------------------


def test_files(page: CdpSession, tmp_path: Path) -> None:
    first = tmp_path / "first.txt"
    first.write_text("one")
    second = tmp_path / "second.bin"
    second.write_bytes(b"\x00\xff")
    page.evaluate(
        "document.body.innerHTML = '<input type=file id=i multiple>'; window.log = [];"
        "for (const t of ['input', 'change']) i.addEventListener(t, e => log.push(t + e.isTrusted)); 0"
    )
    field = handle(page, "i")
    page.call("DOM.setFileInputFiles", objectId=field, files=[str(first), str(second)])
    assert page.evaluate("log") == ["inputtrue", "changetrue"]
    assert page.evaluate("[...i.files].map(f => [f.name, f.size, f.type])") == [
        ["first.txt", 3, "text/plain"],
        ["second.bin", 2, "application/octet-stream"],
    ]
    assert page.evaluate("i.files[0].text()") == "one"
    assert page.call("DOM.getFileInfo", objectId=handle(page, "i.files[0]"))["path"] == str(first)
    missing = refused(page, "DOM.setFileInputFiles", objectId=field, files=[str(tmp_path / "none")])
    assert "none: No such file or directory" in missing
    other = handle(page, "document.body")
    assert refused(page, "DOM.setFileInputFiles", objectId=other, files=[]) == "Node is not a file input element"


def test_a_folder(page: CdpSession, tmp_path: Path) -> None:
    folder, outside = tmp_path / "up", tmp_path / "outside.txt"
    (folder / "sub").mkdir(parents=True)
    outside.write_text("secret")
    for name in ("b.txt", "a", "sub/c.txt"):
        (folder / name).write_text(f"in {name}")
    (folder / "link.txt").symlink_to(outside)
    page.evaluate(
        "document.body.innerHTML = '<input type=file id=i webkitdirectory><input type=file multiple id=j>'; 0"
    )
    page.call("DOM.setFileInputFiles", objectId=handle(page, "i"), files=[str(folder)])
    assert page.evaluate(
        "Promise.all([...i.files].map(async f => [f.name, f.webkitRelativePath, await f.text()]))"
    ) == [
        ["a", "up/a", "in a"],
        ["b.txt", "up/b.txt", "in b.txt"],
        ["c.txt", "up/sub/c.txt", "in sub/c.txt"],
    ]
    why = refused(page, "DOM.setFileInputFiles", objectId=handle(page, "j"), files=[str(folder)])
    assert why == 'A folder can only be set on an input with the attribute "webkitdirectory"'
    (tmp_path / "empty").mkdir()
    why = refused(page, "DOM.setFileInputFiles", objectId=handle(page, "i"), files=[str(tmp_path / "empty")])
    assert "is no regular file" in why


def test_a_folder_with_too_many_files(page: CdpSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOADED_FILES", 2)
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(name)
    page.evaluate("document.body.innerHTML = '<input type=file id=i webkitdirectory>'; 0")
    why = refused(page, "DOM.setFileInputFiles", objectId=handle(page, "i"), files=[str(tmp_path)])
    assert why == f"Folders with more than 2 files cannot be uploaded: {tmp_path}"


def test_file_choosers(page: CdpSession) -> None:
    page.evaluate("document.body.innerHTML = '<input type=file id=i><input type=file multiple id=m>'; 0")
    page.call("Page.setInterceptFileChooserDialog", enabled=True)
    since = page.mark()
    page.evaluate("i.click()")
    opened = page.wait_event("Page.fileChooserOpened", since=since)
    assert (opened["frameId"], opened["mode"]) == (page.page, "selectSingle")
    described = page.call("DOM.describeNode", objectId=handle(page, "i"))["node"]
    assert opened["backendNodeId"] == described["backendNodeId"]
    page.evaluate("m.click()")
    assert page.wait_event("Page.fileChooserOpened", since=since, mode="selectMultiple")
    page.call("Page.setInterceptFileChooserDialog", enabled=False)
    since = page.mark()
    page.evaluate("i.click()")
    assert page.methods(since, only=["Page."]) == []


def test_eval_is_of_its_frame_and_world(page: CdpSession) -> None:
    frame = child_frame(page)
    world = page.call("Page.createIsolatedWorld", frameId=frame, worldName="w")["executionContextId"]
    for expression in (
        "globalThis.eval('document.URL')",
        "window.eval('1; document.URL')",
        "(() => { const own = 1; return own })()",
    ):
        outcome = page.call("Runtime.evaluate", expression=expression, contextId=world)
        assert outcome["result"]["value"] in ("about:srcdoc", 1), outcome
    assert page.evaluate("f.contentWindow.eval('document.getElementById(\"in\").id')") == "in"


def test_a_file_chooser_that_is_cancelled_is_told_to_the_page(page: CdpSession) -> None:
    page.call("Page.setInterceptFileChooserDialog", enabled=True, cancel=True)
    page.evaluate(
        "document.body.innerHTML = '<input type=file id=f>'; f.oncancel = () => { document.title = 'cancel' }"
    )
    since = page.mark()
    page.evaluate("f.click()")
    page.wait_event("Page.fileChooserOpened", since=since)
    assert page.evaluate("new Promise((done) => setTimeout(() => done(document.title)))") == "cancel"
