// Navigating and its waits.

import assert from 'node:assert/strict';
import { failure, flow, once } from '../harness.mjs';

flow('goto waits for commit', async ({ page, site }) => {
  const answer = await page.goto(`${site}/idle`, { waitUntil: 'commit' });
  assert.equal(answer.status(), 200);
  assert.equal(page.url(), `${site}/idle`);
});

flow('goto waits for domcontentloaded', async ({ page, site }) => {
  await page.goto(`${site}/idle`, { waitUntil: 'domcontentloaded' });
  assert.equal(await page.evaluate(() => window.ready), true);
});

flow('goto waits for load', async ({ page, site }) => {
  await page.goto(`${site}/`, { waitUntil: 'load' });
  assert.deepEqual(await page.evaluate(() => [document.readyState, window.loaded]), ['complete', 'script.js']);
});

flow('goto waits for networkidle', async ({ page, site }) => {
  await page.goto(`${site}/idle`, { waitUntil: 'networkidle' });
  assert.equal(await page.textContent('#state'), 'slow');
});

flow('waits for load states', async ({ page, site }) => {
  await page.goto(`${site}/idle`, { waitUntil: 'commit' });
  await page.waitForLoadState('domcontentloaded');
  await page.waitForLoadState('load');
  await page.waitForLoadState('networkidle');
  assert.equal(await page.textContent('#state'), 'slow');
});

flow('goto gives the response', async ({ page, site }) => {
  const answer = await page.goto(`${site}/plain`);
  assert.equal(answer.status(), 200);
  assert.equal(answer.statusText(), 'OK');
  assert.equal((await answer.allHeaders())['content-type'], 'text/html; charset=utf-8');
  assert.match(await answer.text(), /plain text/);
  assert.equal(await answer.finished(), null);
  assert.equal(answer.frame(), page.mainFrame());
});

flow('goto follows redirects', async ({ page, site }) => {
  const answer = await page.goto(`${site}/redirect?to=/plain`);
  assert.equal(page.url(), `${site}/plain`);
  const from = answer.request().redirectedFrom();
  assert.equal((await from.response()).status(), 302);
});

flow('goto shows a 404 page', async ({ page, site }) => {
  const answer = await page.goto(`${site}/missing`);
  assert.equal(answer.status(), 404);
  assert.equal(await page.title(), 'Missing');
});

flow('goto tells failures', async ({ page, site }) => {
  assert.match((await failure(page.goto('not a url'))).message, /Cannot navigate to invalid URL/);
  assert.match((await failure(page.goto('http://nowhere.invalid/'))).message, /net::ERR_NAME_NOT_RESOLVED/);
  // The document that tells the failure is on its way.
  await page.waitForURL('chrome-error://**', { waitUntil: 'commit' });
  await page.goto(`${site}/plain`);
  assert.equal(await page.title(), 'Plain');
});

flow('goto times out', async ({ page, site }) => {
  assert.equal((await failure(page.goto(`${site}/never`, { timeout: 300 }))).name, 'TimeoutError');
  await page.goto(`${site}/plain`);
  assert.equal(await page.title(), 'Plain');
});

flow('goto is overtaken by another', async ({ page, site }) => {
  const first = failure(page.goto(`${site}/never`));
  await page.waitForRequest('**/never');
  await page.goto(`${site}/plain`);
  assert.match((await first).message, /interrupted|ERR_ABORTED/);
});

flow('goto a fragment stays in the document', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.evaluate(() => { window.mark = 1; });
  assert.equal(await page.goto(`${site}/#part-two`), null);
  assert.equal(await page.evaluate(() => window.mark), 1);
});

flow('sees the history API', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  await page.evaluate(() => history.pushState({}, '', '/pushed'));
  await page.waitForURL('**/pushed');
  assert.equal(page.url(), `${site}/pushed`);
});

flow('goes back, forward and reloads', async ({ page, site, sanderling }) => {
  await page.goto(`${site}/plain`);
  await page.goto(`${site}/`);
  // Chromium restores from its back/forward cache without a load event, which Playwright then waits for.
  await page.goBack({ waitUntil: sanderling ? 'load' : 'commit' });
  assert.equal(page.url(), `${site}/plain`);
  await page.goForward({ waitUntil: sanderling ? 'load' : 'commit' });
  assert.equal(page.url(), `${site}/`);
  const answer = await page.reload();
  assert.equal(answer.status(), 200);
  assert.equal(await page.title(), 'Waders');
});

flow('sets and gives content', async ({ page }) => {
  await page.setContent('<title>Set</title><p class="x">one</p><script>window.ran = 7</script>');
  assert.equal(await page.title(), 'Set');
  assert.equal(await page.evaluate(() => window.ran), 7);
  assert.match(await page.content(), /<p class="x">one<\/p>/);
  await page.setContent('<p>again</p>', { waitUntil: 'networkidle' });
  assert.equal(await page.textContent('p'), 'again');
});

flow('follows a clicked link', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.click('#plain');
  await page.waitForURL('**/plain');
  assert.equal(await page.title(), 'Plain');
});

flow('waits for a navigation', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const [answer] = await Promise.all([page.waitForNavigation(), page.evaluate(() => { location.href = '/plain'; })]);
  assert.equal(answer.url(), `${site}/plain`);
});

flow('submits forms', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.fill('#name', 'knot');
  await page.check('#subscribe');
  await page.selectOption('#size', { label: 'Medium' });
  await page.click('#send');
  await page.waitForURL('**/submitted?**');
  assert.deepEqual(JSON.parse(await page.textContent('#sent')), { name: 'knot', subscribe: 'yes', size: 'm' });
  await page.goto(`${site}/form`);
  await page.fill('#message', 'posted');
  const [request] = await Promise.all([page.waitForRequest('**/submitted'), page.click('#post-it')]);
  assert.equal(request.method(), 'POST');
  assert.equal(request.postData(), 'message=posted');
  await page.waitForSelector('#sent');
  assert.deepEqual(JSON.parse(await page.textContent('#sent')), { message: 'posted' });
});

flow('gives page events', async ({ page, site }) => {
  const events = Promise.all([once(page, 'domcontentloaded'), once(page, 'load'), once(page, 'framenavigated')]);
  await page.goto(`${site}/plain`);
  await events;
});
