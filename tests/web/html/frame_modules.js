// https://html.spec.whatwg.org/multipage/webappapis.html#module-script
// Module scripts in child frames of the same origin.
'use strict';

const code = (source) => 'data:text/javascript,' + encodeURIComponent(source);

// Runs `markup` in a frame whose scripts call `done(value)`.
function inFrame(markup) {
  const frame = document.createElement('iframe');
  return new Promise((resolve) => {
    window.done = (value) => resolve({ value, frame });
    frame.srcdoc = '<!doctype html><body><script>const done = parent.done; onerror = (m, u, l, c, e) => { done("" + e); return true; }; const $label = "lexical"; var global = 1;</' + 'script>' + markup;
    document.body.append(frame);
  }).finally(() => { frame.remove(); });
}

const moduleIn = (source, before = '') => inFrame(`${before}<script type="module">${source}</script>`);

promise_test(async () => {
  const { value } = await moduleIn(`
    implicit: try { undeclared = 1; done('sloppy'); } catch (error) {
      done([error.name, this === undefined, window !== parent, document === window.document, global, $label, typeof own, import.meta.url]);
    }
    var own = 1;
  `);
  assert_equals(JSON.stringify(value), JSON.stringify(['ReferenceError', true, true, true, 1, 'lexical', 'undefined', document.baseURI]));
}, 'a module has the names of its frame, and scope and strictness of its own');

promise_test(async () => {
  const counter = code('export let n = 1; export function add() { n++; } export { add as "more words" }; export default class {}; export const { a, b: [c] } = { a: 2, b: [3] };');
  const { value } = await moduleIn(`
    import Named, { n, add as bump, "more words" as again, a, c } from '${counter}';
    import * as all from '${counter}';
    bump(); again();
    let failure;
    try { n = 5; } catch (error) { failure = error.name; }
    done([n, all.n, a, c, Named.name, Object.keys(all), all[Symbol.toStringTag], failure, (await import('${counter}')) === all]);
  `);
  assert_equals(JSON.stringify(value), JSON.stringify([3, 3, 2, 3, 'default', ['a', 'add', 'c', 'default', 'more words', 'n'], 'Module', 'TypeError', true]));
}, 'bindings are live');

promise_test(async () => {
  const module = code('export { x as "it\'s" }; const x = 1;');
  const { value } = await moduleIn(`
    import { 'it\\'s' as one } from '${module.replace('data:', 'd\\x61ta\\u{3a}').replaceAll("'", "\\'")}';
    import { "it\\u0027s" as two } from "\\u0064ata:text/javascript,${module.slice('data:text/javascript,'.length)}";
    done([one, two]);
  `);
  assert_equals(JSON.stringify(value), JSON.stringify([1, 1]));
}, 'names and specifiers may have escapes');

promise_test(async () => {
  const { value } = await inFrame(`
    <script type="importmap">{"imports": {
      "a": "${code('import { b } from "b"; export function a() { return "a" + b; } export * from "c"; export * as c from "c";').replaceAll('"', '&quot;')}",
      "b": "${code('import { a } from "a"; export const early = typeof a; export let b = "b"; export { a as again } from "a";').replaceAll('"', '&quot;')}",
      "c": "${code('export const one = 1; export default 2; export const two = await Promise.resolve(3);').replaceAll('"', '&quot;')}"
    }}</script>
    <script type="module">
      import { a, one, c, two } from 'a';
      import { early, again } from 'b';
      done([a(), one, c.default, two, early, again === a]);
    </script>`.replaceAll('&quot;', '\\"'));
  assert_equals(JSON.stringify(value), JSON.stringify(['ab', 1, 2, 3, 'function', true]));
}, 'cycles, stars, and modules that await, by the import map of the frame');

promise_test(async () => {
  assert_equals((await moduleIn(`import { nothing } from '${code('export default 1')}';`)).value,
    `SyntaxError: The requested module '${code('export default 1')}' does not provide an export named 'nothing'`);
  assert_equals((await moduleIn('import "bare";')).value.split(':')[0], 'TypeError');
  assert_equals((await moduleIn('let x = ;')).value.split(':')[0], 'SyntaxError');
  assert_equals((await moduleIn('throw new RangeError("mine")')).value, 'RangeError: mine');
  assert_equals((await moduleIn(`import '${code('throw new RangeError("inner")')}'`)).value, 'RangeError: inner');
}, 'what is wrong is told to the frame');

promise_test(async () => {
  const { value } = await inFrame(`<script>
    const script = document.createElement('script');
    script.type = 'module';
    script.src = '/nowhere.js';
    script.onload = () => done('load');
    script.onerror = () => import('./nowhere.js').catch((error) => done(error.name));
    document.body.append(script);
  </script>`);
  assert_equals(value, 'TypeError');
}, 'a module that cannot be fetched is an error event of its script, and a rejection of import()');

promise_test(async () => {
  const { value } = await inFrame(`<script>
    const answers = [];
    const text = "import('x') \`\${'import(1)'}\`"; /import(/.source === 'x'; // import('y')
    const object = { import: 1, async load(url) { return (await import(url)).default; } };
  </script><body onload="import('${code('export default window.global')}').then((m) => answers.push(m.default))"><script>
    Promise.all([object.load('${code('export default window.global + 1')}'), new Promise((go) => onload = go)]).then(async ([first]) => {
      await new Promise(requestAnimationFrame);
      done([first, object.import, text.length, (await import('data:application/json,{"j":1}', { with: { type: 'json' } })).default.j]);
    });
  </script>`.replace('/import(/.source', '/import\\(/.source'));
  assert_equals(JSON.stringify(value), JSON.stringify([2, 1, 28, 1]));
}, 'import() of classic scripts loads into their frame');

promise_test(async () => {
  const { value } = await inFrame('<script>leaked = 1; done([window.leaked, typeof parent.leaked, leaked]);</' + 'script>');
  assert_equals(JSON.stringify(value), JSON.stringify([1, 'undefined', 1]));
}, 'what a script of a frame assigns without a declaration is a property of its window');

promise_test(async () => {
  const outside = Object.assign(document.createElement('p'), { id: 'namedOutside' });
  const frame = document.createElement('iframe');
  frame.srcdoc = '<p id=namedInside></p><form name=namedForm></form><script>var seen = [namedInside.id, namedForm.name, window.namedInside === namedInside, typeof namedOutside]</' + 'script>';
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  document.body.append(outside, frame);
  await loaded;
  const inner = frame.contentWindow;
  assert_array_equals(inner.seen, ['namedInside', 'namedForm', true, 'undefined']);
  assert_equals(inner.namedInside, frame.contentDocument.querySelector('p'));
  assert_equals(inner.namedOutside, undefined);
  assert_equals(window.namedInside, undefined);
  assert_equals(window.namedOutside, outside);
  outside.remove();
  frame.remove();
}, 'windows of frames have the names of their own elements');

promise_test(async () => {
  window.ticks = 0;
  const ticking = () => {
    const frame = document.createElement('iframe');
    frame.srcdoc = `<script>
      setInterval(() => parent.ticks++, 0);
      requestAnimationFrame(function again() { parent.ticks++; requestAnimationFrame(again); });
      requestIdleCallback(function again() { parent.ticks++; requestIdleCallback(again); });
    </` + 'script>';
    return new Promise((resolve) => {
      frame.onload = () => resolve(frame);
      document.body.append(frame);
    });
  };
  const rest = () => new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 5));
  for (const end of [(frame) => frame.remove(), (frame) => new Promise((resolve) => {
    frame.onload = resolve;
    frame.srcdoc = 'other';
  })]) {
    const frame = await ticking();
    await rest();
    assert_true(window.ticks > 0);
    await end(frame);
    window.ticks = 0;
    await rest();
    assert_equals(window.ticks, 0);
    frame.remove();
  }
}, 'timers of a frame end with its document');

test(() => {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const inner = frame.contentWindow;
  assert_array_equals([inner.parent, inner.top], [window, window]);
  frame.remove();
  assert_array_equals([inner.parent, inner.top, inner.closed], [null, null, true]);
}, 'windows of frames that were taken out have no parent');
