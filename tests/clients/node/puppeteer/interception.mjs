// Request interception.

import assert from 'node:assert/strict';
import { failure, flow, record, until } from '../harness.mjs';

const json = (page) => page.evaluate(() => JSON.parse(document.body.textContent));

async function intercept(page, decide) {
  await page.setRequestInterception(true);
  page.on('request', decide);
}

flow('continues requests', async ({ page, site }) => {
  const seen = [];
  await intercept(page, (one) => { seen.push(new URL(one.url()).pathname); one.continue(); });
  const answer = await page.goto(`${site}/`);
  assert.equal(answer.status(), 200);
  for (const path of ['/', '/style.css', '/script.js', '/pixel.png']) assert.ok(seen.includes(path), `${seen}`);
});

flow('changes headers of requests', async ({ page, site }) => {
  await intercept(page, (one) => one.continue({ headers: { ...one.headers(), 'x-changed': 'yes' } }));
  await page.goto(`${site}/echo`);
  assert.equal((await json(page)).headers['x-changed'], 'yes');
});

flow('changes method and body of requests', async ({ page, site }) => {
  await intercept(page, (one) => {
    if (one.url().endsWith('/echo')) one.continue({ method: 'POST', postData: 'other=1', headers: { ...one.headers(), 'content-type': 'text/plain' } });
    else one.continue();
  });
  await page.goto(`${site}/ajax`);
  await page.click('#post');
  await page.waitForFunction(() => document.getElementById('out').textContent === 'other=1');
});

flow('changes the address of requests', async ({ page, site }) => {
  await intercept(page, (one) => one.continue(one.url().endsWith('/asked') ? { url: `${site}/plain` } : {}));
  await page.goto(`${site}/asked`);
  assert.equal(page.url(), `${site}/asked`);
  assert.equal(await page.title(), 'Plain');
});

flow('answers requests itself', async ({ page, site }) => {
  await intercept(page, (one) => {
    if (one.url().includes('data.json')) one.respond({ status: 201, contentType: 'application/json', headers: { 'X-From': 'client' }, body: '{"bird":"made up"}' });
    else one.continue();
  });
  await page.goto(`${site}/ajax`);
  const [answer] = await Promise.all([page.waitForResponse((one) => one.url().includes('data.json')), page.click('#fetch')]);
  assert.equal(answer.status(), 201);
  assert.equal(answer.headers()['x-from'], 'client');
  await page.waitForFunction(() => document.getElementById('out').textContent.includes('made up'));
});

flow('answers documents of hosts that do not exist', async ({ page }) => {
  await intercept(page, (one) => one.respond({ body: '<title>Invented</title>', contentType: 'text/html', headers: { 'Set-Cookie': 'x=1' } }));
  const answer = await page.goto('http://nowhere.invalid/');
  assert.equal(answer.status(), 200);
  assert.equal(await page.title(), 'Invented');
  assert.equal(await page.evaluate(() => document.cookie), 'x=1');
});

flow('answers with bytes', async ({ page, site }) => {
  const bytes = Buffer.from([0, 255, 1, 254, 10, 13]);
  await intercept(page, (one) => (one.url().includes('data.json') ? one.respond({ body: bytes, contentType: 'application/octet-stream' }) : one.continue()));
  await page.goto(`${site}/plain`);
  assert.deepEqual(await page.evaluate(async () => [...new Uint8Array(await (await fetch('/data.json')).arrayBuffer())]), [...bytes]);
});

flow('aborts requests', async ({ page, site }) => {
  const failed = record(page, 'requestfailed', (one) => one.failure().errorText);
  await intercept(page, (one) => (one.resourceType() === 'image' ? one.abort() : one.url().includes('data.json') ? one.abort('connectionrefused') : one.continue()));
  await page.goto(`${site}/`);
  await page.goto(`${site}/ajax`);
  await page.click('#fetch');
  await page.waitForFunction(() => document.getElementById('out').textContent === 'failed: TypeError');
  assert.deepEqual(failed.filter((one) => one !== 'net::ERR_ABORTED'), ['net::ERR_FAILED', 'net::ERR_CONNECTION_REFUSED']);
});

flow('aborts a navigation', async ({ page, site }) => {
  await intercept(page, (one) => (one.isNavigationRequest() ? one.abort('blockedbyclient') : one.continue()));
  assert.match((await failure(page.goto(`${site}/plain`))).message, /net::ERR_BLOCKED_BY_CLIENT/);
});

flow('pauses redirects again', async ({ page, site }) => {
  const seen = [];
  await intercept(page, (one) => { seen.push(new URL(one.url()).pathname); one.continue(); });
  const answer = await page.goto(`${site}/redirect?to=/plain`);
  assert.equal(answer.status(), 200);
  assert.deepEqual(seen.filter((one) => one !== '/favicon.ico'), ['/redirect', '/plain']);
});

flow('answers with a redirect', async ({ page, site }) => {
  await intercept(page, (one) => (one.url().endsWith('/asked') ? one.respond({ status: 302, headers: { Location: `${site}/plain` } }) : one.continue()));
  const answer = await page.goto(`${site}/asked`);
  assert.equal(answer.url(), `${site}/plain`);
});

flow('decides by priority', async ({ page, site }) => {
  await page.setRequestInterception(true);
  page.on('request', (one) => one.continue({}, 0));
  page.on('request', (one) => one.respond({ body: '<title>Won</title>', contentType: 'text/html' }, 10));
  await page.goto(`${site}/plain`);
  assert.equal(await page.title(), 'Won');
});

flow('stops intercepting', async ({ page, site }) => {
  await intercept(page, (one) => { if (one.isInterceptResolutionHandled()) return; one.respond({ body: 'mine' }).catch(() => {}); });
  await page.goto(`${site}/plain`);
  await page.setRequestInterception(false);
  page.removeAllListeners('request');
  await page.goto(`${site}/plain`);
  assert.equal(await page.title(), 'Plain');
});

flow('lets an undecided request wait without holding up others', async (t) => {
  await intercept(t.page, (one) => { if (!one.url().endsWith('/data.json')) one.continue(); });
  await t.page.goto(`${t.site}/ajax`);
  await t.page.click('#fetch');
  const other = await t.context.newPage();
  await other.goto(`${t.site}/data.json`);
  assert.equal((await json(other)).count, 3);
  assert.equal(await t.page.$eval('#out', (e) => e.textContent), 'nothing');
  await t.page.close();
  await until(() => t.page.isClosed(), 'the close');
});

flow('intercepts at the response stage', async ({ page, site }) => {
  const session = await page.createCDPSession();
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*', requestStage: 'Response' }] });
  session.on('Fetch.requestPaused', async (one) => {
    if (one.request.url.endsWith('/plain')) {
      const { body, base64Encoded } = await session.send('Fetch.getResponseBody', { requestId: one.requestId });
      const text = base64Encoded ? Buffer.from(body, 'base64').toString() : body;
      const changed = Buffer.from(text.replace('plain text', 'changed text')).toString('base64');
      await session.send('Fetch.fulfillRequest', { requestId: one.requestId, responseCode: one.responseStatusCode, responseHeaders: [{ name: 'Content-Type', value: 'text/html' }], body: changed });
    } else {
      await session.send('Fetch.continueRequest', { requestId: one.requestId });
    }
  });
  await page.goto(`${site}/plain`);
  assert.equal(await page.$eval('#text', (e) => e.textContent), 'changed text');
});
