// Evaluating, handles, functions of the client in the page.

import assert from 'node:assert/strict';
import { failure, flow } from '../harness.mjs';

flow('passes values both ways', async ({ page }) => {
  const values = [0, -0, NaN, Infinity, 1.5, 'é 🐦', true, null, undefined, [1, [2]], { a: { b: [undefined] } }, 10n, new Date(5), /x/gi];
  for (const value of values) assert.deepEqual(await page.evaluate((x) => x, value), value);
  const cycle = await page.evaluate(() => { const a = { n: 1 }; a.self = a; return a; });
  assert.equal(cycle.self, cycle);
});

flow('awaits promises and throws errors', async ({ page }) => {
  assert.equal(await page.evaluate(async () => { await new Promise((r) => setTimeout(r, 20)); return 'late'; }), 'late');
  const error = await failure(page.evaluate(() => { function inner() { throw new TypeError('bad knot'); } inner(); }));
  assert.match(error.message, /TypeError: bad knot/);
  assert.match((await failure(page.evaluate(() => Promise.reject(new Error('no'))))).message, /no/);
  assert.match((await failure(page.evaluate('1 +'))).message, /SyntaxError/);
});

flow('gives handles', async ({ page }) => {
  const handle = await page.evaluateHandle(() => ({ bird: 'knot', list: [1, 2] }));
  assert.equal(await handle.evaluate((o) => o.bird), 'knot');
  assert.deepEqual([...(await handle.getProperties()).keys()], ['bird', 'list']);
  assert.deepEqual(await handle.jsonValue(), { bird: 'knot', list: [1, 2] });
  assert.equal(await page.evaluate(({ o, n }) => o.list[n], { o: handle, n: 1 }), 2);
  await handle.dispose();
});

flow('gives element handles', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const element = await page.$('#head');
  assert.equal(await element.textContent(), 'Waders of the shore');
  assert.equal(await element.evaluate((e) => e.tagName), 'H1');
  assert.equal(await page.$('.absent'), null);
  assert.equal(await page.$eval('#list', (e, n) => e.children[n].textContent, 2), 'Dunlin');
  assert.deepEqual(await page.$$eval('.bird', (all) => all.length), 3);
  assert.equal((await element.ownerFrame()).url(), page.url());
});

flow('fails an evaluation when its document goes', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const pending = failure(page.evaluate(() => new Promise(() => {})));
  await page.goto(`${site}/`);
  assert.match((await pending).message, /destroyed|navigation/i);
});

flow('exposes functions and bindings', async ({ context, page, site }) => {
  await page.exposeFunction('add', (a, b) => a + b);
  await context.exposeBinding('whence', ({ frame }) => frame.url());
  assert.equal(await page.evaluate(() => window.add(2, 3)), 5);
  await page.goto(`${site}/plain`);
  assert.deepEqual(await page.evaluate(() => Promise.all([window.add(1, 1), window.whence()])), [2, `${site}/plain`]);
});

flow('runs init scripts first', async ({ context, page, site }) => {
  await context.addInitScript(() => { window.early = [typeof window.loaded]; });
  await page.addInitScript((x) => { window.early.push(x); }, 'page');
  await page.goto(`${site}/`);
  assert.deepEqual(await page.evaluate(() => window.early), ['undefined', 'page']);
  const second = await context.newPage();
  await second.goto(`${site}/plain`);
  assert.deepEqual(await second.evaluate(() => window.early), ['undefined']);
});

flow('waits for functions', async ({ page, site }) => {
  await page.goto(`${site}/dynamic`);
  const handle = await page.waitForFunction(() => document.getElementById('late')?.textContent);
  assert.equal(await handle.jsonValue(), 'late');
  assert.equal(await (await page.waitForFunction((n) => n + 1, 4, { polling: 20 })).jsonValue(), 5);
  assert.equal((await failure(page.waitForFunction(() => false, undefined, { timeout: 100 }))).name, 'TimeoutError');
});

flow('adds script and style tags', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.addScriptTag({ content: 'window.added = 35;' });
  await page.addScriptTag({ url: `${site}/cached.js` });
  await page.addStyleTag({ content: '#head { color: rgb(1, 2, 3) }' });
  assert.deepEqual(await page.evaluate(() => [window.added, window.cached]), [35, true]);
  assert.equal(await page.$eval('#head', (e) => getComputedStyle(e).color), 'rgb(1, 2, 3)');
});

flow('is untouched by what a page does to its globals', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.evaluate(() => { window.Map = null; Array.prototype.map = null; document.querySelector = null; JSON.stringify = null; });
  assert.equal(await page.locator('.bird').count(), 3);
  await page.locator('#plain').click();
  await page.waitForURL('**/plain');
});
