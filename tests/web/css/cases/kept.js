// https://drafts.csswg.org/css-cascade-5/#cascading
// Cascades are kept over changes that do not concern them: after each of a row of changes, what is kept equals what is computed anew.

css(`.a{color:rgb(1,0,0)} .b .a{color:rgb(2,0,0)} .a + .c{width:3px} .b ~ .c .a{height:4px} li:first-child{margin-top:5px} li:last-child .a{margin-left:6px}
:nth-child(2n+1){padding-top:7px} .d:has(.a){opacity:.5} .e:empty{min-width:9px} .f:not(.a){font-size:20px} .f .b{width:2em} [data-q] .a{z-index:3}
[data-q=x] + *{z-index:4} .g:hover .a{top:1px} :focus{left:2px} input:checked + .c{right:3px} .c:nth-last-child(2){bottom:5px}
.a.b.c{color:red !important} .h{--v:3px} .a{border-top-left-radius:var(--v)} fieldset:disabled .c{order:3} :disabled{order:4} .c:only-child{flex-grow:2}
.b:is(.c,.d) > .a{flex-shrink:4} .c::before{content:"x"} [title=t]{word-spacing:3px} .c:nth-child(1 of .a){row-gap:2px}
.d{position:absolute;left:3px;width:50%;height:30px} .g .c{padding:3px;border:1px solid;width:90px} .e{display:none} .c .d{order:inherit;width:inherit} .a:first-child + .d{row-gap:9px} .h + .h + .h{row-gap:8px} .h .b{transform:scale(2);display:inline-block} .f > .g{position:fixed;top:0;right:0;z-index:2}`);
const tags = ['div', 'li', 'span', 'p', 'fieldset', 'legend', 'input', 'ul', 'button'];
const classes = 'abcdefgh';
const properties = ['color', 'width', 'height', 'margin-top', 'margin-left', 'padding-top', 'opacity', 'min-width', 'font-size', 'z-index', 'top', 'left', 'right', 'bottom', 'border-top-left-radius',
  'order', 'flex-grow', 'flex-shrink', 'row-gap', 'word-spacing', 'display', 'cursor', 'outline-style'];

for (let start = 1; start <= 3; start++) {
  t(`row ${start}`, () => {
    let seed = start;
    const random = (n) => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return (seed >> 8) % n;
    };
    const root = mk('div');
    const all = () => [...root.querySelectorAll('*')];
    const one = () => {
      const el = document.createElement(tags[random(tags.length)]);
      for (let i = random(4); i > 0; i--) el.classList.add(classes[random(8)]);
      if (el.localName === 'input') el.type = 'checkbox';
      return el;
    };
    const seen = () => all().map((el) => {
      const style = getComputedStyle(el);
      const box = el.getBoundingClientRect();
      return `${el.outerHTML.slice(0, 60)}: ${box.x} ${box.y} ${box.width} ${box.height} ${properties.map((name) => style.getPropertyValue(name)).join('|')} ${getComputedStyle(el, '::before').content}`;
    });
    root.append(one(), one());
    const sheet = document.createElement('style');
    sheet.textContent = '.nobody { color: red }';
    for (let step = 0; step < 60; step++) {
      const list = all();
      const el = list[random(list.length)] ?? root;
      const other = list[random(list.length)] ?? root;
      const what = random(13);
      switch (what) {
        case 0: case 1: el.append(one()); break;
        case 2: el.before(one()); break;
        case 3: if (list.length > 20) el.remove(); break;
        case 4: el.className = `${classes[random(8)]} ${classes[random(8)]}`; break;
        case 5: el.classList.toggle(classes[random(8)]); break;
        case 6: el.toggleAttribute('data-q'); break;
        case 7: el.setAttribute('data-q', 'x'); break;
        case 8: if (el.localName === 'input') el.checked = !el.checked; else el.append('t'); break;
        case 9: el.style.setProperty('--v', `${random(9)}px`); break;
        case 10: el.style.fontSize = `${random(30)}px`; break;
        case 11: if (el.disabled === undefined) el.hidden = !el.hidden; else el.disabled = !el.disabled; break;
        default:
          if (!el.contains(other) && !other.contains(el)) other.append(el);
          else if (random(2) === 1) el.title = 't';
          else el.focus();
      }
      const kept = seen();
      document.head.append(sheet);    // changes every sheet, so nothing is kept
      const anew = seen();
      sheet.remove();
      seen();
      eq(kept.filter((line, i) => line !== anew[i]), [], `step ${step}, change ${what}`);
    }
    root.remove();
  });
}

t('slots by hand', () => {
  const host = mk('div');
  host.attachShadow({ mode: 'open', slotAssignment: 'manual' }).innerHTML = '<style>.big { font-size: 9px } ::slotted(.b) { top: 3px }</style><p><slot></slot></p><p class=big><slot></slot></p>';
  const child = document.createElement('i');
  child.className = 'b';
  host.append(child);
  const style = getComputedStyle(child);
  const [first, second] = host.shadowRoot.querySelectorAll('slot');
  const seen = () => [style.top, style.fontSize];
  eq(seen(), ['', ''], 'in no slot');
  first.assign(child);
  eq(seen(), ['3px', '16px'], 'in the first');
  second.assign(child);
  eq(seen(), ['3px', '9px'], 'in the second');
  second.assign();
  eq(seen(), ['', ''], 'in none again');
  host.remove();
});

t('direction by text', () => {
  for (const name of ['bdi', 'div']) {
    const el = mk(name, name === 'bdi' ? {} : { dir: 'auto' }, '\u05d0');
    eq(getComputedStyle(el).direction, 'rtl', name);
    el.firstChild.data = 'a';
    eq(getComputedStyle(el).direction, 'ltr', `${name}, changed`);
    el.remove();
  }
});

t('direction by attributes', () => {
  const root = mk('div', { dir: 'rtl' });
  root.innerHTML = '<p><input type=tel></p>';
  const input = root.querySelector('input');
  const style = getComputedStyle(input);
  const seen = [style.direction];
  for (const change of [() => { input.type = 'text'; }, () => { root.dir = 'ltr'; }, () => { input.dir = 'AUTO'; input.value = '\u05d0'; }, () => { input.value = 'a'; }, () => { root.dir = 'rtl'; input.removeAttribute('dir'); }]) {
    change();
    seen.push(style.direction);
  }
  eq(seen, ['ltr', 'rtl', 'ltr', 'rtl', 'ltr', 'rtl'], 'as they change');
  root.remove();
});

t('sizes of containers around', () => {
  const sheet = css('.inner { container-type: inline-size } @container (width >= 300px) { .inner::before { color: rgb(1, 2, 3) } }');
  const outer = mk('div', { style: 'width: 200px' });
  outer.innerHTML = '<div class=inner></div>';
  const style = getComputedStyle(outer.firstChild, '::before');
  const before = style.color;
  outer.style.width = '300px';
  eq([before, style.color], ['rgb(0, 0, 0)', 'rgb(1, 2, 3)'], 'colour by the width of what is around the container');
  outer.remove();
  sheet.remove();
});

t('siblings of what & stands for', () => {
  const sheet = css('.near + .c { & .x { color: red } & + .b + .d { z-index: 5 } }');
  const root = mk('div');
  root.innerHTML = '<i></i><i class=c></i><i class=b></i><i class=d></i>';
  const style = getComputedStyle(root.lastChild);
  eq(style.zIndex, 'auto', 'without the first');
  root.firstChild.className = 'near';
  eq(style.zIndex, '5', 'three siblings away');
  root.remove();
  sheet.remove();
});
