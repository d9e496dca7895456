"""CSS as pages see it: declarations, rules, the cascade, media queries, and the flat layout. The checks are in `cases/`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from sanderling import Browser
from sanderling.browser.host_functions import FUNCTIONS
from sanderling.js.engine import Engine

CASES = Path(__file__).parent / "cases"
DEADLINE_S = 20.0

SWEEP = """
const values = ['auto', 'none', '10px', '50%', '1', 'red', 'url(a)', '"x"', '1px 2px', '1px 2px 3px 4px', 'inherit', 'calc(1px + 10%)', 'var(--x)',
  '1s', 'a, b', '!important', '}', '{', '(', '/', '1 / 2', 'min(1px, 2px)', 'rgb(1,2', '$', 'calc(1/0)', 'hsl(1 2% 3%)', ','];
const style = mk('div').style;
for (const name in style) {
  if (typeof style[name] !== 'string') continue;
  for (const value of values) {
    t(name, () => {
      style.cssText = '';
      style[name] = value;
      const once = style[name];
      const text = style.cssText;
      if (once !== '') style[name] = once;
      eq(style[name], once, `${name} = ${value}`);
      style.cssText = text;
      eq(style.cssText, text, `text of ${name} = ${value}`);
    });
  }
}
"""


async def _enter(blob: bytes, script: str) -> tuple[int, list[str]]:
    engine = Engine(blob, pure=FUNCTIONS)
    isolate = await engine.take()
    try:
        start = json.dumps({"kind": "window", "frame": 1, "url": "http://localhost/"})
        await isolate.enter("page.start", start, deadline_s=DEADLINE_S)
        source = f"(() => {{ {(CASES / 'prelude.js').read_text('utf-8')}\n{script}\nreturn JSON.stringify([checks, out]); }})()"
        entry = await isolate.enter(
            "script.bare", json.dumps({"source": source, "url": "test:"}), deadline_s=DEADLINE_S
        )
        checks, failures = json.loads(json.loads(entry.result))
        return checks, failures
    finally:
        isolate.close()
        engine.close()


def _run(blob: bytes, script: str) -> tuple[int, list[str]]:
    return asyncio.run(_enter(blob, script))


@pytest.mark.parametrize(
    "name",
    [
        "attributes",
        "declarations",
        "rules",
        "cascade",
        "colors",
        "scopes",
        "shared",
        "media",
        "view",
        "placed",
        "kept",
        "relayout",
    ],
)
def test_cases(blob: bytes, name: str) -> None:
    """Every check of a case file holds."""
    checks, failures = _run(blob, (CASES / f"{name}.js").read_text("utf-8"))
    assert not failures, "\n".join(failures)
    assert checks > 5


def test_a_failing_check_is_seen(blob: bytes) -> None:
    """The harness reports what is wrong."""
    assert _run(blob, "eq(1, 2, 'one'); t('two', () => { throw new Error('x'); });") == (
        1,
        ["one: got 1, not 2", "two: Error: x"],
    )


def test_values_survive_serialization(blob: bytes) -> None:
    """What any property gives back, it takes again."""
    checks, failures = _run(blob, SWEEP)
    assert not failures, "\n".join(failures)
    assert checks > 50_000


FOCUS_IN_TURN = """() => {
  const sheet = document.createElement('style');
  sheet.textContent = 'button:focus { top: 1px }';
  document.head.append(sheet);
  globalThis.refs = [];
  let before = null;
  for (let i = 0; i < 200; i++) {
    const el = document.createElement('button');
    el.ballast = new Array(1000).fill(i);
    document.body.append(el);
    getComputedStyle(el).top;
    el.focus();
    before?.remove();
    before = el;
    refs.push(new WeakRef(el));
  }
}"""
COLLECT = """() => {
  let ballast = [];
  for (let i = 0; i < 1000; i++) ballast = [i % 100 === 0 ? null : ballast, new Array(10000).fill(i)];
}"""


def test_styles_keep_nothing_alive_that_had_the_focus(browser: Browser) -> None:
    """The style of an element holds for what was focused then: it must not chain those that left the document."""
    with browser.new_page() as page:
        page.evaluate(FOCUS_IN_TURN)
        for _ in range(5):
            page.evaluate(COLLECT)
        assert page.evaluate("refs.filter((ref) => ref.deref() !== undefined).length") < 100
