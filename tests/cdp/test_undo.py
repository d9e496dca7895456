"""Undo and redo in fields and editable elements, by keys and by script; the expectations were seen in Chromium."""

from __future__ import annotations

import pytest

from tests.cdp.driver import CdpSession, Driver

CTRL = 2
SHIFT = 8
STATE = "[i.value, i.selectionStart, t.value, d.innerHTML, document.activeElement.id]"


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    session = driver.new_page("Page", "Runtime")
    session.evaluate(
        "document.body.innerHTML = '<input id=i value=start><textarea id=t></textarea><div id=d contenteditable>hello</div>';"
        "var log = []; for (const type of ['beforeinput', 'input'])"
        " document.addEventListener(type, e => log.push(`${type}:${e.inputType}:${e.target.id}`));"
        "i.focus(); i.setSelectionRange(5, 5); 0"
    )
    return session


def key(page: CdpSession, name: str, text: str = "", modifiers: int = 0) -> None:
    kind = "keyDown" if text else "rawKeyDown"
    page.call("Input.dispatchKeyEvent", type=kind, key=name, text=text, modifiers=modifiers)


def write(page: CdpSession, text: str) -> None:
    for letter in text:
        key(page, letter, letter)


def undo(page: CdpSession) -> None:
    key(page, "z", modifiers=CTRL)


def redo(page: CdpSession) -> None:
    key(page, "Z", modifiers=CTRL | SHIFT)


def test_typing_is_one_step(page: CdpSession) -> None:
    write(page, "abc")
    page.evaluate("log.length = 0")
    undo(page)
    assert page.evaluate(STATE) == ["start", 5, "", "hello", "i"]
    redo(page)
    assert page.evaluate(STATE) == ["startabc", 8, "", "hello", "i"]
    assert page.evaluate("log") == [f"{t}:history{k}:i" for k in ("Undo", "Redo") for t in ("beforeinput", "input")]
    undo(page)
    key(page, "y", modifiers=CTRL)
    assert page.evaluate("i.value") == "startabc"


def test_deleting_begins_a_step_in_which_typing_goes_on(page: CdpSession) -> None:
    write(page, "abc")
    key(page, "Backspace")
    key(page, "Backspace")
    write(page, "x")
    undo(page)
    assert page.evaluate("i.value") == "startabc"
    undo(page)
    assert page.evaluate("i.value") == "start"
    write(page, "n")
    redo(page)
    assert page.evaluate("i.value") == "startn", "a new step leaves nothing to do again"


def test_a_cursor_that_was_moved_ends_a_step(page: CdpSession) -> None:
    write(page, "m")
    page.evaluate("i.setSelectionRange(0, 0)")
    write(page, "n")
    undo(page)
    assert page.evaluate("i.value") == "startm"


def test_steps_lead_through_the_fields(page: CdpSession) -> None:
    page.evaluate("t.focus()")
    write(page, "A")
    page.evaluate("i.focus(); i.select()")
    write(page, "B")
    undo(page)
    assert page.evaluate(STATE) == ["start", 0, "A", "hello", "i"]
    undo(page)
    assert page.evaluate(STATE) == ["start", 0, "", "hello", "t"]


def test_text_that_the_page_set_stays(page: CdpSession) -> None:
    write(page, "abc")
    page.evaluate("i.value = 'set'")
    undo(page)
    assert page.evaluate("i.value") == "set"


def test_an_editable_element_gets_its_nodes_back(page: CdpSession) -> None:
    page.evaluate("d.focus(); getSelection().collapse(d.firstChild, 5); var first = d.firstChild; 0")
    write(page, " wo")
    key(page, "Enter", "\r")
    write(page, "z")
    assert page.evaluate("d.innerHTML") == "hello wo<div>z</div>"
    undo(page)
    assert page.evaluate("[d.innerHTML, d.firstChild === first]") == ["hello", True]
    redo(page)
    assert page.evaluate("[d.innerHTML, getSelection().anchorNode.data, getSelection().anchorOffset]") == [
        *("hello wo<div>z</div>", "z", 1)
    ]
    key(page, "Backspace")
    key(page, "Backspace")
    assert page.evaluate("d.innerHTML") == "hello wo"
    undo(page)
    assert page.evaluate("d.innerHTML") == "hello wo<div>z</div>"


def test_what_the_page_took_apart_is_left_alone(page: CdpSession) -> None:
    page.evaluate("d.focus(); getSelection().collapse(d.firstChild, 5); 0")
    key(page, "Enter", "\r")
    page.evaluate("d.innerHTML = '<b>other</b>'")
    undo(page)
    assert page.evaluate("d.innerHTML") == "<b>other</b>"


def test_a_handler_may_refuse(page: CdpSession) -> None:
    write(page, "a")
    page.evaluate("document.addEventListener('beforeinput', e => e.preventDefault(), { once: true }); 0")
    undo(page)
    assert page.evaluate("i.value") == "starta"
    undo(page)
    assert page.evaluate("i.value") == "start"


def test_scripts_may_ask_for_it(page: CdpSession) -> None:
    enabled = "[document.queryCommandEnabled('undo'), document.queryCommandEnabled('redo')]"
    assert page.evaluate(enabled) == [False, False]
    assert page.evaluate("document.execCommand('insertText', false, 'xy')") is True
    assert page.evaluate(enabled) == [True, False]
    page.evaluate("log.length = 0")
    assert page.evaluate("[document.execCommand('undo'), i.value, document.execCommand('undo')]") == [
        True,
        "start",
        False,
    ]
    assert page.evaluate("log") == ["input:historyUndo:i"]
    assert page.evaluate("[document.execCommand('redo'), i.value]") == [True, "startxy"]
    page.call("Input.dispatchKeyEvent", type="rawKeyDown", key="z", commands=["undo"])
    assert page.evaluate("i.value") == "start"
