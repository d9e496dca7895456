// Evaluating: values both ways, handles, errors, promises, worlds, functions of the client in the page.

import assert from 'node:assert/strict';
import { failure, flow, until } from '../harness.mjs';

flow('passes values both ways', async ({ page }) => {
  const values = [0, -0, 1.5, NaN, Infinity, -Infinity, 'text é 🐦', '', true, false, null, [1, [2]], { a: { b: null } }, 10n];
  for (const value of values) assert.deepEqual(await page.evaluate((x) => x, value), value);
  assert.equal(await page.evaluate((x) => x, undefined), undefined);
  assert.equal(await page.evaluate(() => {}), undefined);
  assert.ok(Object.is(await page.evaluate(() => -0), -0));
});

flow('gives objects by value as JSON does', async ({ page }) => {
  assert.deepEqual(await page.evaluate(() => ({ a: 1, f: undefined, d: [undefined] })), { a: 1, d: [null] });
  assert.deepEqual(await page.evaluate(() => new Map([[1, 2]])), {});
  assert.equal(await page.evaluate(() => Symbol('x')), undefined);
});

flow('gives nothing for a cycle', async ({ page }) => {
  const value = await page.evaluate(() => { const a = {}; a.a = a; return a; });
  assert.equal(value, undefined);
});

flow('evaluates expressions', async ({ page }) => {
  assert.equal(await page.evaluate('1 + 2'), 3);
  assert.equal(await page.evaluate('const x = 5; x * 2'), 10);
  assert.equal(await page.evaluate('(() => 7)()'), 7);
});

flow('passes large values', async ({ page }) => {
  const text = 'knot'.repeat(500_000);
  assert.equal(await page.evaluate((x) => x.length, text), 2_000_000);
  assert.equal((await page.evaluate(() => 'x'.repeat(3_000_000))).length, 3_000_000);
});

flow('awaits promises', async ({ page }) => {
  assert.equal(await page.evaluate(() => Promise.resolve(8)), 8);
  assert.equal(await page.evaluate(async () => { await new Promise((r) => setTimeout(r, 20)); return 'late'; }), 'late');
  assert.match((await failure(page.evaluate(() => Promise.reject(new Error('no'))))).message, /no/);
});

flow('runs evaluations side by side', async ({ page }) => {
  const slow = page.evaluate(() => new Promise((resolve) => { window.finish = resolve; }));
  assert.equal(await page.evaluate(() => 1), 1);
  await page.evaluate(() => window.finish('done'));
  assert.equal(await slow, 'done');
});

flow('throws errors with their stacks', async ({ page }) => {
  const error = await failure(page.evaluate(() => { function inner() { throw new TypeError('bad knot'); } inner(); }));
  assert.equal(error.name, 'TypeError');
  assert.match(error.message, /bad knot/);
  assert.match(error.stack, /evaluate/);
});

flow('throws reference and syntax errors', async ({ page }) => {
  assert.match((await failure(page.evaluate(() => notDefinedAtAll.x))).message, /notDefinedAtAll is not defined/);
  assert.match((await failure(page.evaluate('1 +'))).message, /Unexpected end of input|SyntaxError/);
});

flow('throws what is no error', async ({ page }) => {
  assert.equal(await failure(page.evaluate(() => { throw 'a string'; })), 'a string');
  assert.equal(await failure(page.evaluate(() => { throw 7; })), 7);
  assert.equal(await failure(page.evaluate(() => { throw null; })), null);
});

flow('gives handles', async ({ page }) => {
  const handle = await page.evaluateHandle(() => ({ bird: 'knot', list: [1, 2], f() {} }));
  assert.equal(await handle.evaluate((o) => o.bird), 'knot');
  const properties = await handle.getProperties();
  assert.deepEqual([...properties.keys()], ['bird', 'list', 'f']);
  assert.equal(await properties.get('bird').jsonValue(), 'knot');
  assert.deepEqual(await (await handle.getProperty('list')).jsonValue(), [1, 2]);
  assert.equal(await page.evaluate((o, n) => o.list[n], handle, 1), 2);
  await handle.dispose();
  assert.equal(handle.disposed, true);
});

flow('describes handles', async ({ page }) => {
  const texts = [];
  for (const make of ['({})', '[1,2,3]', '/x/g', 'new Map([[1,2]])', 'new Set([1])', '(function f() {})', 'Symbol("s")', 'document.body', 'null', '5']) {
    texts.push((await page.evaluateHandle(make)).toString());
  }
  assert.deepEqual(texts.map((text) => text.replace(/JSHandle[:@]/, '')), [
    'object', 'array', 'regexp', 'map', 'set', 'function', 'symbol', 'node', 'null', '5',
  ]);
});

flow('gives element handles', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const handle = await page.evaluateHandle(() => document.getElementById('head'));
  const element = handle.asElement();
  assert.ok(element);
  assert.equal(await page.evaluate((e) => e.tagName, element), 'H1');
  assert.equal((await page.evaluateHandle(() => 5)).asElement(), null);
});

flow('passes handles of one page only', async (t) => {
  const handle = await t.page.evaluateHandle(() => ({}));
  const page = await t.context.newPage();
  assert.match((await failure(page.evaluate((x) => x, handle))).message, /JSHandles can be evaluated only in the context/i);
});

flow('fails an evaluation when its document goes', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const pending = failure(page.evaluate(() => new Promise(() => {})));
  await page.goto(`${site}/`);
  assert.match((await pending).message, /destroyed|navigat|detached/i);
});

flow('forgets handles of a document that went', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const handle = await page.evaluateHandle(() => ({ a: 1 }));
  await page.goto(`${site}/`);
  assert.match((await failure(handle.evaluate((x) => x.a))).message, /context|object|disposed|detached/i);
});

flow('queries objects of a kind in two worlds', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.evaluate(() => { window.secret = 1; Array.prototype.patched = 1; Node.prototype.appendChild = null; });
  const world = page.mainFrame().isolatedRealm();
  assert.equal(await world.evaluate(() => typeof window.secret), 'undefined');
  assert.equal(await world.evaluate(() => typeof [].patched), 'undefined');
  assert.equal(await world.evaluate(() => document.body.appendChild(document.createElement('i')).tagName), 'I');
  assert.equal(await page.evaluate(() => document.querySelectorAll('i').length), 1);
});

flow('keeps its own world after navigations', async ({ page, site }) => {
  for (const path of ['/plain', '/', '/plain']) {
    await page.goto(site + path);
    assert.equal(await page.mainFrame().isolatedRealm().evaluate(() => location.pathname), path);
  }
});

flow('exposes a function', async ({ page, site }) => {
  await page.exposeFunction('add', (a, b) => a + b);
  await page.exposeFunction('failing', () => { throw new RangeError('not here'); });
  assert.equal(await page.evaluate(() => window.add(2, 3)), 5);
  await page.goto(`${site}/plain`);
  assert.equal(await page.evaluate(() => Promise.all([window.add(1, 1), window.add(2, 2)]).then(String)), '2,4');
  assert.equal(await page.evaluate(() => window.failing().catch((error) => error.message)), 'not here');
});

flow('removes an exposed function', async ({ page, site }) => {
  await page.exposeFunction('gone', () => 1);
  assert.equal(await page.evaluate(() => window.gone()), 1);
  await page.removeExposedFunction('gone');
  await page.goto(`${site}/plain`);
  assert.equal(await page.evaluate(() => typeof window.gone), 'undefined');
});

flow('runs scripts before those of the page', async ({ page, site }) => {
  const first = await page.evaluateOnNewDocument((x) => { window.early = [x, document.readyState, typeof window.loaded]; }, 'knot');
  await page.evaluateOnNewDocument(() => { window.early.push('second'); });
  await page.goto(`${site}/`);
  assert.deepEqual(await page.evaluate(() => window.early), ['knot', 'loading', 'undefined', 'second']);
  await page.removeScriptToEvaluateOnNewDocument(first.identifier);
  await page.goto(`${site}/plain`);
  assert.equal(await page.evaluate(() => window.early), undefined);
});

flow('waits for a function', async ({ page, site }) => {
  await page.goto(`${site}/dynamic`);
  const handle = await page.waitForFunction(() => document.getElementById('late')?.textContent);
  assert.equal(await handle.jsonValue(), 'late');
  const polled = await page.waitForFunction('document.getElementById("added") === null && 5', { polling: 20 });
  assert.equal(await polled.jsonValue(), 5);
  const mutated = page.waitForFunction(() => document.getElementById('added') !== null, { polling: 'mutation' });
  await page.click('#add');
  await mutated;
  assert.equal((await failure(page.waitForFunction('false', { timeout: 100 }))).name, 'TimeoutError');
});

flow('adds script and style tags', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.addScriptTag({ content: 'window.added = 35;' });
  await page.addScriptTag({ url: `${site}/cached.js` });
  await page.addStyleTag({ content: '#head { color: rgb(1, 2, 3) }' });
  assert.deepEqual(await page.evaluate(() => [window.added, window.cached]), [35, true]);
  assert.equal(await page.$eval('#head', (e) => getComputedStyle(e).color), 'rgb(1, 2, 3)');
});

flow('evaluates in spite of a strict policy', async ({ page, site }) => {
  await page.goto(`${site}/strict`);
  assert.equal(await page.evaluate(() => typeof window.ran), 'undefined');
  assert.equal(await page.evaluate(() => 1 + 1), 2);
  assert.equal(await page.$eval('title', (e) => e.textContent), 'Strict');
});

flow('bypasses a strict policy', async ({ page, site }) => {
  await page.setBypassCSP(true);
  await page.goto(`${site}/strict`);
  assert.equal(await page.evaluate(() => window.ran), 1);
});

flow('ends an endless script with its page', async (t) => {
  const page = await t.context.newPage();
  await page.goto(`${t.site}/plain`);
  const spinning = failure(page.evaluate(() => { for (;;); }));
  const other = await t.context.newPage();
  assert.equal(await other.evaluate('1 + 1'), 2);
  await page.close();
  assert.match((await spinning).message, /closed|detached|destroyed/i);
  await until(() => page.isClosed(), 'the close');
});
