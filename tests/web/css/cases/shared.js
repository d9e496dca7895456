// https://drafts.csswg.org/css-cascade-5/#computed
// Elements that the same rules match share what is computed: a change of one must not reach the others.

const $ = (root, selector) => [...root.querySelectorAll(selector)];
const group = (markup) => Object.assign(mk('div'), { innerHTML: markup });
const value = (el, name) => getComputedStyle(el)[name];
const rows = '<ul><li class=row><b class=heir>x</b></li><li class=row><b class=heir>x</b></li><li class=row><b class=heir>x</b></li></ul>';

t('inherited', () => {
  css('.row{height:20px;color:red;border:1px solid} .row.on{height:50px} .row.green{color:green} .heir{display:block;height:inherit;color:inherit}');
  const root = group(rows);
  const [one, two, three] = $(root, '.row');
  const heights = () => $(root, '.heir').map((el) => el.offsetHeight);
  eq(heights(), [20, 20, 20], 'all alike');
  two.classList.add('on');
  eq(heights(), [20, 50, 20], 'what is inherited by its keyword');
  one.classList.add('green');
  eq($(root, '.heir').map((el) => value(el, 'color')), ['rgb(0, 128, 0)', 'rgb(255, 0, 0)', 'rgb(255, 0, 0)'], 'what is inherited by nature');
  three.style.height = '7px';
  eq(heights(), [20, 50, 7], 'an attribute');
  two.classList.remove('on');
  eq(heights(), [20, 20, 7], 'back');
});

t('asked late', () => {
  css('.row{height:30px} .row.on{opacity:.5} .heir{height:inherit}');
  const root = group(rows);
  const [one, two] = $(root, '.row');
  const heirs = $(root, '.heir');
  eq(heirs.map((el) => value(el, 'display')), ['block', 'block', 'block'], 'nothing else is computed');
  one.classList.add('on');
  one.style.height = '40px';
  eq([value(heirs[0], 'height'), value(heirs[1], 'height')], ['40px', '30px'], 'from their own parents');
  eq([value(one, 'opacity'), value(two, 'opacity')], ['0.5', '1'], 'and these');
});

t('the first is removed', () => {
  css('.frame{text-indent:9px;font-size:20px} .row{display:flex;gap:1em} .heir{flex:1}');
  const root = group(rows);
  root.className = 'frame';
  const items = $(root, '.row');
  const width = items[1].offsetWidth;
  items[0].remove();
  root.querySelector('ul').append(items[2].cloneNode(true));
  eq($(root, '.row').map((el) => [el.offsetWidth, value(el, 'columnGap'), value(el, 'textIndent')]), Array(3).fill([width, '20px', '9px']), 'the others stay');
});

t('attributes of the user agent', () => {
  const root = group('<a>x</a><a href=x>x</a><abbr>x</abbr><abbr title=x>x</abbr><p>x</p><p hidden>x</p><p align=center>x</p><p dir=rtl>x</p>');
  eq($(root, 'a, abbr').map((el) => value(el, 'textDecorationLine')), ['none', 'underline', 'none', 'underline'], 'underlined');
  eq($(root, 'p').map((el) => [value(el, 'display'), value(el, 'textAlign'), value(el, 'direction')].join()), ['block,start,ltr', 'none,start,ltr', 'block,-webkit-center,ltr', 'block,start,rtl'], 'hints');
});

t('before the change', () => {
  css('.row{width:2em;font-size:10px;transition:width 1s} .on{font-size:20px} .on .row{font-size:20px}');
  const one = group('<p class=row></p>');
  const two = group('<p class=row></p>');
  const before = value(one.firstChild, 'width');
  one.className = 'on';
  eq([before, value(two.firstChild, 'width'), value(one.firstChild, 'fontSize'), value(two.firstChild, 'fontSize')], ['20px', '20px', '20px', '10px'], 'of its own');
});

// What is in each other is laid out once or twice, not twice as often at each depth.
for (const [name, rule] of [['flex', 'display:flex'], ['column', 'display:flex;flex-direction:column'], ['grid', 'display:grid'], ['table', 'display:table'], ['float', 'float:left'], ['inline-block', 'display:inline-block']]) {
  t(`${name} in ${name}`, () => {
    css(`.deep{${rule}}`);
    const root = group('<div class=deep>'.repeat(40) + 'text');
    eq($(root, '.deep').every((el) => el.offsetHeight > 0), true, 'all have a box');
  });
}
