// Connecting, contexts, pages, several clients.

import assert from 'node:assert/strict';
import { failure, flow, once, record, until, version } from '../harness.mjs';

flow('connects by http address', async ({ browser, page }) => {
  assert.equal(browser.connected, true);
  assert.equal(await page.evaluate(() => 6 * 7), 42);
});

flow('connects by ws address', async (t) => {
  const told = await version(t.http);
  const browser = await t.connect({ browserWSEndpoint: told.webSocketDebuggerUrl });
  t.others.push(browser);
  const page = await browser.newPage();
  assert.equal(await page.evaluate('1 + 1'), 2);
  await page.close();
});

flow('connects by ws address without a path', async (t) => {
  const browser = await t.connect({ browserWSEndpoint: `ws://127.0.0.1:${t.port}` });
  t.others.push(browser);
  const page = await browser.newPage();
  assert.equal(await page.evaluate('1 + 1'), 2);
  await page.close();
});

flow('tells version and user agent', async ({ browser, http }) => {
  const told = await version(http);
  assert.equal(await browser.version(), told.Browser);
  assert.equal(told['Protocol-Version'], '1.3');
  assert.match(await browser.userAgent(), /Mozilla\/5\.0|Sanderling/);
});

flow('finds one blank page at the start', async (t) => {
  const pages = await t.browser.pages();
  assert.ok(pages.length >= 1);
  assert.ok(pages.some((page) => page.url() === 'about:blank'));
});

flow('keeps contexts apart', async (t) => {
  const second = await t.browser.createBrowserContext();
  const other = await second.newPage();
  await t.page.goto(`${t.site}/set-cookie`);
  await other.goto(`${t.site}/plain`);
  await t.page.evaluate(() => localStorage.setItem('bird', 'knot'));
  assert.equal(await other.evaluate(() => document.cookie), '');
  assert.equal(await other.evaluate(() => localStorage.getItem('bird')), null);
  assert.equal(await t.page.evaluate(() => document.cookie), 'seen=1');
  await second.close();
  assert.equal(t.browser.browserContexts().includes(second), false);
});

flow('has several pages in a context', async (t) => {
  const pages = [t.page, await t.context.newPage(), await t.context.newPage()];
  await Promise.all(pages.map((page, i) => page.goto(`${t.site}/plain?${i}`)));
  assert.deepEqual((await t.context.pages()).length, 3);
  assert.deepEqual(await Promise.all(pages.map((page) => page.evaluate(() => location.search))), ['?0', '?1', '?2']);
  assert.equal(pages[1].browserContext(), t.context);
});

flow('has eight contexts at work at once', async (t) => {
  const contexts = await Promise.all(Array.from({ length: 8 }, () => t.browser.createBrowserContext()));
  const titles = await Promise.all(contexts.map(async (context, i) => {
    const page = await context.newPage();
    await page.goto(`${t.site}/plain?${i}`);
    return `${await page.title()}${new URL(page.url()).search}`;
  }));
  assert.deepEqual(titles, contexts.map((_, i) => `Plain?${i}`));
  await Promise.all(contexts.map((context) => context.close()));
});

flow('lists targets', async (t) => {
  await t.page.goto(`${t.site}/plain?listed`);
  const target = await until(() => t.context.targets().find((one) => one.url().endsWith('?listed')), 'the target');
  assert.equal(target.type(), 'page');
  assert.equal(await target.page(), t.page);
  const listed = await (await fetch(`${t.http}/json/list`)).json();
  assert.ok(listed.some((one) => one.type === 'page' && one.url.endsWith('?listed')), JSON.stringify(listed));
});

flow('tells when targets come and go', async (t) => {
  const created = record(t.context, 'targetcreated', (target) => target.type());
  const destroyed = record(t.context, 'targetdestroyed', (target) => target.url());
  const page = await t.context.newPage();
  await page.goto(`${t.site}/plain`);
  await page.close();
  await until(() => destroyed.length === 1, 'targetdestroyed');
  assert.deepEqual(created, ['page']);
  assert.deepEqual(destroyed, [`${t.site}/plain`]);
});

flow('shares a browser between two clients', async (t) => {
  const second = await t.connect({ browserWSEndpoint: t.browser.wsEndpoint() });
  t.others.push(second);
  await t.page.goto(`${t.site}/plain?shared`);
  const page = (await second.pages()).find((one) => one.url().endsWith('?shared'));
  assert.ok(page, 'the second client does not see the page');
  assert.equal(await page.evaluate(() => document.title), 'Plain');
  await page.evaluate(() => { document.title = 'changed'; });
  assert.equal(await t.page.title(), 'changed');
});

flow('goes on after disconnecting and connecting again', async (t) => {
  await t.page.goto(`${t.site}/plain?kept`);
  await t.page.evaluate(() => { window.kept = 'yes'; });
  const address = t.browser.wsEndpoint();
  await t.browser.disconnect();
  assert.equal(t.browser.connected, false);
  const again = await t.connect({ browserWSEndpoint: address });
  t.others.push(again);
  const page = (await again.pages()).find((one) => one.url().endsWith('?kept'));
  assert.ok(page, 'the page is gone');
  assert.equal(await page.evaluate(() => window.kept), 'yes');
  await page.close();
});

flow('closes a page', async (t) => {
  const page = await t.context.newPage();
  const closed = once(page, 'close');
  await page.close();
  await closed;
  assert.equal(page.isClosed(), true);
  assert.equal((await t.context.pages()).includes(page), false);
});

flow('fails commands of a closed page at once', async (t) => {
  const page = await t.context.newPage();
  await page.close();
  const error = await failure(page.evaluate('1'));
  assert.match(error.message, /closed|detached|destroyed|not found/i);
});

flow('fails a pending evaluation when its page closes', async (t) => {
  const page = await t.context.newPage();
  const pending = failure(page.evaluate(() => new Promise(() => {})));
  await page.evaluate('0');
  await page.close();
  assert.match((await pending).message, /closed|destroyed|detached/i);
});

flow('closes a context with its pages', async (t) => {
  const context = await t.browser.createBrowserContext();
  const pages = [await context.newPage(), await context.newPage()];
  const closed = Promise.all(pages.map((page) => once(page, 'close')));
  await context.close();
  await closed;
  assert.deepEqual(pages.map((page) => page.isClosed()), [true, true]);
});

flow('asks before unloading', async (t) => {
  const page = await t.context.newPage();
  await page.goto(`${t.site}/mouse`);
  await page.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()));
  await page.mouse.click(150, 110);
  const dialogs = [];
  page.on('dialog', (dialog) => { dialogs.push(dialog.type()); dialog.accept(); });
  const closed = once(page, 'close');
  await page.close({ runBeforeUnload: true });
  await closed;
  assert.deepEqual(dialogs, ['beforeunload']);
});

flow('speaks raw protocol through a session', async (t) => {
  const session = await t.page.createCDPSession();
  await session.send('Runtime.enable');
  const { result } = await session.send('Runtime.evaluate', { expression: '({ a: [1, 2] })', returnByValue: true });
  assert.deepEqual(result.value, { a: [1, 2] });
  const error = await failure(session.send('Nothing.atAll'));
  assert.match(error.message, /'Nothing\.atAll' wasn't found/);
  const wrong = await failure(session.send('Runtime.evaluate', { expression: 7 }));
  assert.match(wrong.message, /Invalid parameters/);
  await session.detach();
  assert.match((await failure(session.send('Runtime.evaluate', { expression: '1' }))).message, /closed|detached/i);
});

flow('survives a crash of its page', async (t) => {
  const context = await t.browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(`${t.site}/plain`);
  const crashed = once(page, 'error');
  const session = await page.createCDPSession();
  session.send('Page.crash').catch(() => {});
  assert.match((await crashed).message, /crashed/i);
  const next = await (await t.browser.createBrowserContext()).newPage();
  assert.equal(await next.evaluate('1 + 1'), 2);
});

flow('closes the browser', async (t) => {
  const gone = once(t.browser, 'disconnected');
  await t.browser.close();
  await gone;
  assert.equal(t.browser.connected, false);
  // Chromium ends; the next flow must not find the one that is about to.
  if (!t.sanderling) await until(() => fetch(t.http).then(() => false, () => true), 'the end');
});
