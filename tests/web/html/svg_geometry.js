// https://svgwg.org/svg2-draft/types.html#InterfaceSVGGeometryElement
'use strict';

function draw(t, markup, attributes = '') {
  const host = document.createElement('div');
  host.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${markup}</svg>`;
  document.body.append(host);
  t.add_cleanup(() => host.remove());
  return host.firstChild;
}

const round = (number) => Math.round(number * 1000) / 1000 + 0;
const rect = ({ x, y, width, height }) => [x, y, width, height].map(round);
const matrix = ({ a, b, c, d, e, f }) => [a, b, c, d, e, f].map(round);
const path = (t, d) => draw(t, `<path d="${d}"/>`).firstChild;
const near = (actual, expected, epsilon = 0.01) => assert_true(Math.abs(actual - expected) <= epsilon, `${actual} is not near ${expected}`);

test((t) => {
  assert_array_equals(rect(path(t, 'M10 20 h30 v40 H10 Z').getBBox()), [10, 20, 30, 40]);
  assert_array_equals(rect(path(t, 'm5,5l10-10l10,10').getBBox()), [5, -5, 20, 10]);
  assert_array_equals(rect(path(t, 'M0 0 C0 40 100 40 100 0').getBBox()), [0, 0, 100, 30], 'a curve, not its control points');
  assert_array_equals(rect(path(t, 'M0 0 Q 50 50 100 0 T 200 0').getBBox()), [0, -25, 200, 50], 'the mirrored control point');
  assert_array_equals(rect(path(t, 'M-10 0 A10 10 0 0 1 10 0').getBBox()), [-10, -10, 20, 10], 'half a circle');
  assert_array_equals(rect(path(t, 'M0 0a5 5 0 1010 0').getBBox()), [0, 0, 10, 5], 'flags without separators');
  assert_array_equals(rect(path(t, 'M1 1 L5 5 L x 9 9').getBBox()), [1, 1, 4, 4], 'up to the first error');
  assert_array_equals(rect(path(t, 'L5 5').getBBox()), [0, 0, 0, 0], 'a path begins with a move');
  assert_array_equals(rect(path(t, 'M.5.5 1e1-3').getBBox()), [0.5, -3, 9.5, 3.5]);
}, 'boxes of paths');

test((t) => {
  near(path(t, 'M0 0 L30 40 M100 100 h10').getTotalLength(), 60, 1e-6);
  near(path(t, 'M-10 0 A10 10 0 0 1 10 0').getTotalLength(), 10 * Math.PI);
  near(path(t, 'M0 0 H10 V10 H0 Z').getTotalLength(), 40, 1e-6);
  const svg = draw(t, '<circle r=10 cx=5 cy=5 /><rect width=10 height=20 /><line x2=3 y2=4 /><polygon points="0 0 3 0 3 4"/><ellipse rx=10 ry=5 /><rect width=10 height=10 rx=5 /><path/>');
  const [circle, box, line, polygon, ellipse, rounded, empty] = svg.children;
  near(circle.getTotalLength(), 20 * Math.PI);
  near(box.getTotalLength(), 60, 1e-6);
  near(line.getTotalLength(), 5, 1e-6);
  near(polygon.getTotalLength(), 12, 1e-6);
  near(ellipse.getTotalLength(), 48.442);
  near(rounded.getTotalLength(), 10 * Math.PI);
  assert_equals(empty.getTotalLength(), 0);
  assert_throws_dom('InvalidStateError', () => empty.getPointAtLength(0));
}, 'lengths of shapes');

test((t) => {
  const el = path(t, 'M0 0 L10 0 L10 10');
  const at = (distance) => {
    const { x, y } = el.getPointAtLength(distance);
    return [round(x), round(y)];
  };
  assert_array_equals(at(5), [5, 0]);
  assert_array_equals(at(12), [10, 2]);
  assert_array_equals(at(-1), [0, 0]);
  assert_array_equals(at(99), [10, 10]);
  el.setAttribute('d', 'M0 0 C 0 10 10 10 10 0');
  const middle = el.getPointAtLength(el.getTotalLength() / 2);
  near(middle.x, 5, 1e-4);
  near(middle.y, 7.5, 1e-4);
  assert_true(middle instanceof DOMPoint);
}, 'places along a path');

test((t) => {
  const svg = draw(t, '<path d="M0 0H10V10H0Z M2 2H8V8H2Z" fill-rule="evenodd" stroke-width="2"/><circle r=10 />');
  const [frame, circle] = svg.children;
  const point = (x, y) => ({ x, y });
  assert_true(frame.isPointInFill(point(1, 1)));
  assert_false(frame.isPointInFill(point(5, 5)));
  frame.setAttribute('fill-rule', 'nonzero');
  assert_true(frame.isPointInFill(point(5, 5)));
  assert_true(frame.isPointInStroke(point(10.9, 5)));
  assert_false(frame.isPointInStroke(point(11.1, 5)));
  assert_true(frame.isPointInStroke(point(10.9, 10.9)), 'a mitered corner');
  assert_true(circle.isPointInFill(point(7, 7)));
  assert_false(circle.isPointInFill(point(7.2, 7.2)));
}, 'points in shapes');

test((t) => {
  const svg = draw(t, '<g transform="translate(10 20) scale(2)"><rect id=r transform="rotate(90)" width=4 height=2 /></g>', 'width=200 height=100 viewBox="0 0 100 50"');
  const r = svg.querySelector('#r');
  assert_array_equals(matrix(r.getCTM()), [0, 4, -4, 0, 20, 40]);
  assert_array_equals(matrix(svg.getCTM()), [2, 0, 0, 2, 0, 0]);
  const screen = r.getScreenCTM();
  const { left, top } = svg.getBoundingClientRect();
  assert_array_equals(matrix(screen), [0, 4, -4, 0, round(20 + left), round(40 + top)]);
  const point = svg.createSVGPoint();
  point.x = left + 20;
  point.y = top + 44;
  const local = point.matrixTransform(screen.inverse());
  assert_array_equals([round(local.x), round(local.y)], [1, 0]);
  assert_array_equals(rect(svg.firstChild.getBBox()), [-2, 0, 2, 4], 'what is turned has the box around it');
  svg.setAttribute('preserveAspectRatio', 'xMaxYMid meet');
  svg.setAttribute('viewBox', '0 0 50 50');
  assert_array_equals(matrix(svg.getCTM()), [2, 0, 0, 2, 100, 0]);
  r.style.transform = 'translate(5px, 6px)';
  assert_array_equals(matrix(r.getCTM()), [4, 0, 0, 4, 2 * 20 + 100, 2 * 32]);
  assert_equals(document.createElementNS('http://www.w3.org/2000/svg', 'g').getScreenCTM(), null);
}, 'matrices');

test((t) => {
  const svg = draw(t, '<g transform="translate(1, 2) rotate(45 3 4)"/>');
  const g = svg.firstChild;
  const { baseVal } = g.transform;
  assert_equals(g.transform.baseVal, baseVal);
  assert_equals(baseVal.numberOfItems, 2);
  assert_equals(baseVal[0].type, SVGTransform.SVG_TRANSFORM_TRANSLATE);
  assert_array_equals(matrix(baseVal.getItem(0).matrix), [1, 0, 0, 1, 1, 2]);
  assert_equals(baseVal.getItem(1).angle, 45);
  assert_throws_dom('IndexSizeError', () => baseVal.getItem(2));
  baseVal.getItem(0).setTranslate(7, 8);
  assert_equals(g.getAttribute('transform'), 'translate(7 8) rotate(45 3 4)');
  const made = svg.createSVGTransform();
  made.setScale(2, 3);
  baseVal.appendItem(made);
  assert_equals(g.getAttribute('transform'), 'translate(7 8) rotate(45 3 4) scale(2 3)');
  baseVal.removeItem(1);
  baseVal.insertItemBefore(svg.createSVGTransformFromMatrix(svg.createSVGMatrix().translate(1, 1)), 0);
  assert_equals(g.getAttribute('transform'), 'matrix(1 0 0 1 1 1) translate(7 8) scale(2 3)');
  const whole = baseVal.consolidate();
  assert_array_equals(matrix(whole.matrix), [2, 0, 0, 3, 8, 9]);
  assert_equals(g.getAttribute('transform'), 'matrix(2 0 0 3 8 9)');
  g.setAttribute('transform', 'skewX(10)');
  assert_equals(baseVal.length, 1);
  assert_equals(baseVal[0].type, 5);
  whole.setTranslate(1, 1);
  assert_equals(g.getAttribute('transform'), 'skewX(10)', 'what is no longer in the list does not write');
  baseVal.clear();
  assert_equals(baseVal.consolidate(), null);
  for (const wrong of ['translate(1 2 3)', 'rotate(1) foo', 'scale()', 'matrix(1 0 0 1 0)', `rotate(${'1'.repeat(5000)}x)`]) {
    g.setAttribute('transform', wrong);
    assert_equals(baseVal.length, 0, wrong);
  }
}, 'lists of transformations');

test((t) => {
  const svg = draw(t, '<polygon points="0,0 10,0 10,10"/>');
  const { points } = svg.firstChild;
  assert_equals(points.numberOfItems, 3);
  assert_equals(points.getItem(1).x, 10);
  const point = svg.createSVGPoint();
  point.x = 4;
  points.appendItem(point);
  assert_equals(svg.firstChild.getAttribute('points'), '0,0 10,0 10,10 4,0');
  points[1].y = 7;
  assert_equals(svg.firstChild.getAttribute('points'), '0,0 10,7 10,10 4,0');
  points.clear();
  assert_equals(svg.firstChild.getAttribute('points'), '');
  assert_equals(svg.firstChild.pathLength.baseVal, 0);
}, 'lists of points');

test((t) => {
  const svg = draw(t, '<g fill="red" style="--w: 7px"><circle r=5 stroke-width=3 fill-opacity="50%" transform="translate(1 1)"/><rect style="fill: blue" fill="lime" width=10 rx=2 stroke="var(--c, gray)" stroke-width="var(--w)"/></g>');
  const [circle, box] = svg.firstChild.children;
  const style = getComputedStyle(circle);
  assert_array_equals([style.fill, style.strokeWidth, style.fillOpacity, style.r], ['rgb(255, 0, 0)', '3px', '0.5', '5px']);
  const its = getComputedStyle(box);
  assert_array_equals([its.fill, its.stroke, its.strokeWidth, its.rx], ['rgb(0, 0, 255)', 'rgb(128, 128, 128)', '7px', '2px']);
  box.setAttribute('stroke', 'no color');
  assert_equals(its.stroke, 'none');
  circle.setAttribute('display', 'none');
  assert_equals(style.display, 'none');
  assert_false(circle.checkVisibility());
  const html = document.createElement('p');
  html.setAttribute('fill', 'red');
  document.body.append(html);
  assert_equals(getComputedStyle(html).fill, 'rgb(0, 0, 0)');
  html.remove();
}, 'presentation attributes');

test((t) => {
  for (const arc of ['1e200 1e200 0', '1e-200 1e-200 0', '5 5 1e308', '5 1e170 0']) {
    near(path(t, `M0 0 A ${arc} 0 0 3 4`).getTotalLength(), 5);
    new Path2D(`M0 0 A ${arc} 0 0 3 4`);
  }
  assert_equals(path(t, 'M0 0 A 5 5 0 0 0 1e-300 0').getTotalLength(), 0);
}, 'arcs of numbers that are too large or too small to reckon with are lines');

test(() => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  assert_true(svg.createSVGMatrix() instanceof SVGMatrix);
  assert_true(svg.createSVGPoint() instanceof SVGPoint);
  assert_true(svg.createSVGRect() instanceof SVGRect);
  assert_equals(SVGMatrix, DOMMatrix);
  assert_equals(new DOMRect() instanceof SVGRect, false);
}, 'matrices, points and rectangles under the names that SVG gave them first');

test(() => {
  const angle = document.createElementNS('http://www.w3.org/2000/svg', 'svg').createSVGAngle();
  assert_true(angle instanceof SVGAngle);
  assert_equals(angle.unitType, SVGAngle.SVG_ANGLETYPE_UNSPECIFIED);
  angle.valueAsString = '100GRAD';
  assert_equals(angle.value, 90);
  assert_equals(angle.valueAsString, '100grad');
  angle.convertToSpecifiedUnits(SVGAngle.SVG_ANGLETYPE_DEG);
  assert_equals(angle.valueInSpecifiedUnits, 90);
  angle.newValueSpecifiedUnits(SVGAngle.SVG_ANGLETYPE_RAD, 2);
  assert_equals(angle.value.toFixed(3), '114.592');
  angle.value = 180;
  assert_equals(angle.valueInSpecifiedUnits.toFixed(3), '3.142');
  assert_throws_dom('SyntaxError', () => { angle.valueAsString = '1px'; });
  assert_throws_dom('NotSupportedError', () => angle.convertToSpecifiedUnits(5));
}, 'angles');
