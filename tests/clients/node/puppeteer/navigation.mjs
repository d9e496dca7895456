// Navigating: goto and its waits, redirects, failures, history, content, links.

import assert from 'node:assert/strict';
import { failure, flow, record, until } from '../harness.mjs';

flow('goto waits for load', async ({ page, site }) => {
  await page.goto(`${site}/`, { waitUntil: 'load' });
  assert.equal(await page.evaluate(() => document.readyState), 'complete');
  assert.equal(await page.evaluate(() => window.loaded), 'script.js');
  assert.equal(await page.title(), 'Waders');
});

flow('goto waits for domcontentloaded', async ({ page, site }) => {
  await page.goto(`${site}/idle`, { waitUntil: 'domcontentloaded' });
  assert.equal(await page.evaluate(() => window.ready), true);
});

flow('goto waits for networkidle0', async ({ page, site }) => {
  await page.goto(`${site}/idle`, { waitUntil: 'networkidle0' });
  assert.equal(await page.$eval('#state', (e) => e.textContent), 'slow');
});

flow('goto waits for networkidle2', async ({ page, site }) => {
  const begin = Date.now();
  await page.goto(`${site}/plain`, { waitUntil: 'networkidle2' });
  assert.ok(Date.now() - begin >= 450, `${Date.now() - begin} ms`);
});

flow('goto waits for several events', async ({ page, site }) => {
  const answer = await page.goto(`${site}/idle`, { waitUntil: ['domcontentloaded', 'load', 'networkidle0'] });
  assert.equal(answer.status(), 200);
});

flow('goto gives the response', async ({ page, site }) => {
  const answer = await page.goto(`${site}/plain`);
  assert.equal(answer.status(), 200);
  assert.equal(answer.ok(), true);
  assert.equal(answer.url(), `${site}/plain`);
  assert.equal(answer.headers()['content-type'], 'text/html; charset=utf-8');
  assert.match(await answer.text(), /plain text/);
  assert.equal(answer.request().isNavigationRequest(), true);
  assert.equal(answer.frame(), page.mainFrame());
});

flow('goto about:blank gives no response', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  assert.equal(await page.goto('about:blank'), null);
  assert.equal(page.url(), 'about:blank');
});

flow('goto takes a data URL', async ({ page }) => {
  await page.goto('data:text/html,<title>Data</title><p>here');
  assert.equal(await page.title(), 'Data');
});

flow('goto follows redirects', async ({ page, site }) => {
  const answer = await page.goto(`${site}/redirect?to=${encodeURIComponent('/redirect?to=/plain')}`);
  assert.equal(answer.url(), `${site}/plain`);
  assert.equal(page.url(), `${site}/plain`);
  const chain = answer.request().redirectChain();
  assert.deepEqual(chain.map((one) => one.response().status()), [302, 302]);
});

flow('goto shows a 404 page', async ({ page, site }) => {
  const answer = await page.goto(`${site}/missing`);
  assert.equal(answer.status(), 404);
  assert.equal(answer.ok(), false);
  assert.equal(await page.title(), 'Missing');
});

flow('goto tells a refused connection', async ({ page, site }) => {
  const error = await failure(page.goto('http://127.0.0.1:9/'));
  assert.match(error.message, /net::ERR_(CONNECTION_REFUSED|UNSAFE_PORT)/);
  await page.goto(`${site}/plain`);
  assert.equal(await page.title(), 'Plain');
});

flow('goto tells an unknown host', async ({ page }) => {
  const error = await failure(page.goto('http://nowhere.invalid/'));
  assert.match(error.message, /net::ERR_NAME_NOT_RESOLVED/);
});

flow('goto refuses an invalid URL', async ({ page }) => {
  const error = await failure(page.goto('not a url'));
  assert.match(error.message, /Cannot navigate to invalid URL/);
});

flow('goto times out', async ({ page, site }) => {
  const error = await failure(page.goto(`${site}/never`, { timeout: 300 }));
  assert.equal(error.name, 'TimeoutError');
  await page.goto(`${site}/plain`);
  assert.equal(await page.title(), 'Plain');
});

flow('a navigation overtakes another', async ({ page, site }) => {
  const first = failure(page.goto(`${site}/never`));
  await page.waitForRequest((request) => request.url().endsWith('/never'));
  await page.goto(`${site}/plain`);
  assert.match((await first).message, /ERR_ABORTED|interrupted|detached/);
});

flow('goto a fragment stays in the document', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.evaluate(() => { window.mark = 1; });
  const answer = await page.goto(`${site}/#part-two`);
  assert.equal(answer, null);
  assert.equal(page.url(), `${site}/#part-two`);
  assert.equal(await page.evaluate(() => window.mark), 1);
});

flow('sees pushState and replaceState', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  await Promise.all([page.waitForNavigation(), page.evaluate(() => history.pushState({ n: 1 }, '', '/pushed'))]);
  assert.equal(page.url(), `${site}/pushed`);
  await page.evaluate(() => history.replaceState({}, '', '/replaced'));
  await until(() => page.url() === `${site}/replaced`, 'the URL');
});

flow('goes back and forward', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  await page.goto(`${site}/`);
  const back = await page.goBack();
  assert.equal(page.url(), `${site}/plain`);
  assert.equal(await page.title(), 'Plain');
  assert.ok(back === null || back.url() === `${site}/plain`);
  await page.goForward();
  assert.equal(await page.title(), 'Waders');
  await failure(page.goForward()).then((error) => assert.match(error.message, /history/i), () => {});
});

flow('goes back within a document', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  await page.evaluate(() => { history.pushState(1, '', '/one'); history.pushState(2, '', '/two'); });
  await page.goBack();
  assert.equal(page.url(), `${site}/one`);
  assert.equal(await page.evaluate(() => history.state), 1);
});

flow('reloads', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  await page.evaluate(() => { window.mark = 1; });
  const answer = await page.reload();
  assert.equal(answer.status(), 200);
  assert.equal(await page.evaluate(() => window.mark), undefined);
});

flow('sets and gives content', async ({ page }) => {
  await page.setContent('<title>Set</title><p class="x">one &amp; two</p><script>window.ran = 7</script>');
  assert.equal(await page.title(), 'Set');
  assert.equal(await page.evaluate(() => window.ran), 7);
  assert.match(await page.content(), /<p class="x">one &amp; two<\/p>/);
  await page.setContent('<p>again</p>');
  assert.equal(await page.evaluate(() => document.body.textContent), 'again');
});

flow('sets content with subresources', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  await page.setContent(`<link rel=stylesheet href="/style.css"><script src="/script.js"></script><p class=bird>x`, { waitUntil: 'load' });
  assert.equal(await page.evaluate(() => window.loaded), 'script.js');
  assert.equal(await page.$eval('.bird', (e) => getComputedStyle(e).color), 'rgb(0, 0, 128)');
});

flow('follows a clicked link', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const [answer] = await Promise.all([page.waitForNavigation(), page.click('#plain')]);
  assert.equal(answer.url(), `${site}/plain`);
  assert.equal(await page.title(), 'Plain');
});

flow('submits a form by GET', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.type('#name', 'knot');
  await page.click('#subscribe');
  await page.select('#size', 'm');
  await page.click('#high');
  await Promise.all([page.waitForNavigation(), page.click('#send')]);
  assert.equal(new URL(page.url()).search, '?name=knot&subscribe=yes&size=m&tide=high');
  const sent = JSON.parse(await page.$eval('#sent', (e) => e.textContent));
  assert.deepEqual(sent, { name: 'knot', subscribe: 'yes', size: 'm', tide: 'high' });
});

flow('submits a form by POST', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.type('#message', 'two lines\nand é');
  const [answer] = await Promise.all([page.waitForNavigation(), page.click('#post-it')]);
  assert.equal(answer.request().method(), 'POST');
  const sent = JSON.parse(await page.$eval('#sent', (e) => e.textContent));
  assert.deepEqual(sent, { message: 'two lines\r\nand é' });
});

flow('sees a script navigate', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await Promise.all([page.waitForNavigation(), page.evaluate(() => { location.href = '/plain'; })]);
  assert.equal(await page.title(), 'Plain');
});

flow('gives page events in order', async ({ page, site }) => {
  const seen = [];
  for (const event of ['domcontentloaded', 'load', 'framenavigated']) record(page, event, () => seen.push(event));
  await page.goto(`${site}/plain`);
  await until(() => seen.includes('load'), 'load');
  assert.deepEqual(seen, ['framenavigated', 'domcontentloaded', 'load']);
});

flow('stays where it is on 204', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const error = await failure(page.goto(`${site}/empty`));
  assert.match(error.message, /net::ERR_ABORTED/);
  assert.equal(await page.title(), 'Plain');
});
