// Connecting, contexts, pages, several clients, storage state.

import assert from 'node:assert/strict';
import { failure, flow, once, record, until, version } from '../harness.mjs';

flow('connects by http address', async ({ browser, page }) => {
  assert.equal(browser.isConnected(), true);
  assert.equal(await page.evaluate(() => 6 * 7), 42);
});

flow('connects by ws address', async (t) => {
  const told = await version(t.http);
  const browser = await t.connect(told.webSocketDebuggerUrl);
  const page = await (await browser.newContext()).newPage();
  assert.equal(await page.evaluate('1 + 1'), 2);
  await page.context().close();
});

flow('connects by ws address without a path', async (t) => {
  const browser = await t.connect(`ws://127.0.0.1:${t.port}`);
  const page = await (await browser.newContext()).newPage();
  assert.equal(await page.evaluate('1 + 1'), 2);
  await page.context().close();
});

flow('tells its version', async ({ browser }) => {
  assert.match(browser.version(), /^\d+\.\d+/);
});

flow('has a default context with a page', async ({ browser }) => {
  const context = browser.contexts()[0];
  assert.ok(context.pages().length >= 1);
  const page = await context.newPage();
  assert.equal(await page.evaluate('2 + 2'), 4);
  await page.close();
});

flow('keeps contexts apart', async (t) => {
  const second = await t.newContext();
  const other = await second.newPage();
  await t.page.goto(`${t.site}/set-cookie`);
  await t.page.evaluate(() => localStorage.setItem('bird', 'knot'));
  await other.goto(`${t.site}/plain`);
  assert.deepEqual(await other.evaluate(() => [document.cookie, localStorage.getItem('bird')]), ['', null]);
  assert.deepEqual(await second.cookies(), []);
  await second.close();
});

flow('has several pages in a context', async ({ context, page, site }) => {
  const pages = [page, await context.newPage(), await context.newPage()];
  await Promise.all(pages.map((one, i) => one.goto(`${site}/plain?${i}`)));
  assert.deepEqual(context.pages(), pages);
  assert.deepEqual(await Promise.all(pages.map((one) => one.evaluate(() => location.search))), ['?0', '?1', '?2']);
});

flow('has six contexts at work at once', async ({ newContext, site }) => {
  const titles = await Promise.all(Array.from({ length: 6 }, async (_, i) => {
    const context = await newContext();
    const page = await context.newPage();
    await page.goto(`${site}/plain?${i}`);
    const title = await page.title();
    await context.close();
    return title;
  }));
  assert.deepEqual(titles, Array(6).fill('Plain'));
});

flow('closes pages and contexts', async ({ context, newContext }) => {
  const page = await context.newPage();
  const closed = once(page, 'close');
  await page.close();
  await closed;
  assert.equal(page.isClosed(), true);
  assert.match((await failure(page.evaluate('1'))).message, /closed/);
  const second = await newContext();
  const other = await second.newPage();
  const gone = Promise.all([once(other, 'close'), once(second, 'close')]);
  await second.close();
  await gone;
});

flow('fails what waits when its page closes', async ({ context, site }) => {
  const page = await context.newPage();
  await page.goto(`${site}/plain`);
  const waiting = failure(page.waitForSelector('#never'));
  const evaluating = failure(page.evaluate(() => new Promise(() => {})));
  await page.evaluate('0');
  await page.close();
  assert.match((await waiting).message, /closed/);
  assert.match((await evaluating).message, /closed/);
});

flow('shares a browser between two clients', async (t) => {
  const told = await version(t.http);
  const first = await t.connect(told.webSocketDebuggerUrl);
  const second = await t.connect(told.webSocketDebuggerUrl);
  const page = await first.contexts()[0].newPage();
  await page.goto(`${t.site}/plain?shared`);
  const seen = await until(() => second.contexts()[0].pages().find((one) => one.url().endsWith('?shared')), 'the page');
  assert.equal(await seen.title(), 'Plain');
  await page.close();
  await until(() => seen.isClosed(), 'the close');
});

flow('goes on after closing its connection and connecting again', async (t) => {
  const told = await version(t.http);
  const first = await t.connect(told.webSocketDebuggerUrl);
  const page = await first.contexts()[0].newPage();
  await page.goto(`${t.site}/plain?kept`);
  await page.evaluate(() => { window.kept = 'yes'; });
  await first.close();
  const again = await t.connect(told.webSocketDebuggerUrl);
  const found = again.contexts()[0].pages().find((one) => one.url().endsWith('?kept'));
  assert.ok(found, 'the page is gone');
  assert.equal(await found.evaluate(() => window.kept), 'yes');
  await found.close();
});

flow('saves and restores storage state', async ({ context, newContext, page, site }) => {
  await page.goto(`${site}/set-cookie`);
  await page.evaluate(() => localStorage.setItem('bird', 'knot'));
  const state = await context.storageState();
  assert.deepEqual(state.cookies.map((one) => one.name).sort(), ['secret', 'seen']);
  assert.deepEqual(state.origins, [{ origin: site, localStorage: [{ name: 'bird', value: 'knot' }] }]);
  const second = await newContext({ storageState: state });
  const other = await second.newPage();
  await other.goto(`${site}/plain`);
  assert.deepEqual(await other.evaluate(() => [document.cookie, localStorage.getItem('bird')]), ['seen=1', 'knot']);
});

flow('speaks raw protocol through sessions', async ({ browser, context, page }) => {
  const session = await context.newCDPSession(page);
  const { result } = await session.send('Runtime.evaluate', { expression: '[1, 2]', returnByValue: true });
  assert.deepEqual(result.value, [1, 2]);
  assert.match((await failure(session.send('Nothing.atAll'))).message, /'Nothing\.atAll' wasn't found/);
  await session.detach();
  const root = await browser.newBrowserCDPSession();
  assert.match((await root.send('Browser.getVersion')).protocolVersion, /^1\.3$/);
});

flow('tells of new pages', async ({ context }) => {
  const pages = record(context, 'page');
  const page = await context.newPage();
  await until(() => pages.includes(page), 'the page event');
});

flow('survives a crash of its page', async (t) => {
  const page = await (await t.newContext()).newPage();
  await page.goto(`${t.site}/plain`);
  const crashed = once(page, 'crash');
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await crashed;
  const next = await (await t.newContext()).newPage();
  assert.equal(await next.evaluate('1 + 1'), 2);
});
