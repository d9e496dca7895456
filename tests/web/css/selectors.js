// https://drafts.csswg.org/selectors-4/
'use strict';

const root = document.createElement('main');
root.innerHTML = `
  <div id="a" class="x y" data-v="one two" lang="en-GB"><p>1</p><p class="Q">2<b></b></p><i></i><p>3</p></div>
  <div id="b" title="Tern and gull"><span></span><ul><li>1<li>2<li>3<li>4<li>5</ul></div>
  <form><input id="c" required><input type="checkbox" id="d" checked disabled><option id="o" selected></option><button id="e"></button></form>`;
document.body.append(root);

// Every matching element as its id or name and text.
function found(selector, from = root) {
  return Array.from(from.querySelectorAll(selector), (el) => el.id || el.localName + el.textContent).join(' ');
}

const CASES = [
  ['#a', 'a'], ['.x.y', 'a'], ['div', 'a b'], ['DIV', 'a b'], ['*[id="b"]', 'b'], ['p, b', 'p1 p2 b p3'],
  ['[data-v~=two]', 'a'], ['[data-v^="one"]', 'a'], ['[data-v$=two]', 'a'], ['[data-v*="e t"]', 'a'], ['[lang|=en]', 'a'], ['[title="TERN AND GULL" i]', 'b'], ['[title^=""]', ''],
  ['.q', ''], ['.Q', 'p2'], ['div > p', 'p1 p2 p3'], ['p + p', 'p2'], ['p ~ p', 'p2 p3'], ['i + p', 'p3'], ['div b', 'b'],
  ['p:first-child', 'p1'], ['p:last-of-type', 'p3'], ['i:only-of-type', 'i'], ['b:only-child', 'b'], ['b:empty', 'b'],
  ['li:nth-child(odd)', 'li1 li3 li5'], ['li:nth-child(2n+2)', 'li2 li4'], ['li:nth-last-child(-n+2)', 'li4 li5'], ['li:nth-child(3)', 'li3'], ['p:nth-of-type(2)', 'p2'],
  ['li:nth-child(2 of :not(:first-child))', 'li3'], ['li:not(:nth-child(2), :last-child)', 'li1 li3 li4'],
  ['div:is(#a, #z)', 'a'], [':where(p, i).Q', 'p2'], ['div:has(> ul)', 'b'], ['p:has(b)', 'p2'], ['p:has(+ i)', 'p2'], ['div:not(:has(p))', 'b'], ['i:has(~ p)', 'i'],
  [':checked', 'd o'], [':disabled', 'd'], ['input:enabled', 'c'], [':required', 'c'], ['input:invalid', 'c'], [':lang(en)', 'a p1 p2 b i p3'],
  [':scope > div', 'a b'], ['#a\\', ''], ['\\70', 'p1 p2 p3'], ['[id=c]', 'c'], ['p:is()', ''], ['svg|p', null], ['p:bogus', null], ['p::', null], ['', null], ['p >', null], ['p,', null],
  ['[=x]', null], ['#1', null], ['p:not()', null], ['p:nth-child(n+)', null], ['::before', ''], ['p:is(:bogus, .Q)', 'p2'],
];

for (const [selector, expected] of CASES) {
  test(() => {
    if (expected === null) assert_throws_dom('SyntaxError', () => root.querySelector(selector));
    else assert_equals(found(selector), expected);
  }, JSON.stringify(selector));
}

test(() => {
  const b = root.querySelector('b');
  assert_true(b.matches('#a p > b'));
  assert_false(b.matches('#b b'));
  assert_equals(b.closest('div').id, 'a');
  assert_equals(b.closest('table'), null);
  assert_equals(b.closest(':scope'), b);
  assert_equals(root.querySelector('#a').querySelector(':scope > i').localName, 'i');
  assert_equals(root.querySelector('#a').querySelector('main b'), b);
}, 'matches(), closest() and :scope');

test(() => {
  const p = root.querySelector('p');
  assert_equals(found('.late'), '');
  p.classList.add('late');
  assert_equals(found('.late'), 'p1');
  assert_equals(found('div:has(.late)'), 'a');
  p.classList.remove('late');
  assert_equals(found('div:has(.late)'), '');
}, 'answers follow changes');

test(() => {
  assert_equals(CSS.escape('1a b#'), '\\31 a\\ b\\#');
  assert_equals(CSS.escape('-'), '\\-');
  assert_equals(CSS.escape('\0'), '\ufffd');
}, 'CSS.escape()');

function addTo(t, markup) {
  const el = document.createElement('div');
  el.innerHTML = markup;
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  return el;
}

for (const selector of ['::slotted(a):hover', 'a::after:state(x)', '::part(a):has(b)', ':host(:not(.a .b))', '::before:first-child', '::before .x']) {
  test(() => assert_throws_dom('SyntaxError', () => document.querySelector(selector)), selector + ' is no selector');
}

for (const selector of ['::before:hover', '::part(a):hover:not(:focus)', '::-webkit-scrollbar-thumb:horizontal', 'span:not([class', '&', '::part(a)::before']) {
  test(() => {
    document.querySelector(selector);
    assert_true(CSS.supports('selector(' + selector + ')') || selector.endsWith('class'));
  }, selector + ' is a selector');
}

test(() => {
  assert_true(CSS.supports('selector(:is(a, b))'));
  assert_false(CSS.supports('selector(:is(a, :nope))'));
  assert_false(CSS.supports('selector(:is(::before))'));
}, 'what a forgiving list drops is not supported');

test((t) => {
  const el = addTo(t, '<div class=out></div>');
  const host = el.firstChild;
  const shadow = host.attachShadow({ mode: 'open' });
  shadow.innerHTML = '<style>p { color: red } :host:has(.x) p { color: green } :host:has(:is(.out .x)) p { color: blue }</style><p></p><i></i>';
  const color = () => getComputedStyle(shadow.querySelector('p')).color;
  assert_equals(color(), 'rgb(255, 0, 0)');
  shadow.querySelector('i').className = 'x';
  assert_equals(color(), 'rgb(0, 128, 0)');
}, ':host:has() looks into the shadow tree, and no further up than the host');

test((t) => {
  const el = addTo(t, '<style>::part(x):lang(de) { color: green } :lang(de)::part(x) { opacity: 0.5 }</style><div lang=de></div>');
  const shadow = el.lastChild.attachShadow({ mode: 'open' });
  shadow.innerHTML = '<i part=x lang=en></i><b part=x></b>';
  const [i, b] = Array.from(shadow.children, (child) => getComputedStyle(child));
  assert_equals([i.color, i.opacity, b.color, b.opacity].join(' '), 'rgb(0, 0, 0) 0.5 rgb(0, 128, 0) 0.5');
}, 'what follows ::part() speaks of the part');

test((t) => {
  const el = addTo(t, '<style>x-late:defined { color: green } div:has(:defined) { opacity: 0.5 }</style><div><x-late></x-late></div><button></button>');
  const late = el.querySelector('x-late');
  assert_equals(getComputedStyle(late).color, 'rgb(0, 0, 0)');
  customElements.define('x-late', class extends HTMLElement {});
  assert_equals(getComputedStyle(late).color, 'rgb(0, 128, 0)');
  assert_equals(getComputedStyle(late.parentNode).opacity, '0.5');
  const button = el.querySelector('button');
  button.focus();
  assert_true(button.matches(':focus-visible'));
  assert_equals(getComputedStyle(button).outlineStyle, 'auto');
  button.remove();
  assert_equals(document.activeElement, document.body);
  assert_equals(document.querySelector(':focus-within'), null);
}, 'definitions and the focus are seen by the cascade');
