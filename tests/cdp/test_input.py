"""Input: events of mouse, keys and fingers as pages see them, and what they do by default."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cdp.driver import CdpRefusedError, CdpSession, Driver, Json
from tests.support import Site

LOG = """window.log = [];
window.watch = (el, ...types) => { for (const type of types)
  el.addEventListener(type, e => log.push(type + (e.isTrusted ? '' : '!') + (e.button > 0 ? ':' + e.button : '') + (e.detail > 1 ? 'x' + e.detail : ''))); };
"""


@pytest.fixture
def page(driver: Driver) -> Iterator[CdpSession]:
    with Site({"/": f"<!doctype html><script>{LOG}</script><body>", "/next": "<title>Next</title>"}) as site:
        session = driver.new_page("Page", "Runtime")
        session.goto(site.url("/"))
        yield session


def body(page: CdpSession, markup: str) -> None:
    page.evaluate(f"document.body.innerHTML = {markup!r}; log.length = 0; 0")


def center(page: CdpSession, selector: str) -> dict[str, float]:
    x, y = page.evaluate(
        f"(() => {{ const r = document.querySelector({selector!r}).getBoundingClientRect();"
        "return [r.x + Math.min(r.width, 40) / 2, r.y + Math.min(r.height, 20) / 2] })()"
    )
    return {"x": x, "y": y}


def mouse(page: CdpSession, kind: str, at: dict[str, float], button: str = "left", **more: object) -> None:
    page.call("Input.dispatchMouseEvent", type=kind, button=button, **at, **more)


def click(page: CdpSession, selector: str, button: str = "left", count: int = 1, **more: object) -> None:
    at = center(page, selector)
    mouse(page, "mouseMoved", at, "none", **more)
    for number in range(1, count + 1):
        mouse(page, "mousePressed", at, button, clickCount=number, **more)
        mouse(page, "mouseReleased", at, button, clickCount=number, **more)


def key(page: CdpSession, name: str, text: str = "", **more: object) -> None:
    kind = "keyDown" if text else "rawKeyDown"
    page.call("Input.dispatchKeyEvent", type=kind, key=name, text=text, **more)
    page.call("Input.dispatchKeyEvent", type="keyUp", key=name, **more)


def type_text(page: CdpSession, text: str) -> None:
    for letter in text:
        key(page, letter, letter)


# -- mouse -----------------------------------------------------------------------------------------------------------------


def test_the_order_of_a_click(page: CdpSession) -> None:
    body(page, "<button id=b>B</button>")
    page.evaluate(
        "watch(b, 'pointerover','pointerenter','mouseover','mouseenter','pointermove','mousemove','pointerdown','mousedown',"
        "'focus','pointerup','mouseup','click','dblclick'); 0"
    )
    click(page, "#b", count=2)
    assert page.evaluate("log") == [
        *("pointerover", "pointerenter", "mouseover", "mouseenter", "pointermove", "mousemove"),
        *("pointerdown", "mousedown", "focus", "pointerup", "mouseup", "click"),
        *("pointerdown", "mousedownx2", "pointerup", "mouseupx2", "clickx2", "dblclickx2"),
    ]


def test_other_buttons_and_modifiers(page: CdpSession) -> None:
    body(page, "<button id=b>B</button>")
    page.evaluate(
        "watch(b, 'mousedown', 'click', 'auxclick', 'contextmenu');"
        "b.addEventListener('mousedown', e => log.push([e.altKey, e.ctrlKey, e.metaKey, e.shiftKey, e.buttons].join())); 0"
    )
    click(page, "#b", "right", modifiers=2 | 8)
    click(page, "#b", "middle")
    assert page.evaluate("log") == [
        *("mousedown:2", "false,true,false,true,2", "contextmenu:2", "auxclick:2"),
        *("mousedown:1", "false,false,false,false,4", "auxclick:1"),
    ]


def test_places_agree_with_boxes_and_offsets(page: CdpSession) -> None:
    body(page, "<p>one<p id=p>two")
    page.evaluate("p.addEventListener('click', e => log.push(e.clientX, e.clientY, e.offsetX, e.offsetY, e.pageY)); 0")
    click(page, "#p")
    x, y = page.evaluate("(({ x, y }) => [x, y])(p.getBoundingClientRect())")
    assert page.evaluate("log") == [x + 20, y + 9, 20, 9, y + 9]


def test_clicks_below_the_fold(page: CdpSession) -> None:
    body(page, "<div style='height: 5000px'></div><button id=b onclick='log.push(scrollY > 0)'>B</button>")
    handle = page.call("Runtime.evaluate", expression="b")["result"]["objectId"]
    page.call("DOM.scrollIntoViewIfNeeded", objectId=handle)
    click(page, "#b")
    assert page.evaluate("log") == [True]


def test_boxes_radios_and_labels(page: CdpSession) -> None:
    body(
        page,
        "<input type=checkbox id=c><label for=r id=l>L</label><input type=radio id=r name=n><input type=radio id=s name=n checked>",
    )
    page.evaluate("watch(c, 'input', 'change'); watch(r, 'click', 'change'); 0")
    click(page, "#c")
    click(page, "#l")
    assert page.evaluate("[c.checked, r.checked, s.checked, document.activeElement.id]") == [True, True, False, "r"]
    assert page.evaluate("log") == ["input", "change", "click", "change"]


def test_a_click_in_a_frame_with_padding(page: CdpSession) -> None:
    inner = "<style>body{margin:0} div{height:100px}</style><div></div><div id=in></div>"
    style = "width:200px;height:250px;padding-top:50px;border:1px solid;box-sizing:border-box"
    body(page, f'<iframe id=f style="{style}" srcdoc="{inner}"></iframe>')
    page.evaluate(
        """new Promise(done => {
          const loaded = () => { f.contentDocument.getElementById('in').onclick = e => log.push(e.clientY); done() };
          f.contentDocument.getElementById('in') === null ? f.onload = loaded : loaded();
        })"""
    )
    found = page.call("Runtime.evaluate", expression="f.contentDocument.getElementById('in')")["result"]
    quad = page.call("DOM.getContentQuads", objectId=found["objectId"])["quads"][0]
    x, y = page.evaluate("(() => { const r = f.getBoundingClientRect(); return [r.x, r.y] })()")
    assert quad[:2] == [x + 1, y + 151]
    for kind in ("mousePressed", "mouseReleased"):
        mouse(page, kind, {"x": quad[0] + 5, "y": quad[1] + 7}, clickCount=1)
    assert page.evaluate("[f.contentWindow.innerHeight, ...log]") == [198, 107]


def test_disabled_controls_take_no_click(page: CdpSession) -> None:
    body(page, "<button id=b disabled><span id=s>B</span></button>")
    page.evaluate("watch(b, 'click', 'mousedown', 'pointerdown'); watch(document.body, 'click'); 0")
    click(page, "#s")
    assert page.evaluate("log") == ["pointerdown"]


def test_a_link_has_begun_to_navigate_before_the_answer(page: CdpSession) -> None:
    body(page, "<a href='/next' id=a>next</a>")
    since = page.mark()
    click(page, "#a")
    assert "Page.frameStartedNavigating" in page.methods(since)
    page.wait_event("Page.loadEventFired", since=since)
    assert page.evaluate("document.title") == "Next"


def test_a_form_has_begun_to_navigate_before_the_answer(page: CdpSession) -> None:
    body(page, "<form action='/next'><input name=q id=q><button id=b>Go</button></form>")
    click(page, "#q")
    type_text(page, "ab")
    since = page.mark()
    key(page, "Enter", "\r")
    assert "Page.frameStartedNavigating" in page.methods(since)
    loader = page.wait_event("Page.frameNavigated", since=since)["frame"]["loaderId"]
    page.wait_event("Page.lifecycleEvent", since=since, name="load", loaderId=loader)
    assert page.evaluate("location.search") == "?q=ab"


def test_input_for_a_document_that_goes_is_answered(page: CdpSession) -> None:
    body(page, "<form action='/next'><input name=q id=q></form>")
    click(page, "#q")
    since = page.mark()
    page.send("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    later = [
        page.send("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter", windowsVirtualKeyCode=13)
        for _ in range(200)
    ]
    page.wait_event("Page.frameNavigated", since=since)
    assert [page.answer(number) for number in later] == [{}] * len(later)


def test_a_canceled_mousedown_leaves_the_focus(page: CdpSession) -> None:
    body(page, "<input id=i><button id=b>B</button>")
    page.evaluate("b.addEventListener('mousedown', e => e.preventDefault()); i.focus(); 0")
    click(page, "#b")
    assert page.evaluate("document.activeElement.id") == "i"


@pytest.mark.parametrize(
    ("outer", "frame"),
    [
        ("<!doctype html><p>x<iframe src=/in></iframe><div style='height: 3000px'></div>", "iframe"),
        (
            "<!doctype html><iframe src=/in style='position: fixed; top: 20px'></iframe><p style='height: 3000px'>",
            "iframe",
        ),
        ("<frameset cols='200,*'><frame src=/next><frame src=/in></frameset>", "frame:last-child"),
    ],
)
def test_a_click_on_what_is_fixed_in_a_frame_that_is_scrolled(driver: Driver, outer: str, frame: str) -> None:
    inner = (
        "<!doctype html><button id=in style='position: fixed; top: 60px' onclick='top.hits = event.clientY'>in</button>"
    )
    with Site({"/": outer, "/in": f"{inner}<p style='height: 3000px'>", "/next": ""}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        page.evaluate(f"f = document.querySelector({frame!r}); f.contentWindow.scrollTo(0, 500); scrollTo(0, 80); 0")
        found = page.call("Runtime.evaluate", expression="f.contentDocument.getElementById('in')")["result"]
        page.call("DOM.scrollIntoViewIfNeeded", objectId=found["objectId"])
        quad = page.call("DOM.getContentQuads", objectId=found["objectId"])["quads"][0]
        for kind in ("mousePressed", "mouseReleased"):
            mouse(page, kind, {"x": quad[0] + 5, "y": quad[1] + 7}, clickCount=1)
        assert 60 <= page.evaluate("top.hits") <= 80
        assert page.evaluate("f.contentWindow.scrollY") == 500


def test_a_click_in_a_frame_and_in_a_shadow_tree(page: CdpSession) -> None:
    body(page, "<iframe id=f srcdoc='<button id=in>in</button>'></iframe><div id=h></div>")
    page.evaluate(
        """new Promise(done => {
          const loaded = () => {
            f.contentDocument.getElementById('in').onclick = e => log.push(e.isTrusted, e.clientX < 304);
            const root = h.attachShadow({mode: 'closed'});
            root.innerHTML = '<button>s</button>';
            root.firstChild.onclick = () => log.push('shadow');
            done();
          };
          f.contentDocument.getElementById('in') === null ? f.onload = loaded : loaded();
        })"""
    )
    x, y = page.evaluate("(() => { const r = f.getBoundingClientRect(); return [r.x + 20, r.y + 20] })()")
    for kind in ("mousePressed", "mouseReleased"):
        mouse(page, kind, {"x": x, "y": y}, clickCount=1)
    assert page.evaluate("[document.activeElement.id, f.contentDocument.activeElement.id]") == ["f", "in"]
    y = page.evaluate("h.getBoundingClientRect().bottom - 3")
    for kind in ("mousePressed", "mouseReleased"):
        mouse(page, kind, {"x": 12, "y": y}, clickCount=1)
    assert page.evaluate("log") == [True, True, "shadow"]


def test_the_answer_waits_for_a_dialog(page: CdpSession) -> None:
    body(page, "<button id=b onclick='log.push(confirm(\"sure?\"))'>B</button>")
    at = center(page, "#b")
    mouse(page, "mousePressed", at, clickCount=1)
    since = page.mark()
    release = page.send("Input.dispatchMouseEvent", type="mouseReleased", button="left", clickCount=1, **at)
    page.wait_event("Page.javascriptDialogOpening", since=since)
    assert f"#{release}" not in page.methods(since)
    page.call("Page.handleJavaScriptDialog", accept=True)
    page.answer(release)
    assert page.evaluate("log") == [True]


def test_a_press_outside_dismisses_popovers_and_dialogs(page: CdpSession) -> None:
    body(page, "<p id=out>out</p><div popover id=a>a<p id=in>in</p></div><dialog id=d closedby=any>d</dialog>")
    state = "[a.matches(':popover-open'), d.open]"
    page.evaluate("a.showPopover(); 0")
    click(page, "#in")
    assert page.evaluate(state) == [True, False]
    page.evaluate("out.click(); out.dispatchEvent(new PointerEvent('pointerup', {bubbles: true})); 0")
    assert page.evaluate(state) == [True, False]
    click(page, "#out")
    assert page.evaluate(state) == [False, False]
    page.evaluate("d.show(); 0")
    click(page, "#d")
    assert page.evaluate(state) == [False, True]
    click(page, "#out")
    assert page.evaluate(state) == [False, False]


def test_escape_closes_one_group_after_the_other(page: CdpSession) -> None:
    def escape() -> list[bool]:
        for kind in ("keyDown", "keyUp"):
            page.call("Input.dispatchKeyEvent", type=kind, key="Escape", code="Escape", windowsVirtualKeyCode=27)
        opened: list[bool] = page.evaluate("[d.open, a.matches(':popover-open')]")
        return opened

    body(
        page, "<p id=out>out</p><dialog id=d><button id=b popovertarget=a>B</button><div popover id=a>a</div></dialog>"
    )
    page.evaluate("d.showModal(); d.oncancel = (event) => event.preventDefault(); 0")
    click(page, "#b")
    assert page.evaluate("a.matches(':popover-open')")
    assert escape() == [True, False]
    # The page may not refuse what it opened without anybody's doing.
    assert escape() == [False, False]
    click(page, "#out")
    page.evaluate("d.showModal(); 0")
    # Somebody has acted: it may refuse once, and not for ever.
    assert [escape(), escape()] == [[True, False], [False, False]]


def test_a_pointer_hides_the_focus_and_a_key_shows_it(page: CdpSession) -> None:
    body(page, "<button id=b>B</button><div id=d tabindex=0>D</div><input id=i type=email><p id=p>P</p>")
    shown = "document.querySelector(':focus-visible')?.id ?? ''"
    click(page, "#b")
    assert page.evaluate(shown) == ""
    assert page.evaluate(f"d.focus(), {shown}") == ""
    assert page.evaluate(f"document.activeElement.blur(), b.focus(), {shown}") == ""
    key(page, "x", "x")
    assert page.evaluate(shown) == "b"
    assert page.evaluate(f"d.focus(), {shown}") == "d"
    click(page, "#i")
    assert page.evaluate(shown) == "i"
    type_text(page, "x")
    assert page.evaluate("i.matches(':user-invalid')") is False
    assert page.evaluate("i.blur(), i.matches(':user-invalid')") is True


def test_the_wheel(page: CdpSession) -> None:
    body(
        page,
        "<div id=s style='overflow: auto; height: 100px'><div style='height: 900px'></div></div><div style='height: 4000px'></div>",
    )
    page.evaluate("watch(s, 'wheel', 'scroll'); document.addEventListener('scroll', () => log.push('page')); 0")
    page.call("Input.dispatchMouseEvent", type="mouseWheel", x=10, y=30, deltaX=0, deltaY=120)
    assert page.evaluate("[s.scrollTop, scrollY]") == [120, 0]
    page.call("Input.dispatchMouseEvent", type="mouseWheel", x=10, y=700, deltaX=0, deltaY=120)
    page.evaluate("s.scrollTop = 5000; 0")
    assert page.evaluate("scrollY") == 0 or page.evaluate("scrollY") == 120
    assert page.evaluate("log")[:2] == ["wheel", "scroll"]
    body(page, "<div style='width: 5000px; height: 50px'></div>")
    page.call("Input.dispatchMouseEvent", type="mouseWheel", x=10, y=30, deltaX=100, deltaY=0)
    assert page.evaluate("[scrollX, scrollY]") == [100, 0]


def test_who_listens_passively_cannot_cancel_the_wheel(page: CdpSession) -> None:
    # https://w3c.github.io/uievents/#cancelability-of-wheel-events
    body(page, "<div id=s style='height: 4000px'></div>")
    page.evaluate(
        "log = []; note = (e) => { log.push(`${e.type} ${e.cancelable}`); e.preventDefault() };"
        "s.addEventListener('wheel', note, { passive: true }); addEventListener('wheel', note); 0"
    )
    page.call("Input.dispatchMouseEvent", type="mouseWheel", x=10, y=30, deltaX=0, deltaY=120)
    assert page.evaluate("[log, scrollY]") == [["wheel false", "wheel false"], 120]
    page.evaluate(
        "s.removeEventListener('wheel', note); s.addEventListener('mousewheel', note, { passive: false }); log = []; 0"
    )
    page.call("Input.dispatchMouseEvent", type="mouseWheel", x=10, y=30, deltaX=0, deltaY=120)
    assert page.evaluate("[log, scrollY]") == [["mousewheel true", "wheel true"], 120]
    page.evaluate("removeEventListener('wheel', note); scrollTo(0, 0); 0")


# -- text ------------------------------------------------------------------------------------------------------------------


def test_typing_into_a_field(page: CdpSession) -> None:
    body(page, "<input id=i maxlength=4><textarea id=t>ab</textarea>")
    page.evaluate(
        "watch(i, 'keydown', 'keypress', 'beforeinput', 'input', 'keyup', 'change');"
        "i.addEventListener('beforeinput', e => log.push(e.inputType + '=' + e.data)); 0"
    )
    click(page, "#i")
    type_text(page, "x")
    assert page.evaluate("log") == ["keydown", "keypress", "beforeinput", "insertText=x", "input", "keyup"]
    type_text(page, "12345")
    key(page, "ArrowLeft")
    key(page, "Backspace")
    assert page.evaluate("i.value") == "x13"
    key(page, "Home", modifiers=8)
    key(page, "Delete")
    assert page.evaluate("[i.value, i.selectionStart]") == ["3", 0]
    page.evaluate("log.length = 0; 0")
    key(page, "Tab")
    assert page.evaluate("[document.activeElement.id, log.at(-1)]") == ["t", "change"]
    type_text(page, "c")
    key(page, "Enter", "\r")
    page.call("Input.insertText", text="d\ne")
    assert page.evaluate("t.value") == "c\nd\neab"  # the cursor was at the start
    key(page, "a", modifiers=2)
    page.call("Input.insertText", text="all")
    assert page.evaluate("t.value") == "all"


def test_characters_alone_and_canceled_ones(page: CdpSession) -> None:
    body(page, "<input id=i>")
    page.evaluate("i.focus(); i.addEventListener('keypress', e => { if (e.key === 'n') e.preventDefault() }); 0")
    page.call("Input.dispatchKeyEvent", type="char", text="y")
    page.call("Input.dispatchKeyEvent", type="keyDown", key="n", text="n")
    assert page.evaluate("i.value") == "y"


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", "-1.5e2", "-1.5e2"),
        ("number", "1x2", "12"),
        ("date", "02/03/2024", "2024-02-03"),
        ("email", "a@b.c", "a@b.c"),
    ],
)
def test_typing_into_kinds_of_fields(page: CdpSession, kind: str, typed: str, value: str) -> None:
    body(page, f"<input id=i type={kind}>")
    page.evaluate("i.focus(); 0")
    type_text(page, typed)
    assert page.evaluate("i.value") == value


def test_filling_replaces_what_is_selected(page: CdpSession) -> None:
    body(page, "<input id=i type=number value=12>")
    page.evaluate("i.focus(); i.select(); 0")
    page.call("Input.insertText", text="7")
    assert page.evaluate("i.value") == "7"


def test_what_cannot_be_typed_into_says_so(page: CdpSession) -> None:
    body(page, "<input id=i type=time>")
    page.evaluate("i.focus(); 0")
    with pytest.raises(CdpRefusedError, match='type "time" is not supported by Sanderling'):
        page.call("Input.insertText", text="1")


def test_clicks_select_words_and_lines(page: CdpSession) -> None:
    body(page, "<input id=i value='one two'><p id=p>three four</p>")
    at = page.evaluate("(() => { const r = i.getBoundingClientRect(); return { x: r.x + 44, y: r.y + 5 } })()")
    selected: list[Json] = []
    for count in (1, 2, 3):
        mouse(page, "mousePressed", at, clickCount=count)
        mouse(page, "mouseReleased", at, clickCount=count)
        selected.append(page.evaluate("[i.selectionStart, i.selectionEnd]"))
    assert selected == [[6, 6], [4, 7], [0, 7]]
    click(page, "#p", count=3)
    assert page.evaluate("getSelection().toString()") == "three four"


def test_editable_elements(page: CdpSession) -> None:
    body(page, "<div id=d contenteditable></div>")
    page.evaluate("d.addEventListener('input', e => log.push(e.inputType)); 0")
    click(page, "#d")
    type_text(page, "ab")
    key(page, "Enter", "\r")
    type_text(page, "c")
    assert page.evaluate("d.innerHTML") == "ab<div>c</div>"
    key(page, "Backspace")
    page.call("Input.insertText", text="def")
    key(page, "a", modifiers=2)
    type_text(page, "z")
    assert page.evaluate("d.textContent") == "z"
    assert page.evaluate("log.slice(0, 4)") == ["insertText", "insertText", "insertParagraph", "insertText"]


def test_composition(page: CdpSession) -> None:
    body(page, "<input id=i value=a>")
    page.evaluate(
        "i.focus(); i.setSelectionRange(1, 1); watch(i, 'compositionstart', 'compositionupdate', 'compositionend'); 0"
    )
    page.call("Input.imeSetComposition", text="n", selectionStart=1, selectionEnd=1)
    page.call("Input.imeSetComposition", text="ni", selectionStart=2, selectionEnd=2)
    page.call("Input.insertText", text="\u4f60")
    assert page.evaluate("i.value") == "a\u4f60"
    assert page.evaluate("log") == ["compositionstart", "compositionupdate", "compositionupdate", "compositionend"]


def test_lines_typed_into_an_editable_element(page: CdpSession) -> None:
    body(page, "<div id=d contenteditable></div>")
    page.evaluate(
        "d.focus(); for (const type of ['beforeinput', 'textInput', 'input']) d.addEventListener(type, e => log.push([type, e.data])); 0"
    )
    page.call("Input.insertText", text="a\nb\n\nc")
    assert page.evaluate("d.innerHTML") == "a<div>b</div><div><br></div><div>c</div>"
    whole = "a\nb\n\nc"
    assert page.evaluate("log") == [
        ["beforeinput", whole],
        ["textInput", whole],
        *(["input", data] for data in ("a", None, "b", None, None, "c")),
    ]


def test_text_input_may_be_canceled(page: CdpSession) -> None:
    body(page, "<input id=i><div id=d contenteditable></div>")
    page.evaluate(
        "addEventListener('textInput', e => { log.push([e.constructor.name, e.data]); e.preventDefault() }); i.focus(); 0"
    )
    type_text(page, "x")
    page.evaluate("d.focus()")
    type_text(page, "y")
    assert page.evaluate("[i.value, d.innerHTML, ...log]") == ["", "", ["TextEvent", "x"], ["TextEvent", "y"]]


def test_keys_that_format(page: CdpSession) -> None:
    body(page, "<div id=d contenteditable>abc</div><div id=p contenteditable=plaintext-only>def</div>")
    page.evaluate(
        "for (const el of [d, p]) for (const type of ['beforeinput', 'input']) el.addEventListener(type, e => log.push(type + ' ' + e.inputType));"
        "d.focus(); getSelection().selectAllChildren(d)"
    )
    key(page, "b", modifiers=2)
    key(page, "i", modifiers=2)
    assert page.evaluate("d.innerHTML") == "<i><b>abc</b></i>"
    key(page, "b", modifiers=2)
    page.evaluate("d.addEventListener('beforeinput', e => e.preventDefault()); 0")
    key(page, "u", modifiers=2)
    page.evaluate("p.focus(); getSelection().selectAllChildren(p)")
    key(page, "b", modifiers=2)
    assert page.evaluate("[d.innerHTML, p.innerHTML]") == ["<i>abc</i>", "def"]
    assert page.evaluate("log") == [
        *("beforeinput formatBold", "input formatBold", "beforeinput formatItalic", "input formatItalic"),
        *("beforeinput formatBold", "input formatBold", "beforeinput formatUnderline"),
    ]


def test_what_is_pressed_keeps_the_selection(page: CdpSession) -> None:
    body(
        page,
        "<p id=t>text</p><button id=a><i>b</i></button><span style='user-select: none'><i id=b>n</i></span><input type=button id=c value=d>"
        "<canvas id=d></canvas><span style='user-select: none'><b style='user-select: text' id=e>s</b></span><input id=f>",
    )
    kept = []
    for name in ("#a i", "#b", "#c", "#d", "#e", "#f"):
        page.evaluate("getSelection().selectAllChildren(t)")
        click(page, name)
        kept.append(page.evaluate("getSelection().isCollapsed ? '' : String(getSelection())"))
    assert kept == ["text", "text", "text", "text", "", ""]


def test_a_finger_presses_as_hard_as_it_says(page: CdpSession) -> None:
    page.evaluate("addEventListener('pointerdown', (event) => log.push(event.pressure)); log.length = 0; 0")
    for point in ({"force": 0.25}, {}):
        page.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": 5, "y": 5, **point}])
        page.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    assert page.evaluate("log") == [0.25, 1]


# -- keys on controls ------------------------------------------------------------------------------------------------------


def test_tab_order(page: CdpSession) -> None:
    body(
        page,
        "<a>no</a><input id=a><input id=b tabindex=2><input id=c disabled><input id=d tabindex=-1><input id=e tabindex=1><button id=f>F</button>",
    )
    order = []
    for modifiers in (0, 0, 0, 0, 0, 0, 8, 8, 8):
        key(page, "Tab", modifiers=modifiers)
        order.append(page.evaluate("document.activeElement.id || document.activeElement.localName"))
    # Behind the last one, and before the first, are the browser's own controls.
    assert order == ["e", "b", "a", "f", "body", "e", "body", "f", "a"]


def test_select_by_keys(page: CdpSession) -> None:
    body(page, "<select id=s><option>one<option>two<option>three</select>")
    page.evaluate("watch(s, 'input', 'change'); s.focus(); 0")
    key(page, "ArrowDown")
    type_text(page, "th")
    assert page.evaluate("[s.value, ...log]") == ["three", "input", "change", "input", "change"]


def test_space_and_enter_press_buttons(page: CdpSession) -> None:
    body(
        page, "<button id=b onclick='log.push(event.detail)'>B</button><details id=d><summary>S</summary>text</details>"
    )
    page.evaluate("b.focus(); 0")
    key(page, " ", " ")
    key(page, "Enter", "\r")
    page.evaluate("d.firstChild.focus(); 0")
    key(page, "Enter", "\r")
    assert page.evaluate("[log, d.open]") == [[0, 0], True]


def test_the_space_bar_presses_only_what_it_went_down_on(page: CdpSession) -> None:
    body(page, "<button id=a onkeydown='b.focus()'>A</button><button id=b onclick='log.push(event.detail)'>B</button>")
    page.evaluate("a.focus(); 0")
    key(page, " ", " ")
    assert page.evaluate("[log, document.activeElement.id]") == [[], "b"]


def test_a_press_on_text_puts_the_selection_there(page: CdpSession) -> None:
    body(page, "<p id=p>text</p>")
    page.evaluate("getSelection().removeAllRanges()")
    mouse(page, "mousePressed", center(page, "#p"), clickCount=1)
    assert page.evaluate("[getSelection().type, getSelection().anchorNode === p.firstChild]") == ["Caret", True]


def test_unknown_commands_are_refused(page: CdpSession) -> None:
    with pytest.raises(CdpRefusedError, match="fly"):
        page.call("Input.dispatchKeyEvent", type="keyDown", key="x", commands=["fly"])


def test_editing_commands_by_blinks_names(page: CdpSession) -> None:
    body(page, "<textarea id=t>hello</textarea>")
    page.evaluate("t.focus()")
    for name in ("SelectAll", "Copy", "Paste", "Paste", "Undo", "Paste"):
        key(page, "a", modifiers=2, commands=[name])
    assert page.evaluate("t.value") == "hellohello"


# -- fingers and drags -----------------------------------------------------------------------------------------------------


def test_a_tap(page: CdpSession) -> None:
    body(page, "<button id=b>B</button>")
    page.evaluate(
        "watch(b, 'pointerdown','touchstart','pointerup','touchend','mousedown','mouseup','click');"
        "b.addEventListener('touchstart', e => log.push(e.touches.length)); 0"
    )
    at = center(page, "#b")
    page.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[at])
    page.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    assert page.evaluate("log") == [
        "pointerdown",
        "touchstart",
        1,
        "pointerup",
        "touchend",
        "mousedown",
        "mouseup",
        "click",
    ]
    page.evaluate("b.addEventListener('touchend', e => e.preventDefault()); log.length = 0; 0")
    page.call("Input.synthesizeTapGesture", **at)
    assert "click" not in page.evaluate("log")


DRAGGABLE = """<div id=a draggable=true>A</div><div id=z>Z</div>"""
DRAG_SCRIPT = """a.addEventListener('dragstart', e => e.dataTransfer.setData('text/plain', 'cargo'));
z.addEventListener('dragover', e => e.preventDefault()); z.addEventListener('drop', e => log.push(e.dataTransfer.getData('text')));
watch(a, 'dragstart', 'dragend', 'mousemove'); watch(z, 'dragenter', 'dragover', 'drop'); 0"""


def test_dragging_with_the_mouse(page: CdpSession) -> None:
    body(page, DRAGGABLE)
    page.evaluate(DRAG_SCRIPT)
    start, end = center(page, "#a"), center(page, "#z")
    mouse(page, "mousePressed", start, clickCount=1)
    page.evaluate("a.addEventListener('dragstart', e => { window.begun = [e.clientX, e.clientY] }); 0")
    mouse(page, "mouseMoved", {"x": start["x"] + 10, "y": start["y"]}, buttons=1)
    assert page.evaluate("begun") == [int(start["x"]), int(start["y"])]
    mouse(page, "mouseMoved", end, buttons=1)
    mouse(page, "mouseReleased", end, clickCount=1)
    assert page.evaluate("log") == ["mousemove", "dragstart", "dragenter", "dragover", "cargo", "drop", "dragend"]


def test_the_move_that_begins_a_drag_is_over_its_target(page: CdpSession) -> None:
    body(page, DRAGGABLE)
    page.evaluate(DRAG_SCRIPT)
    start, end = center(page, "#a"), center(page, "#z")
    mouse(page, "mousePressed", start, clickCount=1)
    mouse(page, "mouseMoved", end, buttons=1)
    assert page.evaluate("log") == ["dragstart", "dragenter", "dragover"]
    mouse(page, "mouseReleased", end, clickCount=1)
    assert page.evaluate("log.slice(3)") == ["cargo", "drop", "dragend"]


def test_an_intercepted_drag(page: CdpSession) -> None:
    body(page, DRAGGABLE)
    page.evaluate(DRAG_SCRIPT)
    page.call("Input.setInterceptDrags", enabled=True)
    start, end = center(page, "#a"), center(page, "#z")
    since = page.mark()
    mouse(page, "mousePressed", start, clickCount=1)
    mouse(page, "mouseMoved", end, buttons=1)
    data = page.wait_event("Input.dragIntercepted", since=since)["data"]
    assert data["items"] == [{"mimeType": "text/plain", "data": "cargo"}]
    for kind in ("dragEnter", "dragOver", "drop"):
        page.call("Input.dispatchDragEvent", type=kind, data=data, **end)
    assert page.evaluate("log") == [*("dragstart", "dragenter", "dragover"), *("dragover", "cargo", "drop", "dragend")]


def test_a_drag_from_outside(page: CdpSession) -> None:
    body(page, DRAGGABLE)
    page.evaluate(DRAG_SCRIPT)
    data = {"items": [{"mimeType": "text/plain", "data": "abroad"}], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        page.call("Input.dispatchDragEvent", type=kind, data=data, **center(page, "#z"))
    assert page.evaluate("log") == ["dragenter", "dragover", "dragover", "abroad", "drop"]


def test_a_frame_of_another_origin(driver: Driver) -> None:
    button = "<input id=i><div style='height: 900px'></div><button id=b onclick='log = event.isTrusted'>B</button>"
    with Site({"/in": button}) as other:
        far = other.url("/in").replace("127.0.0.1", "localhost")
        with Site({"/": f"<div style='height: 2000px'></div><iframe id=f src='{far}'></iframe>"}) as site:
            page = driver.new_page("Page", "Runtime")
            page.goto(site.url("/"))
            frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]["id"]
            contexts = [event["context"] for event in page.events("Runtime.executionContextCreated")]
            where = next(one["id"] for one in reversed(contexts) if one["auxData"]["frameId"] == frame)
            element = page.call("Runtime.evaluate", expression="f")["result"]["objectId"]
            described = page.call("DOM.describeNode", objectId=element)["node"]
            assert described["frameId"] == frame
            owner = page.call("DOM.getFrameOwner", frameId=frame)
            assert owner["backendNodeId"] == described["backendNodeId"]
            for target in ("i", "b"):
                handle = page.call("Runtime.evaluate", expression=target, contextId=where)["result"]["objectId"]
                node = page.call("DOM.describeNode", objectId=handle)["node"]
                assert page.call("DOM.describeNode", backendNodeId=node["backendNodeId"])["node"]["localName"] in (
                    "input",
                    "button",
                )
                page.call("DOM.scrollIntoViewIfNeeded", objectId=handle)
                (quad,) = page.call("DOM.getContentQuads", objectId=handle)["quads"]
                assert 0 <= quad[1] <= 720
                at = {"x": quad[0] + 3, "y": quad[1] + 3}
                mouse(page, "mousePressed", at, clickCount=1)
                mouse(page, "mouseReleased", at, clickCount=1)
                if target == "i":
                    type_text(page, "typed")
            assert page.evaluate("[i.value, log]", contextId=where) == ["typed", True]


def test_a_script_moves_the_focus_into_a_frame_of_another_origin(driver: Driver) -> None:
    with Site({"/in": "<input id=i>"}) as other:
        far = other.url("/in").replace("127.0.0.1", "localhost")
        with Site({"/": f"<input id=o><iframe id=f src='{far}'></iframe>"}) as site:
            page = driver.new_page("Page", "Runtime")
            page.goto(site.url("/"))
            frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]["id"]
            contexts = [event["context"] for event in page.events("Runtime.executionContextCreated")]
            where = next(one["id"] for one in reversed(contexts) if one["auxData"]["frameId"] == frame)
            has_focus = "document.hasFocus()"
            assert [page.evaluate(has_focus), page.evaluate(has_focus, contextId=where)] == [True, False]
            page.evaluate("i.focus()", contextId=where)
            assert [page.evaluate(has_focus), page.evaluate(has_focus, contextId=where)] == [True, True]
            type_text(page, "ab")
            assert page.evaluate("document.activeElement.id") == "f"
            page.evaluate("o.focus()")
            assert page.evaluate(has_focus, contextId=where) is False
            type_text(page, "c")
            # It still is the active element there, but the frame has lost the focus.
            page.evaluate("i.focus()", contextId=where)
            type_text(page, "d")
            assert page.evaluate("i.value", contextId=where) == "abd"
            assert page.evaluate("o.value") == "c"


def test_moves_with_the_button_down_select(page: CdpSession) -> None:
    body(
        page,
        "<textarea id=t>some text</textarea><p id=a>first</p><p id=b>second</p><p id=n style='user-select: none'>no</p>",
    )
    top = center(page, "#t")
    character = 13.3333 / 2
    start = {"x": page.evaluate("t.getBoundingClientRect().x") + 3 + 5 * character, "y": top["y"]}
    mouse(page, "mousePressed", start, clickCount=1)
    mouse(page, "mouseMoved", {"x": start["x"] + 2 * character, "y": start["y"]}, buttons=1)
    assert page.evaluate("[t.selectionStart, t.selectionEnd]") == [5, 7]
    mouse(page, "mouseMoved", {"x": 300, "y": 300}, buttons=1)
    mouse(page, "mouseReleased", {"x": 300, "y": 300}, clickCount=1)
    assert page.evaluate("[t.selectionStart, t.selectionEnd]") == [5, 9]
    mouse(page, "mouseMoved", start)
    assert page.evaluate("[t.selectionStart, t.selectionEnd]") == [5, 9]
    for first, last, wanted in (("a", "b", "rst\nse"), ("n", "b", "")):
        page.evaluate("getSelection().removeAllRanges(); document.activeElement.blur()")
        ends = [
            page.evaluate(f"(({{ x, y }}) => ({{ x: x + 16, y: y + 3 }}))({name}.getBoundingClientRect())")
            for name in (first, last)
        ]
        mouse(page, "mousePressed", ends[0], clickCount=1)
        mouse(page, "mouseMoved", ends[1], buttons=1)
        mouse(page, "mouseReleased", ends[1], clickCount=1)
        assert page.evaluate("getSelection().toString()").replace("\n", "") == wanted.replace("\n", "")


def test_where_the_cursor_is_at_first(page: CdpSession) -> None:
    body(page, "<input id=n type=number value=2><input id=t value=2>")
    for name in ("n", "t"):
        page.evaluate(f"{name}.focus()")
        type_text(page, "13")
    assert page.evaluate("[n.value, t.value]") == ["132", "132"]


def test_the_selection_of_a_field_is_the_text_that_is_selected(page: CdpSession) -> None:
    body(page, "<textarea id=t>some value</textarea><input id=p type=password value=secret>")
    page.evaluate("t.focus(); t.setSelectionRange(5, 10)")
    assert page.evaluate("getSelection().toString()") == "value"
    page.evaluate("p.focus(); p.select()")
    assert page.evaluate("getSelection().toString()") == ""


def test_a_click_on_the_text_of_an_element_without_a_box(page: CdpSession) -> None:
    body(page, "<div><button id=b style='display: contents'>text</button></div>")
    page.evaluate("watch(b, 'click'); 0")
    handle = page.call("Runtime.evaluate", expression="b")["result"]["objectId"]
    (quad,) = page.call("DOM.getContentQuads", objectId=handle)["quads"]
    at = {"x": quad[0] + 3, "y": quad[1] + 3}
    mouse(page, "mousePressed", at, clickCount=1)
    mouse(page, "mouseReleased", at, clickCount=1)
    assert page.evaluate("log") == ["click"]
    assert page.evaluate("[b.getBoundingClientRect().width, b.getClientRects().length, b.offsetHeight]") == [0, 0, 0]
    rect = page.evaluate(
        "(({ width, height }) => [width > 0, height > 0])"
        "((r => (r.selectNodeContents(b), r))(document.createRange()).getBoundingClientRect())"
    )
    assert rect == [True, True]


def test_mouse_events_have_whole_coordinates(page: CdpSession) -> None:
    body(page, "<div id=d style='height: 90px'></div>")
    page.evaluate(
        "for (const type of ['pointerdown', 'mousedown', 'click']) d.addEventListener(type, (e) => log.push(e.clientX)); 0"
    )
    at = {"x": 50.9, "y": page.evaluate("d.getBoundingClientRect().y") + 40.5}
    mouse(page, "mousePressed", at, clickCount=1)
    mouse(page, "mouseReleased", at, clickCount=1)
    down, pressed, clicked = page.evaluate("log")
    assert abs(down - 50.9) < 0.001
    assert (pressed, clicked) == (50, 50)


def test_keys_of_the_clipboard(page: CdpSession) -> None:
    body(page, "<input id=i value=abc><div id=d contenteditable>123</div><textarea id=t></textarea>")
    page.evaluate("for (const el of [i, d, t]) watch(el, 'copy', 'cut', 'paste', 'beforeinput', 'input'); 0")
    page.evaluate("i.focus(); i.setSelectionRange(1, 3)")
    key(page, "c", modifiers=2)
    page.evaluate("d.focus()")
    key(page, "a", modifiers=2)
    key(page, "v", modifiers=2)
    assert page.evaluate("[d.textContent, log]") == ["bc", ["copy", "paste", "beforeinput", "input"]]
    page.evaluate("log.length = 0; 0")
    key(page, "a", modifiers=2)
    key(page, "x", modifiers=2)
    assert page.evaluate("[d.textContent, log]") == ["", ["cut", "beforeinput", "input"]]
    page.evaluate("t.focus()")
    key(page, "v", modifiers=2)
    key(page, "v", modifiers=2)
    assert page.evaluate("t.value") == "bcbc"
    # A page that handles the event does it itself.
    page.evaluate("t.oncopy = (e) => { e.clipboardData.setData('text/plain', 'own'); e.preventDefault(); }; 0")
    page.evaluate(
        "t.onpaste = (e) => { seen = e.clipboardData.getData('text/plain'); e.preventDefault(); }; t.select()"
    )
    key(page, "c", modifiers=2)
    key(page, "v", modifiers=2)
    assert page.evaluate("[seen, t.value]") == ["own", "bcbc"]


def test_autofocus(driver: Driver) -> None:
    frame = "<iframe id=f srcdoc='<input autofocus>'></iframe>"
    pages = {
        "/": f"<input id=a><input id=b disabled autofocus><input id=c autofocus>{frame}",
        "/taken": "<input id=a><input id=c autofocus><script>a.focus()</script>",
        "/target": "<p id=p></p><input id=c autofocus>",
    }
    with Site(pages) as site:
        page = driver.new_page("Page", "Runtime")
        for path, wanted in (("/", "c"), ("/taken", "a"), ("/target#p", ""), ("/target", "c")):
            page.goto(site.url("/"))
            page.goto(site.url(path))
            assert page.evaluate("document.activeElement.id") == wanted, path
        page.goto("about:blank")
        page.evaluate("document.open(); document.write('<input id=w autofocus>'); document.close()")
        wait = "new Promise((done) => { const look = () => document.activeElement.id ? done(document.activeElement.id) : setTimeout(look); look() })"
        assert page.evaluate(wait) == "w"


def test_a_frame_has_the_focus_when_something_in_it_has(page: CdpSession) -> None:
    body(page, "<input id=o>")
    page.evaluate(
        "new Promise((done) => { const made = document.createElement('iframe'); made.id = 'f';"
        " made.srcdoc = '<input id=i>'; made.onload = () => done(); document.body.append(made) })"
    )
    focus = "[document.hasFocus(), f.contentDocument.hasFocus()]"
    assert page.evaluate(focus) == [True, False]
    page.evaluate("f.contentDocument.getElementById('i').focus()")
    assert page.evaluate(focus) == [True, True]
    page.evaluate("o.focus()")
    assert page.evaluate(focus) == [True, False]


def test_offsets_count_from_the_padding_edge(page: CdpSession) -> None:
    body(page, "<div id=d style='border: 8px solid; height: 40px'></div>")
    page.evaluate("d.onclick = (e) => log.push(e.offsetX, e.offsetY); 0")
    x, y = page.evaluate("(({ x, y }) => [x, y])(d.getBoundingClientRect())")
    at = {"x": x + 20, "y": y + 15}
    mouse(page, "mousePressed", at, clickCount=1)
    mouse(page, "mouseReleased", at, clickCount=1)
    assert page.evaluate("log") == [12, 7]


def test_pressure_and_angles_of_a_pointer_are_the_clients(page: CdpSession) -> None:
    page.evaluate(
        "document.body.innerHTML = '<button>b</button>';"
        "addEventListener('pointerdown', (e) => { globalThis.seen = [e.pressure, e.tiltX, e.tiltY, e.twist, e.tangentialPressure] })"
    )
    at = {"x": 5, "y": 5, "button": "left"}
    page.call("Input.dispatchMouseEvent", type="mousePressed", force=0.25, tiltX=3, tiltY=4, twist=5, **at)
    page.call("Input.dispatchMouseEvent", type="mouseReleased", **at)
    assert page.evaluate("seen") == [0.25, 3, 4, 5, 0]
    page.call("Input.dispatchMouseEvent", type="mousePressed", **at)
    assert page.evaluate("seen")[0] == 0.5


def test_a_drag_that_is_dropped_without_having_been_over_its_target(page: CdpSession) -> None:
    body(page, DRAGGABLE)
    page.evaluate(DRAG_SCRIPT)
    data = {"items": [{"mimeType": "text/plain", "data": "abroad"}], "dragOperationsMask": 1}
    for kind in ("dragEnter", "drop"):
        page.call("Input.dispatchDragEvent", type=kind, data=data, **center(page, "#z"))
    assert page.evaluate("log") == ["dragenter", "dragover", "abroad", "drop"]


def test_a_move_that_is_cancelled_begins_the_drag_all_the_same(page: CdpSession) -> None:
    body(page, DRAGGABLE)
    page.evaluate(DRAG_SCRIPT)
    page.evaluate("a.addEventListener('mousemove', (e) => e.preventDefault())")
    start = center(page, "#a")
    mouse(page, "mousePressed", start, clickCount=1)
    mouse(page, "mouseMoved", {"x": start["x"] + 10, "y": start["y"]}, buttons=1)
    assert page.evaluate("log")[:2] == ["mousemove", "dragstart"]


# What Chromium makes of the same keys; `|` is where the cursor stands, twice where something is selected.
EDITS = [
    ("<p>ab|cd</p>", ["End", "x"], "<p>abcdx</p>", "insertText 0.0:4-0.0:4"),
    ("<p>ab<b>cd</b>e|f</p>", ["Home", "x"], "<p>xab<b>cd</b>ef</p>", "insertText 0.0:0-0.0:0"),
    ("<p>ab|</p><p>cd</p>", ["ArrowDown", "x"], "<p>ab</p><p>cdx</p>", "insertText 1.0:2-1.0:2"),
    ("<p>ab|</p><p>cd</p>", ["ArrowRight", "x"], "<p>ab</p><p>xcd</p>", "insertText 1.0:0-1.0:0"),
    ("<p>ab</p>|", ["x"], "<p>abx</p>", "insertText 0.0:2-0.0:2"),
    ("<p>a|b</p>", [" ", "c"], "<p>a cb</p>", "insertText 0.0:1-0.0:1"),
    ("<p>ab|</p>", [" "], "<p>ab&nbsp;</p>", "insertText 0.0:2-0.0:2"),
    ("<p>ab</p><p>|cd</p>", ["Backspace"], "<p>abcd</p>", "deleteContentBackward 0.0:2-1:0"),
    ("<p>ab|</p><p>cd</p>", ["Delete"], "<p>abcd</p>", "deleteContentForward 0.0:2-1:0"),
    ("<p>ab</p><ul><li>|cd</li></ul>", ["Backspace"], "<p>abcd</p>", "deleteContentBackward 0.0:2-1.0:0"),
    ("<p>a|b</p><p>c|d</p>", ["x"], "<p>axd</p>", "insertText 0.0:1-1.0:1"),
    ("<p>a|</p>", ["Backspace"], "<p><br></p>", "deleteContentBackward 0.0:0-0.0:1"),
    ("<p>ab<img>|c</p>", ["Backspace"], "<p>abc</p>", "deleteContentBackward 0:1-0:2"),
    ("<p>a<b>b|</b>c</p>", ["Backspace"], "<p>ac</p>", "deleteContentBackward 0.1.0:0-0.1.0:1"),
    ("<p>a<b>b|c</b>d</p>", ["Enter"], "<p>a<b>b</b></p><p><b>c</b>d</p>", "insertParagraph 0.1.0:1-0.1.0:1"),
    ("<h1>abc|</h1>", ["Enter", "z"], "<h1>abc</h1><div>z</div>", "insertParagraph 0.0:3-0.0:3"),
    ("|", ["Enter", "a"], "<div><br></div><div>a</div>", "insertParagraph :0-:0"),
    ("<ul><li>a|</li></ul>", ["Enter", "Enter", "b"], "<ul><li>a</li></ul><div>b</div>", None),
    ("<p>a <b>b</b>|</p>", ["Backspace", "x"], "<p>a <b>x</b></p>", None),
    ("<p>|<font color=red>ab</font>|c</p>", ["x"], '<p><font color="#ff0000">x</font>c</p>', None),
    ("<table><td>a|<td>b</table>", ["Delete"], "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>", None),
]


@pytest.mark.parametrize(("markup", "keys", "result", "first"), EDITS)
def test_edits(page: CdpSession, markup: str, keys: list[str], result: str, first: str | None) -> None:
    body(page, "<div id=d contenteditable></div>")
    page.evaluate(
        """((markup) => {
            d.innerHTML = markup.replaceAll('|', '<a class=c></a>');
            d.focus();
            const places = [...d.querySelectorAll('.c')].map((mark) => {
                const { parentNode, previousSibling: text, nextSibling } = mark;
                const index = [...parentNode.childNodes].indexOf(mark);
                mark.remove();
                if (text?.nodeType === 3) {
                    const at = text.length;
                    if (nextSibling?.nodeType === 3) { text.appendData(nextSibling.data); nextSibling.remove(); }
                    return [text, at];
                }
                return nextSibling?.nodeType === 3 ? [nextSibling, 0] : [parentNode, index];
            });
            getSelection().setBaseAndExtent(...places[0], ...(places[1] ?? places[0]));
            const path = (node, at) => {
                let text = '';
                for (; node !== d; node = node.parentNode) {
                    text = [...node.parentNode.childNodes].indexOf(node) + (text && '.') + text;
                }
                return text + ':' + at;
            };
            d.addEventListener('beforeinput', (e) => {
                const [{ startContainer, startOffset, endContainer, endOffset }] = kept = e.getTargetRanges();
                log.push(e.inputType + ' ' + path(startContainer, startOffset) + '-' + path(endContainer, endOffset));
                last = e;
            });
        })("""
        + repr(markup)
        + "); 0"
    )
    for name in keys:
        key(page, name, {"Enter": "\r"}.get(name, name if len(name) == 1 else ""))
    assert page.evaluate("d.innerHTML") == result
    if first is not None:
        assert page.evaluate("log[0]") == first
    assert page.evaluate("[kept[0] instanceof StaticRange, last.getTargetRanges().length]") == [True, 0]


def test_the_first_move_of_the_mouse_comes_from_nowhere(page: CdpSession) -> None:
    body(page, "<p>x</p>")
    page.evaluate("window.moves = []; addEventListener('mousemove', (e) => moves.push([e.movementX, e.movementY])); 0")
    mouse(page, "mouseMoved", {"x": 30, "y": 40})
    mouse(page, "mouseMoved", {"x": 35, "y": 42})
    assert page.evaluate("moves") == [[0, 0], [5, 2]]
