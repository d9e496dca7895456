"""Pages that nest, repeat and multiply without measure: each ends with an error or finishes, and the next page is fine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sanderling import Browser, Context, JavaScriptError, Page

DEEP = 20_000

TREE = """
const N = DEEP;
function deep(count = N) {
  const top = document.createElement('div');
  let at = top;
  for (let i = 1; i < count; i++) at = at.appendChild(document.createElement('div'));
  at.append('bottom');
  return top;
}
function innermost(node) {
  while (node.firstElementChild !== null) node = node.firstElementChild;
  return node;
}
function nested(make, count = N) {
  let value = make();
  for (let i = 0; i < count; i++) value = make(value);
  return value;
}
function shown() {
  const top = deep();
  document.body.append(top);
  return top;
}
function withControl() {
  const form = document.createElement('form');
  form.append(deep());
  innermost(form).append(document.createElement('input'));
  return form;
}
function framesInFrames() {
  for (let n = 0, window = globalThis; ; n++) {
    const frame = window.document.body.appendChild(window.document.createElement('iframe'));
    if (frame.contentWindow === null) return n;
    window = frame.contentWindow;
  }
}
function doubling(style) {
  for (let i = 0; i < 60; i++) style.setProperty('--a' + i, `var(--a${i + 1}) var(--a${i + 1})`);
  style.setProperty('--a60', 'x');
  return getComputedStyle(document.body).getPropertyValue('--a0');
}
function styled(property, value) {
  document.body.style[property] = value;
  return document.body.style[property];
}
function inARow(style, count) {
  for (let i = 0; i < count; i++) style.setProperty('--b' + i, `var(--b${i + 1})`);
  style.setProperty('--b' + count, 'x');
  const computed = getComputedStyle(document.body);
  return [computed.getPropertyValue('--b0'), computed.getPropertyValue('--b' + (count - 10))];
}
function manyVariables(style, count) {
  for (let i = 0; i < count; i++) style.setProperty('--m' + i, i);
  return document.body.getAttribute('style').split(';').length - 1;
}
function sharingAnId(count) {
  document.body.innerHTML = '<p id=same></p>'.repeat(count);
  let n = 0;
  for (let first; (first = document.getElementById('same')) !== null && first === document.body.firstChild; n++) first.remove();
  return [n, document.getElementById('same')];
}
function counted(count) {
  let n = 0;
  customElements.define('x-a', class extends HTMLElement { connectedCallback() { n++ } });
  document.body.innerHTML = '<x-a></x-a>'.repeat(count);
  return n;
}
function makesItself() {
  customElements.define('x-r', class extends HTMLElement { connectedCallback() { this.append(document.createElement('x-r')) } });
  document.body.append(document.createElement('x-r'));
}
function setAndCleared(count) {
  let n = 0;
  for (; n < count; n++) clearTimeout(setTimeout(() => 0, 1e9, new ArrayBuffer(1 << 18)));
  return n;
}
function sheet(text) {
  const style = document.createElement('style');
  style.textContent = text;
  document.head.append(style);
  return style.sheet;
}
""".replace("DEEP", str(DEEP))

FINISH: dict[str, tuple[str, Any]] = {
    "cloneNode": ("deep().cloneNode(true).textContent", "bottom"),
    "innerHTML": ("deep().innerHTML.length", (DEEP - 1) * 11 + 6),
    "innerHTML, set": ("document.body.innerHTML = '<div>'.repeat(N), document.querySelectorAll('div').length", DEEP),
    "normalize": ("deep().normalize()", None),
    "compareDocumentPosition": ("((top) => top.compareDocumentPosition(innermost(top)))(deep())", 20),
    "contains": ("((top) => top.contains(innermost(top)))(deep())", True),
    "isEqualNode": ("deep().isEqualNode(deep())", True),
    "adoptNode": ("document.implementation.createHTMLDocument('').adoptNode(deep()).textContent", "bottom"),
    "importNode": ("document.implementation.createHTMLDocument('').importNode(deep(), true).textContent", "bottom"),
    "into the document and out of it": ("((top) => { top.remove(); return top.isConnected })(shown())", False),
    "TreeWalker": ("((w) => { let n = 0; while (w.nextNode()) n++; while (w.previousNode()) n--; return n })(document.createTreeWalker(deep()))", 0),
    "NodeIterator": ("((w) => { let n = 0; while (w.nextNode()) n++; return n })(document.createNodeIterator(deep()))", DEEP + 1),
    "selectors": ("(document.body.append(deep()), document.querySelectorAll('div > div:not(:has(div)), div + p').length)", 1),
    "closest": ("innermost(deep()).closest('p')", None),
    "XPath": ("((top) => document.evaluate('count(.//div)', top, null, 1, null).numberValue)(deep())", DEEP - 1),
    "DOMParser": ("new DOMParser().parseFromString('<a>'.repeat(N) + '</a>'.repeat(N), 'text/xml').documentElement.localName", "a"),
    "an event, not composed, through all of it": (
        "((top) => { let n = 0; top.addEventListener('x', () => n++); innermost(top).dispatchEvent(new Event('x', { bubbles: true })); return n })(deep())",
        1,
    ),
    "a click": ("((top) => { let n = 0; top.onclick = () => n++; innermost(top).click(); return n })(shown())", 1),
    "layout": ("shown().getBoundingClientRect().height > 0", True),
    "computed style": ("((top) => { top.style.color = 'red'; return getComputedStyle(innermost(top)).color })(shown())", "rgb(255, 0, 0)"),
    "a form control": ("withControl().elements.length", 1),
    "templates": ("document.body.innerHTML = '<template>'.repeat(2000) + 'x', document.body.cloneNode(true).innerHTML.length", 2000 * 21 + 1),
    "document.write": ("document.write('<div>'.repeat(N)), document.querySelectorAll('div').length", DEEP),
    "console.log": ("console.log(nested((inner) => ({ inner })))", None),
    "console.log of proxies": ("console.log(nested((inner) => new Proxy(inner ?? {}, {})))", None),
    "nested rules": ("sheet('a{'.repeat(10000) + 'color:red' + '}'.repeat(10000)).cssRules[0].cssText.length > 0", True),
    "nested media rules": ("(sheet('@media all{'.repeat(9999) + 'p{top:0}' + '}'.repeat(9999)), getComputedStyle(document.body).color)", "rgb(0, 0, 0)"),
    ":is in :is": ("document.querySelectorAll(':is('.repeat(10000) + 'a' + ')'.repeat(10000)).length", 0),
    "a selector list": ("document.querySelectorAll(Array(20000).fill('a').join(',')).length", 0),
    "XMLSerializer": ("new XMLSerializer().serializeToString(deep(100000)).length", 1_100_000 + len('bottom xmlns="http://www.w3.org/1999/xhtml"')),
    "calc()": ("styled('width', 'calc(' + '('.repeat(10000) + '1px' + ')'.repeat(10000) + ')')", ""),
    "var()": ("styled('color', 'var(--x,'.repeat(10000) + 'red' + ')'.repeat(10000))", ""),
    "@supports": ("CSS.supports('not ('.repeat(20000) + 'color:red' + ')'.repeat(20000))", False),
    "@media": ("matchMedia('('.repeat(20000) + 'min-width:1px' + ')'.repeat(20000)).matches", False),
    "rules in rules of lists": (
        "(sheet('a, body {'.repeat(30) + '& { color: red }' + '}'.repeat(30)), getComputedStyle(document.body).color)", "rgb(0, 0, 0)"
    ),
    "variables in a row": ("inARow(document.body.style, 5000)", ["", "x"]),
    "an inherited variable": ("((top) => { top.style.setProperty('--x', 1); return getComputedStyle(innermost(top)).getPropertyValue('--x') })(shown())", "1"),
    "elements with one id": ("sharingAnId(20000)", [20000, None]),
    "many variables": ("manyVariables(document.body.style, 5000)", 5000),
    "variables that double": ("doubling(document.body.style)", ""),
    "custom elements": ("counted(50000)", 50000),
    "an element that makes itself": ("makesItself()", None),
    "frames in frames": ("framesInFrames() < 100", True),
    "timers that are set and cleared": ("setAndCleared(6000)", 6000),
    "frames": ("(document.body.innerHTML = '<iframe></iframe>'.repeat(2000), frames.length)", 1000),
}  # fmt: skip

OVERFLOW = {
    "structuredClone": "structuredClone(nested((inner) => ({ inner }), 100000))",
    "postMessage": "postMessage(nested((inner) => [inner], 100000), '*')",
    "pushState": "history.pushState(nested((inner) => ({ inner }), 100000), '')",
    ":not in :not": "document.querySelector(':not('.repeat(10000) + 'a' + ')'.repeat(10000))",
    "XPath": "document.evaluate('('.repeat(20000) + '1' + ')'.repeat(20000), document, null, 0, null)",
    "XPath, or": "document.evaluate(Array(20000).fill('1').join(' or '), document, null, 0, null)",
    "an element whose constructor makes another": (
        "(customElements.define('x-q', class extends HTMLElement { constructor() { super(); new this.constructor() } }), new (customElements.get('x-q')))"
    ),
}


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    with Browser() as browser, browser.new_context() as one:
        yield one


@pytest.fixture
def page(context: Context) -> Iterator[Page]:
    """A page, and after it a next one."""
    with context.new_page() as one:
        one.set_content("<!doctype html><title>Hostile</title><body>")
        yield one
        assert one.evaluate("1 + 1") == 2
    with context.new_page() as following:
        assert following.evaluate("document.createElement('p').outerHTML") == "<p></p>"


@pytest.mark.parametrize("name", FINISH)
def test_what_is_nested_or_many_finishes(page: Page, name: str) -> None:
    source, expected = FINISH[name]
    assert page.evaluate(f"(() => {{ {TREE}; return {source} }})()") == expected


@pytest.mark.parametrize("name", OVERFLOW)
def test_what_is_nested_too_deep_is_an_error(page: Page, name: str) -> None:
    with pytest.raises(JavaScriptError):
        page.evaluate(f"(() => {{ {TREE}; return {OVERFLOW[name]} }})()")


def test_web_workers_that_make_web_workers_come_to_an_end(page: Page) -> None:
    source = """(() => {
      const text = `onmessage = ({ data }) => {
        const url = URL.createObjectURL(new Blob([data]));
        for (let i = 0; i < 2; i++) {
          const worker = new Worker(url);
          worker.onmessage = (event) => postMessage(event.data);
          worker.onerror = (event) => { event.preventDefault(); postMessage('refused') };
          worker.postMessage(data);
        }
      }`;
      const first = new Worker(URL.createObjectURL(new Blob([text])));
      first.postMessage(text);
      return new Promise((done) => { first.onmessage = (event) => { first.terminate(); done(event.data) } });
    })()"""
    assert page.evaluate(source) == "refused"
