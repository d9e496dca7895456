// Requests, routes, headers, cookies.

import assert from 'node:assert/strict';
import { failure, flow, record, until } from '../harness.mjs';

const json = (page) => page.evaluate(() => JSON.parse(document.body.textContent));

flow('sees requests and responses', async ({ page, site }) => {
  const requests = record(page, 'request', (one) => `${one.resourceType()} ${new URL(one.url()).pathname}`);
  const finished = record(page, 'requestfinished', (one) => new URL(one.url()).pathname);
  await page.goto(`${site}/`);
  await until(() => finished.length >= 4, 'requestfinished');
  for (const one of ['document /', 'stylesheet /style.css', 'script /script.js', 'image /pixel.png']) assert.ok(requests.includes(one), `${requests}`);
});

flow('reads bodies, sizes and timings', async ({ page, site }) => {
  const [answer] = await Promise.all([page.waitForResponse('**/style.css'), page.goto(`${site}/`)]);
  assert.match(await answer.text(), /\.bird/);
  await answer.finished();
  const sizes = await answer.request().sizes();
  assert.ok(sizes.responseBodySize > 50, JSON.stringify(sizes));
  const timing = answer.request().timing();
  assert.ok(timing.startTime > 0 && timing.responseEnd >= 0, JSON.stringify(timing));
  assert.equal((await answer.serverAddr()).ipAddress, '127.0.0.1');
});

flow('sees what scripts fetch and post', async ({ page, site }) => {
  await page.goto(`${site}/ajax`);
  const [answer] = await Promise.all([page.waitForResponse('**/data.json'), page.click('#fetch')]);
  assert.deepEqual(await answer.json(), { bird: 'sanderling', count: 3 });
  const [request] = await Promise.all([page.waitForRequest('**/echo'), page.click('#post')]);
  assert.equal(request.method(), 'POST');
  assert.equal(request.postData(), 'bird=knot');
  assert.equal((await request.allHeaders())['content-type'], 'application/x-www-form-urlencoded');
});

flow('sees failed requests', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const [request] = await Promise.all([page.waitForEvent('requestfailed'), page.evaluate(() => fetch('http://nowhere.invalid/').catch(() => {}))]);
  assert.equal(request.failure().errorText, 'net::ERR_NAME_NOT_RESOLVED');
});

flow('routes: continue with changes', async ({ page, site }) => {
  await page.route('**/echo', (route) => route.continue({ method: 'POST', postData: 'other=1', headers: { ...route.request().headers(), 'x-changed': 'yes' } }));
  await page.goto(`${site}/ajax`);
  const told = await page.evaluate(async () => (await fetch('/echo', { method: 'POST', body: 'x' })).json());
  assert.equal(told.method, 'POST');
  assert.equal(told.body, 'other=1');
  assert.equal(told.headers['x-changed'], 'yes');
});

flow('routes: fulfil', async ({ page, site }) => {
  await page.route('**/data.json', (route) => route.fulfill({ status: 201, json: { bird: 'made up' }, headers: { 'x-from': 'client', 'access-control-allow-origin': '*' } }));
  await page.goto(`${site}/ajax`);
  assert.deepEqual(await page.evaluate(async () => { const a = await fetch('/data.json'); return [a.status, a.headers.get('x-from'), (await a.json()).bird]; }), [201, 'client', 'made up']);
});

flow('routes: fulfil a document that does not exist', async ({ page }) => {
  await page.route('http://nowhere.invalid/**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Invented</title>' }));
  const answer = await page.goto('http://nowhere.invalid/x');
  assert.equal(answer.status(), 200);
  assert.equal(await page.title(), 'Invented');
});

flow('routes: fetch and change', async ({ page, site }) => {
  await page.route('**/plain', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace('plain text', 'changed text') });
  });
  await page.goto(`${site}/plain`);
  assert.equal(await page.textContent('#text'), 'changed text');
});

flow('routes: abort', async ({ page, site }) => {
  await page.route('**/*.png', (route) => route.abort());
  await page.route('**/data.json', (route) => route.abort('connectionrefused'));
  const failed = record(page, 'requestfailed', (one) => one.failure().errorText);
  await page.goto(`${site}/`);
  await page.evaluate(() => fetch('/data.json').catch(() => {}));
  await until(() => failed.length === 2, 'two failures');
  assert.deepEqual(failed, ['net::ERR_FAILED', 'net::ERR_CONNECTION_REFUSED']);
  await page.route('**/plain', (route) => route.abort());
  assert.match((await failure(page.goto(`${site}/plain`))).message, /net::ERR_FAILED/);
});

flow('routes: of a context, fall back, times, end', async ({ context, page, site }) => {
  const seen = [];
  await context.route('**/plain', (route) => { seen.push('context'); return route.continue(); });
  await page.route('**/plain', (route) => { seen.push('page'); return route.fallback(); }, { times: 1 });
  await page.goto(`${site}/plain`);
  await page.goto(`${site}/plain`);
  await context.unroute('**/plain');
  await page.goto(`${site}/plain`);
  assert.deepEqual(seen, ['page', 'context', 'context']);
});

flow('logs in by basic authentication', async ({ newContext, site }) => {
  const page = await (await newContext({ httpCredentials: { username: 'knot', password: 'shore' } })).newPage();
  const answer = await page.goto(`${site}/basic`);
  assert.equal(answer.status(), 200);
  assert.equal(await page.textContent('#inside'), 'welcome, knot');
});

flow('logs in by digest authentication', async ({ newContext, site }) => {
  const page = await (await newContext({ httpCredentials: { username: 'knot', password: 'shore' } })).newPage();
  const answer = await page.goto(`${site}/digest?q=1`);
  assert.equal(answer.status(), 200);
  assert.equal(await page.textContent('#inside'), 'welcome, knot');
  assert.equal((await page.reload()).status(), 200);
});

flow('sends extra headers', async ({ context, page, site }) => {
  await context.setExtraHTTPHeaders({ 'X-Context': '1' });
  await page.setExtraHTTPHeaders({ 'X-Page': '2' });
  await page.goto(`${site}/echo`);
  const { headers } = await json(page);
  assert.deepEqual([headers['x-context'], headers['x-page']], ['1', '2']);
});

flow('sets, gives and clears cookies', async ({ context, page, site }) => {
  await context.addCookies([{ name: 'a', value: '1', url: site }, { name: 'b', value: '2', domain: '127.0.0.1', path: '/', httpOnly: true, sameSite: 'Strict', expires: Math.floor(Date.now() / 1000) + 3600 }]);
  await page.goto(`${site}/cookies`);
  assert.deepEqual(await json(page), { a: '1', b: '2' });
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map((one) => [one.name, one.value, one.httpOnly, one.sameSite, one.expires > 0]).sort(), [['a', '1', false, 'Lax', false], ['b', '2', true, 'Strict', true]]);
  await context.clearCookies({ name: 'a' });
  assert.deepEqual((await context.cookies()).map((one) => one.name), ['b']);
  await context.clearCookies();
  assert.deepEqual(await context.cookies(), []);
});

flow('works offline', async ({ context, page, site }) => {
  await page.goto(`${site}/plain`);
  await context.setOffline(true);
  assert.equal(await page.evaluate(() => navigator.onLine), false);
  assert.match((await failure(page.goto(`${site}/`))).message, /net::ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(false);
  assert.equal((await page.goto(`${site}/plain`)).status(), 200);
});

flow('requests beside the page with its cookies', async ({ context, page, site }) => {
  await page.goto(`${site}/set-cookie`);
  const answer = await context.request.get(`${site}/cookies`);
  assert.deepEqual(await answer.json(), { seen: '1', secret: '2' });
});

flow('sees WebSockets', async ({ page, site, socket }) => {
  await page.goto(`${site}/plain`);
  const opened = page.waitForEvent('websocket');
  const asking = page.evaluate((url) => new Promise((resolve) => {
    const ws = new WebSocket(url);
    ws.onopen = () => ws.send('knot');
    ws.onmessage = (event) => { ws.close(); resolve(event.data); };
  }), `${socket}/`);
  const ws = await opened;
  const frames = [record(ws, 'framesent', (one) => one.payload), record(ws, 'framereceived', (one) => one.payload)];
  assert.equal(await asking, 'knot');
  await until(() => ws.isClosed(), 'the close');
  assert.equal(ws.url(), `${socket}/`);
  assert.deepEqual(frames, [['knot'], ['knot']]);
});
