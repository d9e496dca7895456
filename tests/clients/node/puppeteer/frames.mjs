// Frames of the same and of another origin.

import assert from 'node:assert/strict';
import { flow, once, record, until } from '../harness.mjs';

async function frameOf(page, search) {
  return until(() => page.frames().find((one) => one.url().endsWith(search)), `the frame ${search}`);
}

flow('lists frames', async ({ page, site, other }) => {
  await page.goto(`${site}/frames`);
  assert.equal(page.frames().length, 3);
  const near = await frameOf(page, '?near');
  const far = await frameOf(page, '?far');
  assert.equal(near.url(), `${site}/inner?near`);
  assert.equal(far.url(), `${other}/inner?far`);
  assert.equal(near.parentFrame(), page.mainFrame());
  assert.deepEqual(page.mainFrame().childFrames().length, 2);
});

flow('works in a frame of the same origin', async ({ page, site }) => {
  await page.goto(`${site}/frames`);
  const near = await frameOf(page, '?near');
  assert.equal(await near.evaluate(() => document.getElementById('where').textContent), '?near');
  await near.type('#field', 'typed');
  assert.equal(await near.$eval('#field', (e) => e.value), 'typed');
  await near.click('#press');
  assert.equal(await near.$eval('#press', (e) => e.textContent), 'pressed');
  assert.equal(await page.evaluate(() => document.getElementById('near').contentDocument.title), 'Inner');
});

flow('works in a frame of another origin', async ({ page, site }) => {
  await page.goto(`${site}/frames`);
  const far = await frameOf(page, '?far');
  assert.equal(await far.evaluate(() => document.getElementById('where').textContent), '?far');
  await far.click('#press');
  assert.equal(await far.$eval('#press', (e) => e.textContent), 'pressed');
  assert.equal(await page.evaluate(() => document.getElementById('far').contentDocument), null);
  await far.waitForSelector('#field');
});

flow('finds frames and their elements from each other', async ({ page, site }) => {
  await page.goto(`${site}/frames`);
  const element = await page.$('#near');
  const frame = await element.contentFrame();
  assert.equal(frame.url(), `${site}/inner?near`);
  const owner = await frame.frameElement();
  assert.equal(await owner.evaluate((e) => e.id), 'near');
});

flow('sees frames come, navigate and go', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const seen = [];
  record(page, 'frameattached', () => seen.push('attached'));
  record(page, 'framedetached', () => seen.push('detached'));
  const navigated = once(page, 'framenavigated');
  await page.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.src = '/inner?made';
    document.body.append(frame);
    return new Promise((resolve) => { frame.onload = resolve; });
  });
  await navigated;
  const frame = await frameOf(page, '?made');
  await Promise.all([frame.waitForNavigation(), frame.evaluate(() => { location.search = '?moved'; })]);
  assert.match(frame.url(), /\?moved$/);
  await page.evaluate(() => document.querySelector('iframe').remove());
  await until(() => frame.detached, 'the detachment');
  assert.deepEqual(seen, ['attached', 'detached']);
});

flow('navigates a frame', async ({ page, site }) => {
  await page.goto(`${site}/frames`);
  const near = await frameOf(page, '?near');
  const answer = await near.goto(`${site}/plain`);
  assert.equal(answer.status(), 200);
  assert.equal(await near.evaluate(() => document.title), 'Plain');
  assert.equal(page.url(), `${site}/frames`);
});

flow('sets the content of a frame by srcdoc', async ({ page }) => {
  await page.setContent('<iframe srcdoc="<title>Doc</title><p id=in>inside</p>"></iframe>');
  const frame = await until(() => page.frames()[1], 'the frame');
  assert.equal(await frame.$eval('#in', (e) => e.textContent), 'inside');
});

flow('runs early scripts and exposed functions in frames', async ({ page, site }) => {
  await page.evaluateOnNewDocument(() => { window.early = location.search; });
  await page.exposeFunction('whoami', (x) => `you are ${x}`);
  await page.goto(`${site}/frames`);
  const near = await frameOf(page, '?near');
  assert.equal(await near.evaluate(() => window.early), '?near');
  assert.equal(await near.evaluate(() => window.whoami('near')), 'you are near');
});
