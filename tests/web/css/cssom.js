// https://drafts.csswg.org/cssom/
'use strict';

function sheetOf(t, text) {
  const style = document.createElement('style');
  style.textContent = text;
  document.head.append(style);
  t.add_cleanup(() => style.remove());
  return style.sheet;
}

function elementOf(t, style, parent = document.body) {
  const el = document.createElement('div');
  el.style.cssText = style;
  parent.append(el);
  t.add_cleanup(() => el.remove());
  return el;
}

for (const [text, wanted] of [
  ['*|div', 'div'], ['*|*', '*'], ['*:not( :active )', ':not(:active)'], ['[|lang]', '[lang]'], [':after', '::after'], ['a:BEFORE', 'a::before'], ['A>B', 'A > B'], ['[a=b I]', '[a="b" i]'],
  [':nth-child( +n + 7 )', ':nth-child(n+7)'], [':nth-child(odd of a,b)', ':nth-child(2n+1 of a, b)'], [':nth-last-of-type(-N- 1)', ':nth-last-of-type(-n-1)'], [':nth-child(1n+0)', ':nth-child(n)'],
  [':is(a,:nope, b)', ':is(a, :nope, b)'], [':lang("de",fr)', ':lang("de", fr)'], ['::part(a  b):hover', '::part(a b):hover'], ['::slotted( div.x )::before', '::slotted(div.x)::before'], ['.\\31 a', '.\\31 a'],
]) {
  test((t) => {
    const [rule] = sheetOf(t, text + ' {}').cssRules;
    assert_equals(rule.selectorText, wanted);
    rule.selectorText = '???';
    assert_equals(rule.selectorText, wanted);
  }, 'selectorText of ' + text);
}

test((t) => {
  const sheet = sheetOf(t, '@namespace "http://www.w3.org/1999/xhtml"; @namespace s "http://www.w3.org/2000/svg"; s|a, a, s|*.c, *|b, |c, [s|d] { color: red }');
  assert_equals(sheet.cssRules[2].selectorText, 's|a, a, s|*.c, *|b, |c, [s|d]');
  const g = document.createElementNS('http://www.w3.org/2000/svg', 'a');
  document.body.append(g);
  t.add_cleanup(() => g.remove());
  assert_equals(getComputedStyle(g).color, 'rgb(255, 0, 0)');
  sheet.cssRules[2].selectorText = 'a';
  assert_equals(getComputedStyle(g).color, 'rgb(0, 0, 0)');
  assert_throws_dom('InvalidStateError', () => sheet.deleteRule(0));
  assert_throws_dom('SyntaxError', () => sheet.insertRule('t|a {}', 3));
}, 'namespaces of a sheet hold in its selectors');

test((t) => {
  const sheet = sheetOf(t, '@media all { a {} } .x { & > b {} c {} }');
  const [media, style] = sheet.cssRules;
  assert_throws_dom('HierarchyRequestError', () => media.insertRule('@import url(a.css);'));
  assert_throws_dom('HierarchyRequestError', () => media.insertRule('@namespace url(a);'));
  assert_throws_dom('SyntaxError', () => sheet.insertRule('p {} garbage'));
  assert_throws_dom('SyntaxError', () => sheet.insertRule('p {} q {}'));
  assert_throws_dom('IndexSizeError', () => media.insertRule('???', 9));
  assert_equals(style.cssRules[1].selectorText, '& c');
  assert_equals(style.cssText, '.x {\n  & > b { }\n  & c { }\n}');
}, 'errors of insertRule(), and nested rules');

test((t) => {
  const sheet = sheetOf(t, '@page a:First { margin: 1px; transform: none; size: A4 Landscape; @top-left { color: red } } @keyframes "none" { from { top: 0; animation-name: x; left: 0 !important } }'
    + '@font-face { font-family: F; src: url(x.woff); color: red; unicode-range: U+0-7F } @counter-style c { system: cyclic; symbols: a b } @property --p { syntax: "*"; inherits: maybe }');
  const [page, frames, face, counter] = sheet.cssRules;
  assert_equals(sheet.cssRules.length, 4);
  assert_equals(page.cssText, '@page a:first { margin: 1px; size: a4 landscape; @top-left { color: red; } }');
  page.selectorText = ':nope';
  page.style.setProperty('transform', 'none');
  assert_equals(page.style.length, 5);
  assert_equals(page.selectorText, 'a:first');
  assert_equals(page.cssRules[0].constructor, CSSMarginRule);
  assert_equals(frames.cssText, '@keyframes "none" {\n  0% { top: 0px; }\n}');
  assert_equals(face.style.src, 'url("x.woff")');
  assert_equals(face.style.fontFamily, 'F');
  assert_equals(face.style.length, 3);
  counter.suffix = '" "';
  assert_equals(counter.cssText, '@counter-style c { system: cyclic; symbols: a b; suffix: " "; }');
}, 'at-rules take what may stand in them');

test((t) => {
  const outer = elementOf(t, 'position: relative; width: 300px; height: 200px; padding: 50px');
  const inset = (style) => {
    const { top, right, bottom, left } = getComputedStyle(elementOf(t, style, outer));
    return [top, right, bottom, left].join(' ');
  };
  assert_equals(inset('top: 10%'), '10% auto auto auto');
  assert_equals(inset('position: relative; top: 10%; right: 5px'), '20px 5px -20px -5px');
  assert_equals(inset('position: absolute; top: 10%; left: calc(10% - 1px); bottom: 50%; right: 0'), '30px 0px 150px 39px');
  assert_equals(inset('position: absolute; bottom: 3px; right: 4px'), '297px 4px 3px 396px');
  assert_equals(inset('position: absolute; top: 1px; left: 2px; width: 10px; height: 20px'), '1px 388px 279px 2px');
  assert_equals(inset('position: sticky; top: 10%'), innerHeight / 10 + 'px auto auto auto');
  outer.style.transform = 'scale(1)';
  assert_equals(inset('position: fixed; top: 10%; left: 10%'), '30px 360px 270px 40px');
}, 'insets resolve to used values');

test((t) => {
  assert_equals(getComputedStyle(elementOf(t, 'line-height: 1.5; font-size: 20px')).lineHeight, '30px');
  assert_equals(getComputedStyle(elementOf(t, 'color: red')).caretColor, 'rgb(255, 0, 0)');
  assert_equals(getComputedStyle(elementOf(t, 'color: Menu')).color, 'rgb(255, 255, 255)');
  assert_equals(getComputedStyle(elementOf(t, 'width: 40px; margin: auto', elementOf(t, 'width: 60px'))).marginLeft, '10px');
  const host = elementOf(t, '');
  const inner = elementOf(t, '', elementOf(t, '', host));
  assert_equals(getComputedStyle(inner).color, 'rgb(0, 0, 0)');
  host.attachShadow({ mode: 'open' });
  assert_equals(getComputedStyle(inner).color, '');
  assert_equals(getComputedStyle(inner).length, 0);
}, 'resolved values');

test((t) => {
  const el = elementOf(t, 'width: 100px; height: 40px; transform: translateX(50%) TRANSLATEY(25%) scale(2)');
  assert_equals(el.style.transform, 'translateX(50%) translateY(25%) scale(2)');
  assert_equals(getComputedStyle(el).transform, 'matrix(2, 0, 0, 2, 50, 10)');
  el.style.transform = 'rotate(90deg)';
  assert_equals(getComputedStyle(el).transform, 'matrix(0, 1, -1, 0, 0, 0)');
  el.style.transform = 'translate3d(1px, 2px, 3px)';
  assert_equals(getComputedStyle(el).transform, 'matrix3d(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 3, 1)');
}, 'transforms resolve to a matrix');

test((t) => {
  const el = elementOf(t, 'background-image: url(a.png); box-shadow: inset 1px 2px red, 3px 4px; color: blue');
  assert_equals(getComputedStyle(el).backgroundImage, 'url("' + new URL('a.png', document.baseURI) + '")');
  assert_equals(getComputedStyle(el).boxShadow, 'rgb(255, 0, 0) 1px 2px 0px 0px inset, rgb(0, 0, 255) 3px 4px 0px 0px');
  const sheet = new CSSStyleSheet({ baseURL: '/x/y/' });
  sheet.replaceSync('.img { background-image: url(b.png) !important }');
  document.adoptedStyleSheets = [sheet];
  t.add_cleanup(() => {
    document.adoptedStyleSheets = [];
  });
  el.className = 'img';
  assert_equals(getComputedStyle(el).backgroundImage, 'url("' + new URL('/x/y/b.png', location.href) + '")');
}, 'URLs are resolved by the sheet they stand in');

test((t) => {
  const { style } = elementOf(t, '');
  const text = (given) => {
    style.cssText = given;
    return style.cssText;
  };
  assert_equals(text('width: 1px; --a: a; all: inherit; height: inherit; direction: ltr'), '--a: a; all: inherit; direction: ltr;');
  assert_equals(text('border: 1px; border-top: 2px'), 'border-width: 2px 1px 1px; border-style: none; border-color: currentcolor; border-image: none;');
  assert_equals(text('page-break-before: always; page-break-inside: avoid'), 'break-before: page; break-inside: avoid;');
  assert_equals(style.pageBreakBefore + style.getPropertyValue('page-break-inside'), 'alwaysavoid');
  assert_equals(text('content: counter(n, decimal) attr(|a) attr(b, "")'), 'content: counter(n) attr(a) attr(b);');
}, 'shorthands and values in their short form');

test((t) => {
  const el = elementOf(t, '');
  el.innerHTML = '<style title=one>i { color: red }</style><style title=two>i { color: blue }</style><i>text</i>';
  assert_equals(getComputedStyle(el.lastChild).color, 'rgb(255, 0, 0)');
  el.children[1].sheet.disabled = false;
  assert_equals(getComputedStyle(el.lastChild).color, 'rgb(0, 0, 255)');
  el.firstChild.title = '';
  assert_equals(el.firstChild.sheet.title, null);
  const box = el.lastChild.getBoundingClientRect();
  const caret = document.caretPositionFromPoint(box.x + 16, box.y + 5);
  assert_equals(caret.offsetNode, el.lastChild.firstChild);
  assert_equals(caret.offset, 2);
  assert_equals(document.caretRangeFromPoint(box.x + 16, box.y + 5).startOffset, 2);
  assert_equals(caret.getClientRect().x, box.x + 16);
  assert_equals(document.caretPositionFromPoint(-1, 0), null);
}, 'titles name sets of sheets, and points name places in text');

promise_test(async (t) => {
  const host = elementOf(t, '');
  const shadow = host.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [new CSSStyleSheet()];
  document.createElement('template').content.append(host);
  assert_equals(shadow.adoptedStyleSheets.length, 1);
  document.implementation.createHTMLDocument('').body.append(host);
  assert_equals(shadow.adoptedStyleSheets.length, 0);
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = 'data:text/html,x';
  document.head.append(link);
  t.add_cleanup(() => link.remove());
  await new Promise((resolve) => link.addEventListener('error', resolve));
  assert_throws_dom('SecurityError', () => link.sheet.cssRules);
}, 'adopted sheets stay with their document; what failed to load is a sheet that nobody may read');

test((t) => {
  sheetOf(t, '@property --len { syntax: "<length>"; inherits: false; initial-value: 1px } @property --bad { syntax: "<length>"; inherits: false } .r { font-size: 10px; --len: 2em; --w: 3px }');
  const el = elementOf(t, '');
  const read = (name) => getComputedStyle(el).getPropertyValue(name);
  assert_equals(read('--len'), '1px');
  el.className = 'r';
  assert_equals(read('--len'), '20px');
  el.style.setProperty('--len', 'red');
  assert_equals(read('--len'), '1px');
  assert_equals(read('--w'), '3px');
  CSS.registerProperty({ name: '--shade', syntax: '<color> | none', inherits: true, initialValue: 'none' });
  el.style.setProperty('--shade', 'red');
  assert_equals(read('--shade'), 'rgb(255, 0, 0)');
  assert_true(Array.from(getComputedStyle(document.body)).includes('--shade'));
  assert_throws_dom('InvalidModificationError', () => CSS.registerProperty({ name: '--shade', inherits: true }));
  for (const wrong of [{ name: 'x' }, { name: '--y', syntax: '<nope>' }, { name: '--y', syntax: '<length>' }, { name: '--y', syntax: '<length>', initialValue: 'red' }]) {
    assert_throws_dom('SyntaxError', () => CSS.registerProperty({ inherits: false, ...wrong }));
  }
}, 'registered properties compute by their syntax');

test((t) => {
  const el = elementOf(t, '--a: var(--b, valid); --b: x var(--c) y; --c: var(--b); --d: var(--c, fallback); --e: var(--f, one) two; color: var(--b, red)');
  const read = (name) => getComputedStyle(el).getPropertyValue(name);
  assert_equals(['--a', '--b', '--c', '--d', '--e'].map(read).join('|'), 'valid|||fallback|one two');
  assert_equals(read('color'), 'rgb(255, 0, 0)');
  el.style.setProperty('--self', 'var(--self, never)');
  assert_equals(read('--self'), '');
}, 'custom properties in a cycle are invalid, those that refer to it are not');

test((t) => {
  const style = getComputedStyle(elementOf(t, 'background-image: url(x.png)'));
  const base = document.createElement('base');
  base.href = 'http://a.test/one/';
  document.head.append(base);
  t.add_cleanup(() => base.remove());
  assert_equals(style.backgroundImage, 'url("http://a.test/one/x.png")');
  base.href = 'http://a.test/two/';
  assert_equals(style.backgroundImage, 'url("http://a.test/two/x.png")');
}, 'URLs in styles follow the base URL');

test(() => {
  const el = document.createElement('div');
  el.style.color = 'red';
  const plain = { value: 'red', writable: true, enumerable: true, configurable: true };
  const own = Object.getOwnPropertyDescriptor(el.style, 'color');
  for (const name in plain) assert_equals(own[name], plain[name], name);
  assert_equals(Object.getOwnPropertyDescriptor(el.style, 'nope'), undefined);
  assert_true(el.style.hasOwnProperty('backgroundImage'));
  assert_true(el.style.hasOwnProperty('background-image'));
  const keys = Object.keys(el.style);
  assert_equals(keys[0], '0');
  assert_true(keys.includes('webkitTextFillColor'));
  assert_true(keys.includes('cssFloat'));
  assert_false(keys.includes('background-image'));
  assert_equals(new Set(keys).size, keys.length);
  assert_equals({ ...el.style }.color, 'red');
  const copy = document.createElement('div');
  Object.assign(copy.style, Object.fromEntries(Object.entries(el.style).filter(([name, value]) => isNaN(name) && value !== '')));
  assert_equals(copy.getAttribute('style'), 'color: red;');
  // One that is defined on the object takes the place of the property, as proxies of pages do it.
  const seen = [];
  Object.defineProperty(el.style, 'background', { configurable: true, enumerable: true, set(value) { seen.push(value); } });
  el.style.background = 'url';
  assert_array_equals(seen, ['url']);
  assert_equals(Object.keys(el.style).filter((name) => name === 'background').length, 1);
  delete el.style.background;
  el.style.background = 'red';
  assert_equals(Object.getOwnPropertyDescriptor(el.style, 'background').value, 'red');
}, 'style objects have the properties as their own, as in Chromium');
