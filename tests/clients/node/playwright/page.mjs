// Console, errors, dialogs, frames, popups, downloads, workers, capture.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { failure, flow, once, record, until } from '../harness.mjs';

flow('sees the console', async ({ page, site }) => {
  await page.goto(`${site}/talk`);
  const [message] = await Promise.all([page.waitForEvent('console'), page.click('#log')]);
  assert.equal(message.type(), 'log');
  assert.match(message.text(), /^hello 7/);
  assert.deepEqual(await Promise.all(message.args().map((one) => one.jsonValue())), ['hello', 7, { a: 1 }, [1, 2]]);
  assert.equal(message.location().url, `${site}/talk`);
});

flow('sees uncaught errors', async ({ page, site }) => {
  await page.goto(`${site}/talk`);
  const [thrown] = await Promise.all([page.waitForEvent('pageerror'), page.click('#throw')]);
  assert.equal(thrown.name, 'RangeError');
  assert.equal(thrown.message, 'thrown on purpose');
  assert.match(thrown.stack, /throwing/);
  const [rejected] = await Promise.all([page.waitForEvent('pageerror'), page.click('#reject')]);
  assert.equal(rejected.message, 'rejected');
});

flow('answers dialogs', async ({ page, site }) => {
  await page.goto(`${site}/talk`);
  const results = [];
  const answers = [(one) => one.accept(), (one) => one.dismiss(), (one) => one.accept('dunlin')];
  const seen = [];
  page.on('dialog', (one) => { seen.push([one.type(), one.message(), one.defaultValue()]); answers.shift()(one); });
  for (const button of ['#confirm', '#confirm', '#prompt']) {
    await page.click(button);
    results.push(await page.evaluate(() => window.answer));
  }
  assert.deepEqual(results, [true, false, 'dunlin']);
  assert.deepEqual(seen[2], ['prompt', 'name?', 'knot']);
});

flow('dismisses dialogs that nobody answers', async ({ page, site }) => {
  await page.goto(`${site}/talk`);
  await page.click('#confirm');
  assert.equal(await page.evaluate(() => window.answer), false);
});

flow('works in frames', async ({ page, site, other }) => {
  await page.goto(`${site}/frames`);
  assert.equal(page.frames().length, 3);
  const near = page.frame('near');
  assert.equal(near.url(), `${site}/inner?near`);
  assert.equal(near.parentFrame(), page.mainFrame());
  await near.fill('#field', 'typed');
  await near.click('#press');
  assert.equal(await near.textContent('#press'), 'pressed');
  const far = page.frame({ url: `${other}/inner?far` });
  assert.equal(await far.evaluate(() => document.getElementById('where').textContent), '?far');
  await far.click('#press');
  assert.equal(await far.textContent('#press'), 'pressed');
});

flow('works by frame locators', async ({ page, site }) => {
  await page.goto(`${site}/frames`);
  const near = page.frameLocator('#near');
  await near.getByRole('button', { name: 'Press' }).click();
  assert.equal(await near.locator('#press').textContent(), 'pressed');
  assert.equal(await page.locator('#far').contentFrame().locator('#where').textContent(), '?far');
  const element = await page.$('#near');
  const frame = await element.contentFrame();
  assert.equal(frame, page.frame('near'));
  assert.equal(await (await frame.frameElement()).getAttribute('id'), 'near');
});

flow('sees frames come and go', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const attached = once(page, 'frameattached');
  await page.evaluate(() => { const f = document.createElement('iframe'); f.src = '/inner?made'; document.body.append(f); });
  const frame = await attached;
  await frame.waitForURL('**/inner?made');
  const detached = once(page, 'framedetached');
  await page.evaluate(() => document.querySelector('iframe').remove());
  assert.equal(await detached, frame);
  assert.equal(frame.isDetached(), true);
});

flow('sees popups', async ({ context, page, site }) => {
  await page.goto(`${site}/popup`);
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#open')]);
  await popup.waitForLoadState();
  assert.equal(popup.url(), `${site}/child`);
  assert.equal(await popup.textContent('#opener'), 'Popup');
  assert.equal(await popup.opener(), page);
  const [second] = await Promise.all([context.waitForEvent('page'), page.click('#link')]);
  await second.waitForLoadState();
  assert.equal(await second.title(), 'Plain');
});

flow('sees popups that are closed at once', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  for (const url of ['', '/child']) {
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.evaluate((where) => { open(where).close(); }, url)]);
    if (!popup.isClosed()) await popup.waitForEvent('close');
  }
});

flow('runs init scripts and routes in popups', async ({ context, page, site }) => {
  await context.addInitScript(() => { window.early = 1; });
  await context.route('**/child', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Routed</title>' }));
  await page.goto(`${site}/popup`);
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#open')]);
  await popup.waitForLoadState();
  assert.equal(await popup.title(), 'Routed');
  assert.equal(await popup.evaluate(() => window.early), 1);
});

flow('downloads', async ({ page, site, folder }) => {
  await page.goto(`${site}/plain`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.evaluate(() => { location.href = '/download'; })]);
  assert.equal(download.suggestedFilename(), 'birds.csv');
  assert.equal(download.url(), `${site}/download`);
  assert.equal(await download.failure(), null);
  await download.saveAs(`${folder}/saved.csv`);
  assert.equal(fs.readFileSync(`${folder}/saved.csv`, 'utf8'), 'name\nknot\n');
});

flow('routes and adds headers after a worker was made', async ({ page, site }) => {
  await Promise.all([page.waitForEvent('worker'), page.goto(`${site}/worker`)]);
  await page.setExtraHTTPHeaders({ 'x-bird': 'knot' });
  let seen = null;
  await page.route('**/data', (route) => { seen = route.request().headers()['x-bird']; return route.fulfill({ body: 'routed' }); });
  assert.equal(await page.workers()[0].evaluate(async (url) => (await fetch(url)).text(), `${site}/data`), 'routed');
  assert.equal(seen, 'knot');
});

flow('sees workers', async ({ page, site }) => {
  const [worker] = await Promise.all([page.waitForEvent('worker'), page.goto(`${site}/worker`)]);
  assert.equal(worker.url(), `${site}/work.js`);
  assert.equal(await worker.evaluate(() => self.kind), 'worker');
  const gone = once(worker, 'close');
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
  assert.deepEqual([...(await page.screenshot()).slice(1, 4)], [0x50, 0x4e, 0x47]);
});

flow('prints, or says that it cannot', async ({ page, site, sanderling }) => {
  await page.goto(`${site}/plain`);
  if (sanderling) {
    assert.match((await failure(page.pdf())).message, /printToPDF.*(render|not supported|paint)/is);
    return;
  }
  assert.equal((await page.pdf()).subarray(0, 4).toString(), '%PDF');
});

flow('asks before unloading', async ({ context, site }) => {
  const page = await context.newPage();
  await page.goto(`${site}/mouse`);
  await page.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()));
  await page.click('#pad');
  const dialogs = record(page, 'dialog', (one) => { one.accept(); return one.type(); });
  const closed = once(page, 'close');
  await page.close({ runBeforeUnload: true });
  await closed;
  assert.deepEqual(dialogs, ['beforeunload']);
});

flow('collects messages of a context', async ({ context, page, site }) => {
  const seen = [];
  context.on('console', (one) => seen.push(one.text()));
  context.on('weberror', (one) => seen.push(one.error().message));
  await page.goto(`${site}/talk`);
  await page.evaluate(() => console.log('from the page'));
  await page.click('#throw');
  await until(() => seen.length === 2, 'both');
  assert.deepEqual(seen, ['from the page', 'thrown on purpose']);
});
