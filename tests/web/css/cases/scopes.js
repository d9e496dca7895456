// https://drafts.csswg.org/css-cascade-6/#scoped-styles and https://drafts.csswg.org/css-conditional-5/#container-queries

const tree = (markup) => {
  const host = mk('div');
  host.innerHTML = markup;
  return (selector) => host.querySelector(selector);
};
const zIndex = (el) => getComputedStyle(el).zIndex;
const sheet = (text, run) => {
  const style = css(text);
  run(style.sheet);
  style.remove();
};

t('scope', () => {
  const $ = tree('<div class=a><p class=in></p><div class=hole><p class=out></p></div></div><p class=far></p>');
  sheet('@scope (.a) to (.hole) { p { z-index: 1 } .a { z-index: 2 } :scope { z-index: 3 } }', () => {
    eq([zIndex($('.in')), zIndex($('.out')), zIndex($('.far')), zIndex($('.a'))], ['1', 'auto', 'auto', '3'], 'start and end');
  });
  sheet('@scope (.a) { > p { z-index: 1 } & .out { z-index: 2 } }', () => eq([zIndex($('.in')), zIndex($('.out'))], ['1', '2'], 'relative'));
  sheet('@scope (.a) to (:scope > .hole) { p { z-index: 1 } }', () => eq([zIndex($('.in')), zIndex($('.out'))], ['1', 'auto'], ':scope in the end'));
  sheet('@scope (.a) { @scope (.hole) { p { z-index: 4 } } }', () => eq([zIndex($('.in')), zIndex($('.out'))], ['auto', '4'], 'nested'));
  sheet('.a { @scope (& > .hole) { p { z-index: 5 } } }', () => eq([zIndex($('.in')), zIndex($('.out'))], ['auto', '5'], 'in a style rule'));
});

t('proximity', () => {
  const $ = tree('<div class=light><div class=dark><p></p></div></div>');
  sheet('@scope (.dark) { p { z-index: 1 } } @scope (.light) { p { z-index: 2 } } p { z-index: 3 }', () => eq(zIndex($('p')), '1', 'the nearest root wins'));
  sheet('@scope (.dark) { p { z-index: 1 } } @scope (.light) { p.x, div p { z-index: 2 } }', () => eq(zIndex($('p')), '2', 'specificity comes first'));
});

t('scope without a start', () => {
  const $ = tree('<div class=card><style>@scope { p { z-index: 7 } }</style><p class=own></p></div><p class=other></p>');
  eq([zIndex($('.own')), zIndex($('.other'))], ['7', 'auto'], 'the element around the sheet');
});

t('rules of scopes', () => {
  sheet('@scope (.a)to (> .b) { > .c {} } @scope () {} @scope (p::before) {} @scope nope {} @scope to (.x) {}', ({ cssRules }) => {
    eq(cssRules.length, 2, 'wrong ones are dropped');
    eq([cssRules[0].start, cssRules[0].end, cssRules[1].start, cssRules[1].end], ['.a', '> .b', null, '.x'], 'limits');
    eq(cssRules[0].cssText, '@scope (.a) to (> .b) {\n  > .c { }\n}', 'text');
  });
});

t('sizes of containers', () => {
  const $ = tree('<div class=side style="width: 300px; container: side / inline-size"><p class=a></p></div><div class=main style="width: 50%; padding: 10px; container-type: inline-size"><p class=b></p></div><p class=c></p>');
  const all = () => ['.a', '.b', '.c'].map((name) => zIndex($(name)));
  sheet('@container (width < 400px) { p { z-index: 1 } }', () => eq(all(), ['1', 'auto', 'auto'], 'ranges; who has no container has no match'));
  sheet('@container (min-width: 400px) { p { z-index: 1 } }', () => eq(all(), ['auto', '1', 'auto'], 'percentages'));
  sheet('@container side (min-width: 1px) { p { z-index: 1 } }', () => eq(all(), ['1', 'auto', 'auto'], 'names'));
  sheet('@container (height > 1px) { p { z-index: 1 } }', () => eq(all(), ['auto', 'auto', 'auto'], 'an axis that is not contained'));
  sheet('@container (not (width > 400px)) { p { z-index: 1 } }', () => eq(all(), ['1', 'auto', 'auto'], 'not'));
  sheet('@container (width > 1px) { @container side (width > 1px) { p { z-index: 1 } } }', () => eq(all(), ['1', 'auto', 'auto'], 'nested'));
  sheet('@container (max-width: 30em) { .side { z-index: 1 } p::before { content: "x" } }', () => {
    eq(zIndex($('.side')), 'auto', 'not the container itself');
    eq(getComputedStyle($('.a'), '::before').content, '"x"', 'pseudo-elements');
  });
  sheet('p { margin-left: 10cqw } @media all { .side { width: 100px !important } }', () => eq(getComputedStyle($('.a')).marginLeft, '10px', 'units'));
});

t('styles of containers', () => {
  const $ = tree('<div style="--theme: dark; --n: 1"><p class=a></p><div style="--theme:  light "><p class=b></p></div></div>');
  const all = () => ['.a', '.b'].map((name) => zIndex($(name)));
  sheet('@container style(--theme: dark) { p { z-index: 1 } }', () => eq(all(), ['1', 'auto'], 'value'));
  sheet('@container style(--theme) and (not style(--theme: light)) { p { z-index: 1 } }', () => eq(all(), ['1', 'auto'], 'combined'));
  sheet('@container style((--theme: light) and (--n: 1)) { p { z-index: 1 } }', () => eq(all(), ['auto', '1'], 'inside'));
  sheet('@container style(--none) { p { z-index: 1 } }', () => eq(all(), ['auto', 'auto'], 'nothing'));
  sheet('@container foo(1) { p { z-index: 1 } } @container 1px {} @container none (width > 1px) {}', ({ cssRules }) => {
    eq(all(), ['auto', 'auto'], 'unknown');
    eq(cssRules.length, 1, 'wrong ones are dropped');
  });
});

t('containers in a deep tree', () => {
  let at = mk('div', { style: 'width: 400px; container-type: inline-size' });
  for (let i = 0; i < 3000; i++) at = at.appendChild(document.createElement('div'));
  sheet('@container (width > 300px) { div { z-index: 1 } } @container (height < 5px) { div { z-index: 2 } }', () => eq(zIndex(at), '1', 'deep'));
});

t('siblings that look alike, one of which is the root of a scope', () => {
  const scoped = '<style>@scope { :scope { z-index: 1 } i { z-index: 2 } }</style>';
  for (const [first, second] of [[scoped, '<style></style>'], ['<style></style>', scoped]]) {
    const $ = tree(`<p class=a>${first}<i></i></p><p class=a>${second}<i></i></p>`);
    const [p, q] = $('p').parentNode.children;
    const want = first === scoped ? ['1', '2', 'auto', 'auto'] : ['auto', 'auto', '1', '2'];
    eq([p, p.lastChild, q, q.lastChild].map(zIndex), want, 'styles are not shared');
  }
});

t('many scopes in a deep tree', () => {
  // Each root of an inner scope asks all that may be roots of the outer ones: 40 steps to the 12th power, unless what is known is kept.
  const $ = tree('<div class=s>'.repeat(40) + '<p></p>');
  sheet('@scope (.never) {' + '@scope (.s) {'.repeat(12) + 'p { z-index: 1 }' + '}'.repeat(13), () => eq(zIndex($('p')), 'auto', 'none is the outermost'));
  sheet('@scope (.s) {'.repeat(12) + 'p { z-index: 1 }' + '}'.repeat(12), () => eq(zIndex($('p')), '1', 'each is one'));
});
