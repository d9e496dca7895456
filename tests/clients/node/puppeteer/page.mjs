// Console, errors, dialogs, popups, downloads, workers, capture.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { failure, flow, once, record, until } from '../harness.mjs';

flow('sees the console', async ({ page, site }) => {
  await page.goto(`${site}/talk`);
  const message = once(page, 'console');
  await page.click('#log');
  const seen = await message;
  assert.equal(seen.type(), 'log');
  assert.match(seen.text(), /^hello 7/);
  assert.deepEqual(await Promise.all(seen.args().map((one) => one.jsonValue())), ['hello', 7, { a: 1 }, [1, 2]]);
  assert.equal(seen.location().url, `${site}/talk`);
});

flow('sees kinds of console messages', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const seen = record(page, 'console', (one) => `${one.type()} ${one.text()}`);
  await page.evaluate(() => {
    console.warn('w'); console.error('e'); console.info('i'); console.debug('d'); console.assert(false, 'a'); console.table([1]); console.count('c');
  });
  await until(() => seen.length >= 7, 'messages');
  assert.deepEqual(seen.slice(0, 5), ['warn w', 'error e', 'info i', 'debug d', 'assert a']);
  assert.match(seen[6], /^count c: 1/);
});

flow('sees uncaught errors', async ({ page, site }) => {
  await page.goto(`${site}/talk`);
  const thrown = once(page, 'pageerror');
  await page.click('#throw');
  const error = await thrown;
  assert.match(error.message, /thrown on purpose/);
  assert.match(error.stack, /throwing/);
  const rejected = once(page, 'pageerror');
  await page.click('#reject');
  assert.match((await rejected).message, /rejected/);
});

flow('answers an alert', async ({ page, site }) => {
  await page.goto(`${site}/talk`);
  const dialogs = [];
  page.on('dialog', async (one) => { dialogs.push([one.type(), one.message(), one.defaultValue()]); await one.accept(); });
  await page.click('#alert');
  assert.deepEqual(dialogs, [['alert', 'look', '']]);
});

flow('answers confirm and prompt', async ({ page, site }) => {
  await page.goto(`${site}/talk`);
  const answers = [(one) => one.accept(), (one) => one.dismiss(), (one) => one.accept('dunlin'), (one) => one.dismiss()];
  const types = [];
  page.on('dialog', (one) => { types.push(`${one.type()}:${one.message()}:${one.defaultValue()}`); answers.shift()(one); });
  const results = [];
  for (const button of ['#confirm', '#confirm', '#prompt', '#prompt']) {
    await page.click(button);
    results.push(await page.evaluate(() => window.answer));
  }
  assert.deepEqual(results, [true, false, 'dunlin', null]);
  assert.deepEqual(types, ['confirm:sure?:', 'confirm:sure?:', 'prompt:name?:knot', 'prompt:name?:knot']);
});

flow('a dialog holds its script, and no other page', async (t) => {
  await t.page.goto(`${t.site}/talk`);
  const other = await t.context.newPage();
  const opened = once(t.page, 'dialog');
  const asking = t.page.evaluate(() => confirm('wait'));
  const dialog = await opened;
  assert.equal(await other.evaluate(() => 2 + 2), 4);
  await dialog.accept();
  assert.equal(await asking, true);
});

flow('sees popups', async (t) => {
  await t.page.goto(`${t.site}/popup`);
  const [popup] = await Promise.all([once(t.page, 'popup'), t.page.click('#open')]);
  await popup.waitForSelector('#opener');
  await until(() => popup.url() === `${t.site}/child`, 'the URL');
  assert.equal(await popup.$eval('#opener', (e) => e.textContent), 'Popup');
  assert.equal(await popup.target().opener(), t.page.target());
  assert.equal(popup.browserContext(), t.context);
  assert.equal(await t.page.evaluate(() => window.child.document.title), 'Child');
  await t.page.evaluate(() => window.child.close());
  await until(() => popup.isClosed(), 'the close');
});

flow('sees blank popups and those of links', async (t) => {
  await t.page.goto(`${t.site}/popup`);
  const [blank] = await Promise.all([once(t.page, 'popup'), t.page.click('#blank')]);
  assert.equal(blank.url(), 'about:blank');
  assert.equal(await blank.evaluate(() => window.opener !== null), true);
  await t.page.bringToFront();
  const made = once(t.context, 'targetcreated');
  await t.page.click('#link');
  const page = await (await made).page();
  await page.waitForSelector('#text');
  assert.equal(await page.evaluate(() => window.opener), null);
});

flow('downloads', async ({ browser, context, page, site, folder }) => {
  const client = await browser.target().createCDPSession();
  const done = new Promise((resolve) => client.on('Browser.downloadProgress', (one) => { if (one.state === 'completed') resolve(one); }));
  const began = new Promise((resolve) => client.once('Browser.downloadWillBegin', resolve));
  await client.send('Browser.setDownloadBehavior', { behavior: 'allowAndName', downloadPath: folder, eventsEnabled: true, browserContextId: context.id });
  await page.goto(`${site}/plain`);
  assert.match((await failure(page.goto(`${site}/download`))).message, /net::ERR_ABORTED/);
  const begin = await began;
  assert.equal(begin.suggestedFilename, 'birds.csv');
  const end = await done;
  assert.equal(end.receivedBytes, 10);
  assert.equal(fs.readFileSync(path.join(folder, begin.guid), 'utf8'), 'name\nknot\n');
  assert.equal(await page.title(), 'Plain');
});

flow('sees workers', async ({ page, site }) => {
  const made = once(page, 'workercreated');
  await page.goto(`${site}/worker`);
  const worker = await made;
  assert.equal(worker.url(), `${site}/work.js`);
  assert.equal(await worker.evaluate(() => self.kind), 'worker');
  await page.waitForFunction(() => window.sum === 6);
  assert.equal(page.workers().length, 1);
  const gone = once(page, 'workerdestroyed');
  await page.evaluate(() => worker.terminate());
  await gone;
});

flow('takes a screenshot, or says that it cannot', async ({ page, site, sanderling }) => {
  await page.goto(`${site}/plain`);
  if (sanderling) {
    assert.match((await failure(page.screenshot())).message, /captureScreenshot.*(render|not supported|paint)/is);
    assert.equal(await page.title(), 'Plain');
    return;
  }
  const bytes = await page.screenshot();
  assert.deepEqual([...bytes.slice(1, 4)], [0x50, 0x4e, 0x47]);
});

flow('prints, or says that it cannot', async ({ page, site, sanderling }) => {
  await page.goto(`${site}/plain`);
  if (sanderling) {
    assert.match((await failure(page.pdf())).message, /printToPDF.*(render|not supported|paint)/is);
    return;
  }
  assert.equal(Buffer.from((await page.pdf()).slice(0, 4)).toString(), '%PDF');
});

flow('measures', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const metrics = await page.metrics();
  assert.ok(metrics.JSHeapUsedSize > 1000, JSON.stringify(metrics));
  assert.ok(metrics.Nodes > 20, JSON.stringify(metrics));
  assert.ok(metrics.Documents >= 1);
});

flow('brings a page to front and sees it focused', async (t) => {
  const other = await t.context.newPage();
  await t.page.bringToFront();
  assert.equal(await t.page.evaluate(() => document.visibilityState), 'visible');
  await other.close();
});

flow('keeps storage', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  await page.evaluate(() => { localStorage.setItem('a', '1'); sessionStorage.setItem('b', '2'); });
  await page.reload();
  assert.deepEqual(await page.evaluate(() => [localStorage.getItem('a'), sessionStorage.getItem('b')]), ['1', '2']);
});

flow('logs what failed to load', async ({ page, site }) => {
  const seen = record(page, 'console', (one) => one.text());
  await page.goto(`${site}/plain`);
  await page.evaluate(() => fetch('/missing'));
  await until(() => seen.some((one) => /404/.test(one)), 'the message');
});
