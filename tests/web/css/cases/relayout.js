// https://drafts.csswg.org/cssom-view/
// A layout takes over what a change does not concern: after each of a row of changes at random, boxes, hit tests and sizes equal those of a layout of everything.

const rules = `.abs{position:absolute;left:30px;top:10px;width:120px;height:45px} .side{position:absolute;right:0;width:60px} .rel{position:relative} .z{position:relative;z-index:2} .under{position:relative;z-index:-1}
.fix{position:fixed;top:0;right:0;width:80px;height:30px} .foot{position:fixed;bottom:0;left:0;width:100%;height:24px} .half{width:50%} .px{width:140px;padding:3px} .tall{height:90px} .low{height:15px} .none{display:none}
.contents{display:contents} .inline{display:inline} .flex{display:flex} .grid{display:grid} .columns{display:grid;grid-template-columns:repeat(3, 1fr);padding:4px} .spans{grid-column:span 2} .table{display:table;width:40px} .move{transform:translate(10px, 5px)} .dead{pointer-events:none} .gone{visibility:hidden}
.big{font-size:30px} .em{width:4em;height:2em} .open .low{height:60px} .open + .half{width:25%} .tall ~ .px{width:100px} .rel:has(.low){padding-top:12px} .px:nth-child(2n){height:33px} .box:empty{height:7px}
.pre::before{content:'x'} .open .pre::before{content:none} .focus:focus{height:50px} [data-k] .half{width:75%} .wide{width:2000px} .bar{--h:40px} .var{height:var(--h)} .cb:checked + .box{height:66px} .heir{position:inherit;width:inherit;height:inherit}
.first:first-child{height:41px} .last:last-child{height:42px} .row{display:table-row} .cell{display:table-cell} .once:only-child{height:43px} .near + .near + .near{height:44px} .low:first-child + .near{height:45px} .tall:nth-last-child(2){height:46px}`;
const tags = ['div', 'section', 'span', 'p', 'ul', 'li', 'table', 'tr', 'td', 'img', 'input', 'details', 'summary', 'button', 'slot', 'b'];
const names = rules.match(/\.[a-z]+/g).map((name) => name.slice(1));

for (const [start, styled] of [[1, true], [2, true], [3, true], [4, false], [5, true]]) {
  t(`row ${start}`, () => {
    let seed = start * 7919;
    const random = (n) => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return (seed >> 8) % n;
    };
    const sheet = css(rules);
    if (!styled) sheet.remove();
    const root = mk('main');
    const inner = (node) => [...node.querySelectorAll('*')].flatMap((el) => (el.shadowRoot === null ? [el] : [el, ...inner(el.shadowRoot)]));
    const one = () => {
      const el = document.createElement(tags[random(tags.length)]);
      for (let i = random(3); i > 0; i--) el.classList.add(names[random(names.length)]);
      if (el.localName === 'input') Object.assign(el, { type: 'checkbox', className: 'cb' });
      if (random(3) > 0) el.append('some text');
      return el;
    };
    const some = (depth) => {
      const el = one();
      if (depth > 0) for (let i = random(4); i > 0; i--) el.append(some(depth - 1));
      if (depth === 2 && random(8) === 0 && ['div', 'section', 'p', 'span'].includes(el.localName)) el.attachShadow({ mode: 'open' }).innerHTML = '<b>in <i>it</i></b><slot></slot><p><slot name=s>else</slot></p>';
      return el;
    };
    const seen = () => {
      const lines = [document.documentElement, document.body, ...inner(document.body)].map((el) => {
        const box = el.getBoundingClientRect();
        return `${el.outerHTML.slice(0, 60)}: ${box.x} ${box.y} ${box.width} ${box.height} ${el.offsetTop} ${el.scrollHeight}`;
      });
      for (let i = 0; i < 6; i++) lines.push(`hit ${i}: ${document.elementsFromPoint(20 + i * 60, 15 + i * 90).map((el) => el.outerHTML.slice(0, 40))}`);
      lines.push(`${document.documentElement.scrollHeight} ${document.documentElement.scrollWidth}`);
      return lines;
    };
    for (let i = 0; i < 6; i++) root.append(some(3));
    const probe = document.createElement('input');
    for (let step = 0; step < 25; step++) {
      const list = inner(root);
      const el = list[random(list.length)] ?? root;
      const other = list[random(list.length)] ?? root;
      const what = random(16);
      switch (what) {
        case 0: el.append(some(1)); break;
        case 1: el.before(one()); break;
        case 2: if (list.length > 30) el.remove(); break;
        case 3: el.className = `${names[random(names.length)]} ${names[random(names.length)]}`; break;
        case 4: case 5: el.classList.toggle(names[random(names.length)]); break;
        case 6: el.toggleAttribute('data-k'); break;
        case 7: el.style.cssText = ['', 'height:25px', 'position:absolute;top:5px;width:30px;height:30px', 'display:none', '--h:9px', 'font-size:9px', 'transform:none'][random(7)]; break;
        case 8: if (el.lastChild?.nodeType === 3) el.lastChild.data = random(2) === 1 ? ' ' : 'more text'; else el.append('t'); break;
        case 9: el.textContent = random(2) === 1 ? '' : 'new'; break;
        case 10: el.innerHTML = '<p class=half>a</p><p class="abs dead">b</p><div class=box></div>'; break;
        case 11: if (el.localName === 'details') el.open = !el.open; else if (el.localName === 'input') el.checked = !el.checked; else el.hidden = !el.hidden; break;
        case 12: if (el.localName === 'img') el.setAttribute('height', random(60)); else el.setAttribute('slot', random(2) === 1 ? 's' : ''); break;
        case 13: el.tabIndex = 0; el.focus(); break;
        default: if (!el.contains(other) && !other.contains(el)) other[random(2) === 1 ? 'append' : 'prepend'](el); break;
      }
      if (random(3) === 0) continue;      // several changes at once
      const kept = seen();
      probe.checked = !probe.checked;     // what may concern anything, so nothing is kept
      const anew = seen();
      eq(kept.filter((line, i) => line !== anew[i]), [], `step ${step}, change ${what}`);
    }
    root.remove();
    sheet.remove();
  });
}
