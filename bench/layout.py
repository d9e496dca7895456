"""What a change costs on a page of some 5,000 elements and 3,000 rules, when its boxes are asked for at once."""

from __future__ import annotations

import statistics

import sanderling
from bench.table import show
from sanderling.testing.site import serve

RUNS = 5

SETUP = """
globalThis.bench = {
  page() {
    let css = '.card:hover{top:1px} .list>li+li{margin-top:1px} .list>li:first-child{padding-top:2px} .badge:empty{display:none}';
    for (let i = 0; i < 1000; i++) css += `.u${i}{padding:${i % 9}px} .card .u${i}{margin:1px} a.u${i}:hover{color:red}`;
    css += '.open .body{height:40px} .active{opacity:.5} .bar{position:absolute;top:0;right:0;width:50px;height:20px} .card{position:relative}';
    const style = document.createElement('style');
    style.textContent = css;
    document.head.append(style);
    let html = '<main><ul class=list id=list></ul>';
    for (let i = 0; i < 600; i++) {
      html += `<div class="card u${i}" id=c${i}><img alt=""><div class="body u3"><h5 class=u1>t</h5><p class=u2>text <b>b</b></p>`;
      html += '<a class="u5" href="#">go</a><span class=badge></span></div></div>';
    }
    document.body.innerHTML = html + '</main>';
    return document.documentElement.offsetHeight;
  },
  each(count, change) {
    const start = performance.now();
    let sum = 0;
    for (let i = 0; i < count; i++) sum += change(i, document.getElementById('c' + i * 7 % 600));
    return (performance.now() - start) / count;
  },
};
"""

ROWS = {
    "first layout": "(() => { document.body.textContent = ''; const t = performance.now(); bench.page(); return performance.now() - t; })()",
    "class of one element": "bench.each(100, (i, el) => { el.classList.toggle('active'); return el.getBoundingClientRect().top; })",
    "class that its children see": "bench.each(100, (i, el) => { el.classList.toggle('open'); return el.offsetHeight; })",
    "class of the body": "bench.each(10, (i, el) => { document.body.classList.toggle('open'); return el.offsetTop; })",
    "height by its style": "bench.each(100, (i, el) => { el.style.height = `${20 + i}px`; return el.offsetHeight; })",
    "transform": "bench.each(100, (i, el) => { el.style.transform = `translateY(${i}px)`; return el.offsetTop; })",
    "text": "bench.each(100, (i, el) => { el.querySelector('h5').textContent = i; return el.offsetWidth; })",
    "data attribute": "bench.each(1000, (i, el) => { el.setAttribute('data-x', i); return el.offsetWidth; })",
    "50 rows appended": """bench.each(40, () => {
      const list = document.getElementById('list');
      for (let i = 0; i < 50; i++) {
        const row = Object.assign(document.createElement('li'), { className: 'u4', innerHTML: `<span class=badge>${i}</span> row` });
        list.append(row);
      }
      return document.documentElement.offsetHeight;
    })""",
}


def main() -> None:
    """Run the table."""
    results: dict[str, list[float]] = {name: [] for name in ROWS}
    with serve() as site, sanderling.Browser() as browser:
        for _ in range(RUNS):
            with browser.new_page() as page:
                page.goto(site.url)
                page.evaluate(f"(() => {{ {SETUP} }})()")
                for name, code in ROWS.items():
                    results[name].append(page.evaluate(code))
    rows = [(name, f"{statistics.median(times):.2f}") for name, times in results.items()]
    show("changes and boxes, ms each", ("change", "sanderling"), rows)
