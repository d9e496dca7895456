// https://drafts.csswg.org/mediaqueries-5/

t('media', () => {
  const m=matchMedia('(min-width: 1000px)');
  eq([m.matches,m.media],[true,'(min-width: 1000px)'],'mm');
  eq(matchMedia('(prefers-color-scheme: dark)').matches,false,'dark');
  eq(matchMedia('print').matches,false,'print');
  eq(matchMedia('screen and (400px <= width < 2000px)').matches,true,'range');
  eq(matchMedia('not all').matches,false,'na');
  eq(matchMedia('(hover: hover) and (pointer: fine)').matches,true,'hover');
  eq(matchMedia('only screen and (-webkit-min-device-pixel-ratio: 2)').matches,false,'dpr');
});

t('CSS', () => {
  eq(CSS.escape('1a'),'\\31 a','esc');
  eq(CSS.supports('display','grid'),true,'sup');
  eq(CSS.supports('(display: grid) and (not (display: foo))'),true,'sup2');
  eq(CSS.supports('--a','0'),true,'c');
  eq(CSS.supports('selector(:has(a))'),true,'s');
});

t('keywords, ranges and joints that there are not', () => {
  const matches = (text) => matchMedia(text).matches;
  for (const unknown of ['(prefers-color-scheme: none)', '(hover: yes)', '(0px = width = 1px)', '(0px < width > 1px)', '(display-mode: random)']) {
    eq([matches(unknown), matches('not ' + unknown)], [false, false], unknown);
  }
  eq(matches('(not (prefers-color-scheme: dark))'), true, 'known');
  eq(matches('(dynamic-range)'), false, 'standard is no range');
  eq(matches('(width > calc(1em + 1px)) and (width > max(1px, 1em))'), true, 'math of several units');
  for (const wrong of ['only (orientation)', 'not not (orientation)', '(width) and (height) or (color)', 'layer', 'not layer']) eq(matchMedia(wrong).media, 'not all', wrong);
});
