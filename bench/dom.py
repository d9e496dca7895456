"""The DOM microbenchmark: the same script in every engine, medians of several runs."""

from __future__ import annotations

import statistics

import sanderling
from bench.peers import lightpanda
from bench.table import geometric_mean, show
from sanderling.testing.site import serve

RUNS = 15

SETUP = """
globalThis.bench = {
  reset() { document.body.textContent = ''; },
  create() {
    const root = document.createElement('div');
    for (let i = 0; i < 20000; i++) {
      const el = document.createElement('div');
      el.className = 'item c' + (i % 10);
      root.appendChild(el);
    }
    document.body.appendChild(root);
  },
  fill() {
    this.reset();
    const root = document.createElement('div');
    root.id = 'root';
    for (let i = 0; i < 2000; i++) {
      const el = document.createElement('section');
      el.className = 'item c' + (i % 10);
      el.id = 'n' + i;
      for (let j = 0; j < 4; j++) {
        const p = document.createElement('p');
        p.setAttribute('data-k', String(j));
        p.appendChild(document.createTextNode('text ' + j));
        el.appendChild(p);
      }
      root.appendChild(el);
    }
    document.body.appendChild(root);
  },
  walk() {
    let n = 0;
    const visit = (node) => { n++; for (let c = node.firstChild; c; c = c.nextSibling) visit(c); };
    for (let k = 0; k < 10; k++) visit(document.body);
    return n;
  },
  select() {
    let n = 0;
    for (let i = 0; i < 200; i++) {
      n += document.querySelectorAll('.c' + (i % 10) + ' > p:nth-child(2)').length;
      n += document.querySelector('#n' + (i * 7)) ? 1 : 0;
      n += document.getElementsByClassName('item').length;
      document.body.setAttribute('data-i', i);
    }
    return n;
  },
  html() {
    const host = document.createElement('div');
    let s = '';
    for (let i = 0; i < 200; i++) s += '<li class="row"><a href="/x/' + i + '">Item ' + i + '</a> <b>bold</b></li>';
    s = '<ul>' + s + '</ul>';
    for (let i = 0; i < 20; i++) host.innerHTML = s;
    return host.innerHTML.length;
  },
  move() {
    const root = document.getElementById('root');
    for (let i = 0; i < 20000; i++) root.insertBefore(root.lastChild, root.firstChild);
  },
  events() {
    const el = document.getElementById('n500').firstChild;
    let n = 0;
    const f = () => { n++; };
    document.body.addEventListener('ping', f);
    el.addEventListener('ping', f);
    for (let i = 0; i < 20000; i++) el.dispatchEvent(new Event('ping', { bubbles: true }));
    document.body.removeEventListener('ping', f);
    el.removeEventListener('ping', f);
    return n;
  },
  classes() {
    const list = document.querySelectorAll('.item');
    for (let k = 0; k < 10; k++) {
      for (let i = 0; i < list.length; i++) { list[i].classList.toggle('on'); list[i].classList.contains('on'); }
    }
  },
  attributes() {
    const list = document.querySelectorAll('p');
    let n = 0;
    for (let k = 0; k < 5; k++) {
      for (let i = 0; i < list.length; i++) { list[i].setAttribute('title', 't' + k); n += list[i].getAttribute('data-k').length; }
    }
    return n;
  },
};
"""

ROWS = {
    "create and append 20,000": "bench.create()",
    "walk": "bench.walk()",
    "selectors": "bench.select()",
    "innerHTML": "bench.html()",
    "insert/remove 20,000": "bench.move()",
    "dispatch 20,000": "bench.events()",
    "class toggles": "bench.classes()",
    "attributes": "bench.attributes()",
}


def _program() -> str:
    rows = ",".join(f"[{name!r}, () => {code}]" for name, code in ROWS.items())
    return (
        "(() => { " + SETUP + f"const rows = [{rows}]; const out = {{}};"
        "for (const [name, run] of rows) { bench.fill(); const t = performance.now(); run(); out[name] = performance.now() - t; } return out; })()"
    )


def main() -> None:
    """Run the table."""
    ours: dict[str, list[float]] = {name: [] for name in ROWS}
    theirs: dict[str, list[float]] = {name: [] for name in ROWS}
    program = _program()
    with serve() as site, sanderling.Browser() as browser, lightpanda() as peer:
        page = browser.new_page()
        page.goto(site.url)
        if peer is not None:
            peer.goto(site.url)
        for _ in range(RUNS):
            for name, value in page.evaluate(program).items():
                ours[name].append(value)
            if peer is not None:
                for name, value in peer.evaluate(program).items():
                    theirs[name].append(value)
    rows = []
    ratios = []
    for name in ROWS:
        mine = statistics.median(ours[name])
        if theirs[name]:
            peer_ms = statistics.median(theirs[name])
            ratios.append(max(mine, 0.01) / max(peer_ms, 0.01))
            rows.append((name, f"{mine:.2f}", f"{peer_ms:.2f}", f"{ratios[-1]:.2f}"))
        else:
            rows.append((name, f"{mine:.2f}", "-", "-"))
    if ratios:
        rows.append(("geometric mean", "", "", f"{geometric_mean(ratios):.2f}"))
    show("DOM microbenchmark, ms", ("row", "sanderling", "lightpanda", "ratio"), rows)
