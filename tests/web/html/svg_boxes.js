// https://svgwg.org/svg2-draft/types.html#__svg__SVGGraphicsElement__getBBox
'use strict';

function draw(t, markup) {
  const host = document.createElement('div');
  host.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg">${markup}</svg>`;
  document.body.append(host);
  t.add_cleanup(() => host.remove());
  return host.firstChild;
}

const boxOf = (el) => {
  const { x, y, width, height } = el.getBBox();
  return [x, y, width, height].map((number) => Math.round(number * 10) / 10);
};

test((t) => {
  const svg = draw(t, '<text x=10 y=20 font-size=10 font-family=monospace>two  words</text><text x=10 y=20 font-size=10 font-family=monospace text-anchor=end>bird</text><text></text>');
  const [first, second, empty] = svg.children;
  assert_array_equals(boxOf(first), [10, 11, 54, 11.2]);
  assert_array_equals(boxOf(second), [-14, 11, 24, 11.2]);
  assert_array_equals(boxOf(empty), [0, 0, 0, 0]);
  assert_equals(Math.round(second.getComputedTextLength()), 24);
  first.style.fontSize = '20px';
  assert_equals(boxOf(first)[2], 108, 'style wins over the attribute');
}, 'text is measured');

test((t) => {
  const svg = draw(t, '<text font-size=10 font-family=monospace><tspan x=0 dy="1em">one</tspan><tspan x=0 dy="1em">three</tspan></text>');
  assert_array_equals(boxOf(svg.firstChild), [0, 0.9, 30, 21.2]);
}, 'lines of text');

test((t) => {
  const svg = draw(t, '<g transform="translate(5 5)"><rect x=1 y=2 width=3 height=4 /><g transform="translate(10,0) scale(2)"><circle cx=5 cy=5 r=5 /></g></g><polygon points="0,0 4 2,1 9"/>');
  const [group, polygon] = svg.children;
  assert_array_equals(boxOf(group), [1, 0, 29, 20]);
  assert_array_equals(boxOf(polygon), [0, 0, 4, 9]);
  assert_array_equals(boxOf(svg), [0, 0, 35, 25]);
  group.style.display = 'none';
  assert_array_equals(boxOf(group), [0, 0, 0, 0]);
  assert_array_equals(boxOf(svg), [0, 0, 4, 9]);
}, 'shapes, and groups of them');

test((t) => {
  const count = 20_000;
  let points = '';
  for (let i = 0; i < count; i++) points += i + ',' + (i % 7) + ' ';
  const svg = draw(t, `<polyline points="${points}"/><polygon points="10-20,30-40 1e1.5-5"/><polygon points="1,2 3"/><polygon points="1 2 x 9 9"/>`
    + `<text font-size=10 font-family=monospace>${'a '.repeat(count)}</text>`);
  const [line, glued, odd, broken, text] = svg.children;
  assert_array_equals(boxOf(line), [0, 0, count - 1, 6]);
  assert_array_equals(boxOf(glued), [10, -40, 20, 40.5]);
  assert_array_equals(boxOf(odd), [1, 2, 0, 0]);
  assert_array_equals(boxOf(broken), [1, 2, 0, 0]);
  assert_equals(boxOf(text)[2], (2 * count - 1) * 6);
}, 'long lists of points and words, and points without separators');
