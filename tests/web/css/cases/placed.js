// https://drafts.csswg.org/css-position-3/#abspos-layout, of boxes whose size is known

const rect = (el) => {
  const r = el.getBoundingClientRect();
  return [r.x, r.y, r.width, r.height];
};
const inside = (a, b) => a[0] >= b[0] && a[1] >= b[1] && a[0] + a[2] <= b[0] + b[2] && a[1] + a[3] <= b[1] + b[3];
const apart = (a, b) => a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
const at = (x, y) => document.elementFromPoint(x, y);

t('absolute', () => {
  const pad = mk('div', { style: 'position:absolute;left:50px;top:60px;width:200px;height:100px' }, 'pad');
  const after = mk('p', {}, 'after');
  eq(rect(pad), [50, 60, 200, 100], 'pad');
  eq(at(51, 61) === pad, true, 'first corner');
  eq(at(249, 159) === pad, true, 'last corner');
  eq(at(251, 161) === pad, false, 'beyond');
  eq(apart(rect(pad), rect(after)), true, 'what follows has another place');
  pad.style.left = 'auto';
  pad.style.right = '10px';
  eq(rect(pad), [innerWidth - 210, 60, 200, 100], 'right');
  pad.style.top = 'auto';
  pad.style.bottom = '20px';
  eq(rect(pad), [innerWidth - 210, innerHeight - 120, 200, 100], 'bottom');
  pad.style.cssText = 'position:absolute;inset:10px 20px 30px 40px';
  eq(rect(pad), [40, 10, innerWidth - 60, innerHeight - 40], 'between its edges');
  pad.style.cssText = 'position:absolute;left:10%;top:50px;width:50%;height:25%';
  eq(rect(pad), [innerWidth / 10, 50, innerWidth / 2, innerHeight / 4], 'percentages of the viewport');
  pad.style.cssText = 'position:absolute;left:10px;top:50px;width:20px;height:30px;margin:5px;padding:1px;border:2px solid';
  eq(rect(pad), [15, 55, 26, 36], 'margins, padding and border');
  pad.remove();
});

t('in a containing block', () => {
  const outer = mk('div', { style: 'position:absolute;left:100px;top:300px;width:300px;height:200px;border:1px solid' });
  const mid = document.createElement('div');
  const inner = document.createElement('button');
  outer.append(mid);
  mid.append(inner);
  inner.style.cssText = 'position:absolute;right:10px;bottom:10px;width:50px;height:20px;box-sizing:border-box';
  eq(rect(outer), [100, 300, 302, 202], 'outer');
  eq(rect(inner), [341, 471, 50, 20], 'from the padding edge');
  eq(inner.offsetParent === outer, true, 'offsetParent');
  eq(at(342, 472) === inner, true, 'hit');
  outer.style.position = 'static';
  eq(rect(inner), [innerWidth - 60, innerHeight - 30, 50, 20], 'from the viewport');
  outer.remove();
});

t('below the fold', () => {
  const below = mk('button', { style: 'position:absolute;top:2500px;left:20px;width:120px;height:30px' }, 'below');
  eq(rect(below)[1], 2500, 'where it is');
  eq(H.scrollHeight >= 2530, true, 'the page reaches so far');
  below.scrollIntoView({ block: 'end' });
  eq(rect(below)[1] + 30, innerHeight, 'scrolled');
  eq(at(21, innerHeight - 1) === below, true, 'hit');
  scrollTo(0, 0);
  below.style.left = (innerWidth + 500) + 'px';
  below.style.top = '0px';
  eq(H.scrollWidth, innerWidth + 620, 'the page reaches to the right');
  scrollTo(9999, 0);
  eq(scrollX, 620, 'scrolled to the right');
  scrollTo(0, 0);
  below.remove();
});

t('fixed', () => {
  const bar = mk('div', { style: 'position:fixed;left:0;top:0;width:100%;height:40px' });
  const links = [];
  for (let i = 0; i < 9; i++) {
    links[i] = document.createElement('a');
    links[i].textContent = 'link';
    bar.append(links[i]);
  }
  const tall = mk('div', { style: 'height:3000px' });
  eq(rect(bar), [0, 0, innerWidth, 40], 'at the top');
  eq(apart(rect(bar), rect(tall)), true, 'what follows begins below it');
  for (let i = 0; i < 9; i++) eq(inside(rect(links[i]), rect(bar)), true, 'link ' + i);
  eq(apart(rect(links[0]), rect(links[1])), true, 'links have places of their own');
  scrollTo(0, 1000);
  eq(rect(bar), [0, 0, innerWidth, 40], 'scrolled');
  eq(rect(tall)[1] < 0, true, 'the rest has scrolled');
  const r = rect(links[8]);
  eq(at(r[0] + r[2] / 2, r[1] + r[3] / 2) === links[8], true, 'above what is below it');
  scrollTo(0, 0);
  bar.remove();
  tall.remove();
});

t('what is above', () => {
  const place = 'position:absolute;left:0;top:0;width:100px;height:100px;';
  const one = mk('div', { style: place + 'z-index:2' });
  const two = mk('div', { style: place });
  const three = mk('div', { style: place + 'z-index:1' });
  const back = mk('div', { style: place + 'z-index:-1' });
  eq(document.elementsFromPoint(50, 50).slice(0, 3).map((e) => [one, two, three].indexOf(e)), [0, 2, 1], 'by z-index');
  eq(document.elementsFromPoint(50, 50).indexOf(back) > 3 || at(50, 50) !== back, true, 'below');
  const child = document.createElement('div');
  child.style.cssText = place + 'z-index:999';
  three.append(child);
  eq(at(50, 50) === one, true, 'inside of its own stacking context');
  one.style.visibility = 'hidden';
  eq(at(50, 50) === child, true, 'what is not visible is not hit');
  for (const el of [one, two, three, back]) el.remove();
});

t('unknown sizes stay in the column', () => {
  const nav = mk('div', { style: 'position:fixed;top:0;left:0;right:0' });
  for (let i = 0; i < 60; i++) nav.append(document.createElement('p'));
  const after = mk('p', {}, 'after');
  eq(apart(rect(nav), rect(after)), true, 'apart');
  nav.remove();
  const box = mk('div', { style: 'position:relative' });
  const head = document.createElement('h2');
  head.textContent = 'Title';
  const close = document.createElement('button');
  close.textContent = 'x';
  close.style.cssText = 'position:absolute;top:0;right:0';
  box.append(head, close);
  const r = rect(head);
  eq(at(r[0] + r[2] / 2, r[1] + r[3] / 2) === head, true, 'a small button in a corner does not hide a title');
  const c = rect(close);
  eq(at(c[0] + c[2] / 2, c[1] + c[3] / 2) === close, true, 'and can be hit');
  eq(c[0] + c[2], rect(box)[0] + rect(box)[2], 'in its corner');
  box.remove();
});

t('beside', () => {
  // A handle that stands at a side takes no row of what is around it, which then hides nothing.
  const outer = mk('div', { style: 'position:relative;width:600px' });
  const text = document.createElement('p');
  text.textContent = 'text';
  const bar = document.createElement('div');
  bar.style.cssText = 'position:absolute;left:0;right:0;top:0';
  const handle = document.createElement('button');
  handle.textContent = '+';
  handle.style.cssText = 'position:absolute;right:10px;width:30px';
  bar.append(handle);
  outer.append(text, bar);
  const [x, , width, height] = rect(handle);
  eq([x, width, height > 0], [rect(outer)[0] + 560, 30, true], 'at its side');
  eq(at(rect(text)[0] + 300, rect(text)[1] + 1) === text, true, 'the text is not hidden');
  eq(at(x + 1, rect(handle)[1] + 1) === handle, true, 'and the handle can be hit');
  outer.remove();
});

t('cells of a row', () => {
  const around = mk('div', { style: 'width:300px' });
  around.innerHTML = '<table><thead><tr><th>a</th><th colspan=2>b</th></tr></thead><tbody><tr><td>1</td><td><button>2</button></td><td>3</td></tr><tr><td style="width:58px">4</td><td>5</td><td>6</td></tr></tbody></table>';
  const [table, head, body] = ['table', 'thead', 'tbody'].map((name) => rect(around.querySelector(name)));
  const cells = [...around.querySelectorAll('th, td')];
  const rects = cells.map(rect);
  const lefts = rects.map((r) => Math.round(r[0] - table[0]));
  eq([lefts[2], lefts[3], lefts[4]], [lefts[5], lefts[6], lefts[7]], 'columns stand under each other');
  eq([lefts[0] === lefts[2], lefts[1] === lefts[3], lefts[5] + rects[5][2] + 2 === lefts[6]], [true, true, true], 'beside each other');
  eq([rects[5][2], rects[1][2]], [60, rects[3][2] + 2 + rects[4][2]], 'a width that is given, and a cell of two columns');
  eq(rects[2][1] === rects[3][1] && rects[3][1] === rects[4][1], true, 'one row begins at one height');
  eq(rects[5][1] >= rects[3][1] + rects[3][3], true, 'the next row is below the highest cell');
  eq([head[1], head[1] + head[3], body[1] + body[3]], [table[1], body[1], table[1] + table[3] - 2], 'a table is its rows');
  for (const el of [...cells, around.querySelector('button')]) {
    const r = el.getBoundingClientRect();
    eq(el.contains(at(r.x + r.width / 2, r.y + r.height / 2)), true, `${el.textContent} can be pointed at`);
  }
  around.remove();
});

t('items of a grid', () => {
  const items = (text, markup) => {
    const grid = mk('div', { style: `display:grid;line-height:20px;width:300px;grid-template-columns:${text}` });
    grid.innerHTML = markup;
    const [x, y] = rect(grid);
    const out = [...grid.children].map((el) => rect(el)).map((r) => [r[0] - x, r[1] - y, r[2]]);
    const pointed = [...grid.children].every((el) => {
      const r = el.getBoundingClientRect();
      return r.height === 0 || el.contains(at(r.x + r.width / 2, r.y + r.height / 2));
    });
    eq(pointed, true, `${text}: all can be pointed at`);
    grid.remove();
    return out;
  };
  eq(items('repeat(3, 1fr)', '<div>a</div><div>b</div><div>c</div><div>d</div>'), [[0, 0, 100], [100, 0, 100], [200, 0, 100], [0, 20, 100]], 'equal columns');
  eq(items('100px 1fr 25%; column-gap:5px', '<div>a</div><div>b<br>b</div><div>c</div><div>d</div>').map((r) => r.slice(0, 1)), [[0], [105], [225], [0]], 'of several kinds');
  eq(items('repeat(auto-fill, minmax(90px, 1fr))', '<div>a</div><div>b</div>'), [[0, 0, 100], [100, 0, 100]], 'as many as there is room for');
  eq(items('[start] 1fr [mid] 2fr', '<div>a</div><div hidden>b</div><div>c</div>').filter((r) => r[2] > 0), [[0, 0, 100], [100, 0, 200]], 'lines with names, and an item that is not shown');
  eq(items('1fr 1fr 1fr', '<div style="grid-column:span 2">a</div><div style="grid-column:span 2">b</div><div style="grid-column:1 / -1">c</div>'), [[0, 0, 200], [0, 20, 200], [0, 40, 300]], 'items of several columns');
  eq(items('1fr 1fr', '<div style="width:40px">a</div><div style="width:50%">b</div>').map((r) => r[2]), [40, 75], 'items with widths of their own');
  eq(items('auto auto', '<div>a</div><div>b</div>'), [[0, 0, 150], [150, 0, 150]], 'by their content, and larger');
  eq(items('1fr 1fr', '<div style="grid-column:2">a</div><div>b</div>'), [[150, 0, 150], [0, 20, 150]], 'an item that says where it stands');
  eq(items('100px 1fr;grid-template-areas:"a b" "a c"', '<div style="grid-area:a">a</div><div style="grid-area:c">c</div><div style="grid-area:b">b</div>'), [[0, 0, 100], [100, 20, 200], [100, 0, 200]], 'areas');
});

t('rows without cells', () => {
  const around = mk('div', { style: 'display:table-row' }, 'text');
  eq(rect(around)[3], 18, 'text has its line');
  around.innerHTML = '<p>one</p><p>two</p>';
  const [one, two] = [...around.children].map(rect);
  eq(apart(one, two), true, 'what is no cell has a row of its own');
  around.remove();
});

t('tables narrower than their content', () => {
  const around = mk('div', { style: 'width:0' });
  around.innerHTML = '<table style="width:0"><td style="width:1%">content</table>';
  eq([...around.querySelectorAll('table, td')].every((el) => rect(el)[2] >= 56), true, 'their longest word has room');
  around.remove();
});
