// What the client sees of the network, headers, cookies.

import assert from 'node:assert/strict';
import { failure, flow, record, until } from '../harness.mjs';

const json = (page) => page.evaluate(() => JSON.parse(document.body.textContent));

flow('sees requests and responses', async ({ page, site }) => {
  const requests = record(page, 'request', (one) => [new URL(one.url()).pathname, one.resourceType(), one.method()]);
  const finished = record(page, 'requestfinished', (one) => new URL(one.url()).pathname);
  await page.goto(`${site}/`);
  await until(() => finished.length >= 4, 'requestfinished');
  for (const one of [['/', 'document', 'GET'], ['/style.css', 'stylesheet', 'GET'], ['/script.js', 'script', 'GET'], ['/pixel.png', 'image', 'GET']]) {
    assert.ok(requests.some((seen) => JSON.stringify(seen) === JSON.stringify(one)), `${one} in ${JSON.stringify(requests)}`);
  }
  assert.deepEqual([...new Set(finished)].filter((one) => one !== '/favicon.ico').sort(), ['/', '/pixel.png', '/script.js', '/style.css']);
});

flow('reads bodies', async ({ page, site }) => {
  const bodies = new Map();
  page.on('response', (one) => bodies.set(new URL(one.url()).pathname, one));
  await page.goto(`${site}/`);
  assert.match(await bodies.get('/style.css').text(), /\.bird/);
  const picture = await bodies.get('/pixel.png').content();
  assert.deepEqual([...picture.slice(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  const answer = await page.goto(`${site}/data.json`);
  assert.deepEqual(await answer.json(), { bird: 'sanderling', count: 3 });
  assert.equal(answer.remoteAddress().ip, '127.0.0.1');
});

flow('sees what scripts fetch', async ({ page, site }) => {
  await page.goto(`${site}/ajax`);
  const [answer] = await Promise.all([page.waitForResponse((one) => one.url().endsWith('/data.json')), page.click('#fetch')]);
  assert.equal(answer.request().resourceType(), 'fetch');
  assert.equal((await answer.json()).bird, 'sanderling');
  await page.waitForFunction(() => document.getElementById('out').textContent.startsWith('200'));
});

flow('sees post data', async ({ page, site }) => {
  await page.goto(`${site}/ajax`);
  const [request] = await Promise.all([page.waitForRequest((one) => one.method() === 'POST'), page.click('#post')]);
  assert.equal(request.hasPostData(), true);
  assert.equal(request.postData() ?? (await request.fetchPostData()), 'bird=knot');
  assert.match(request.headers()['content-type'], /urlencoded/);
});

flow('sees failed requests', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const failed = record(page, 'requestfailed', (one) => one.failure().errorText);
  await page.evaluate(() => fetch('http://nowhere.invalid/').catch(() => {}));
  await until(() => failed.length === 1, 'requestfailed');
  assert.deepEqual(failed, ['net::ERR_NAME_NOT_RESOLVED']);
});

flow('sends extra headers', async ({ page, site }) => {
  await page.setExtraHTTPHeaders({ 'X-Bird': 'knot' });
  await page.goto(`${site}/echo`);
  assert.equal((await json(page)).headers['x-bird'], 'knot');
  await page.goto(`${site}/plain`);
  assert.equal(await page.evaluate(async () => (await (await fetch('/echo')).json()).headers['x-bird']), 'knot');
});

flow('sends another user agent', async ({ page, site }) => {
  await page.setUserAgent({ userAgent: 'Knot/1.0' });
  await page.goto(`${site}/echo`);
  assert.equal((await json(page)).headers['user-agent'], 'Knot/1.0');
  assert.equal(await page.evaluate(() => navigator.userAgent), 'Knot/1.0');
});

flow('sets, gives and deletes cookies of a context', async ({ context, page, site }) => {
  const { hostname } = new URL(site);
  await context.setCookie({ name: 'a', value: '1', domain: hostname, path: '/' }, { name: 'b', value: '2', domain: hostname, path: '/', httpOnly: true, expires: Date.now() / 1000 + 3600 });
  await page.goto(`${site}/cookies`);
  assert.deepEqual(await json(page), { a: '1', b: '2' });
  assert.equal(await page.evaluate(() => document.cookie), 'a=1');
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map((one) => [one.name, one.value, one.domain, one.path, one.httpOnly, one.session]).sort(), [
    ['a', '1', hostname, '/', false, true],
    ['b', '2', hostname, '/', true, false],
  ]);
  await context.deleteCookie(...cookies.filter((one) => one.name === 'a'));
  assert.deepEqual((await context.cookies()).map((one) => one.name), ['b']);
});

flow('sets, gives and deletes cookies of a page', async ({ page, site }) => {
  await page.goto(`${site}/set-cookie`);
  assert.deepEqual((await page.cookies()).map((one) => [one.name, one.httpOnly, one.sameSite]).sort(), [['secret', true, 'Lax'], ['seen', false, undefined]]);
  await page.setCookie({ name: 'mine', value: 'yes' });
  assert.equal(await page.evaluate(() => document.cookie), 'seen=1; mine=yes');
  await page.deleteCookie({ name: 'seen' });
  assert.equal(await page.evaluate(() => document.cookie), 'mine=yes');
});

flow('sees cookies that scripts set', async ({ context, page, site }) => {
  await page.goto(`${site}/plain`);
  await page.evaluate(() => { document.cookie = 'js=1; path=/; max-age=60'; });
  const [cookie] = await context.cookies();
  assert.equal(cookie.name, 'js');
  assert.equal(cookie.session, false);
});

flow('logs in by basic authentication', async ({ page, site }) => {
  await page.authenticate({ username: 'knot', password: 'shore' });
  const answer = await page.goto(`${site}/basic`);
  assert.equal(answer.status(), 200);
  assert.equal(await page.$eval('#inside', (e) => e.textContent), 'welcome, knot');
});

flow('logs in by digest authentication', async ({ page, site }) => {
  await page.authenticate({ username: 'knot', password: 'shore' });
  const answer = await page.goto(`${site}/digest?q=1`);
  assert.equal(answer.status(), 200);
  assert.equal(await page.$eval('#inside', (e) => e.textContent), 'welcome, knot');
});

flow('shows the 401 page to a wrong login', async ({ page, site }) => {
  await page.authenticate({ username: 'knot', password: 'wrong' });
  const answer = await page.goto(`${site}/basic`);
  assert.equal(answer.status(), 401);
});

flow('works offline', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  await page.setOfflineMode(true);
  assert.equal(await page.evaluate(() => navigator.onLine), false);
  assert.match((await failure(page.goto(`${site}/`))).message, /net::ERR_INTERNET_DISCONNECTED/);
  await page.setOfflineMode(false);
  const answer = await page.goto(`${site}/plain`);
  assert.equal(answer.status(), 200);
});

flow('tells what comes from the cache', async ({ page, site }) => {
  const cached = [];
  page.on('response', (one) => { if (one.url().endsWith('/cached.js')) cached.push(one.fromCache()); });
  await page.goto(`${site}/cached`);
  await page.goto(`${site}/plain`);
  await page.goto(`${site}/cached`);
  await until(() => cached.length === 2, 'two responses');
  assert.deepEqual(cached, [false, true]);
});

flow('goes past the cache when told', async ({ page, site }) => {
  await page.setCacheEnabled(false);
  const cached = [];
  page.on('response', (one) => { if (one.url().endsWith('/cached.js')) cached.push(one.fromCache()); });
  await page.goto(`${site}/cached`);
  await page.goto(`${site}/plain`);
  await page.goto(`${site}/cached`);
  await until(() => cached.length === 2, 'two responses');
  assert.deepEqual(cached, [false, false]);
});

flow('waits for an idle network', async ({ page, site }) => {
  await page.goto(`${site}/idle`);
  await page.waitForNetworkIdle({ idleTime: 300 });
  assert.equal(await page.$eval('#state', (e) => e.textContent), 'slow');
});

flow('sees WebSocket frames', async ({ page, site, socket }) => {
  await page.goto(`${site}/plain`);
  const session = await page.createCDPSession();
  await session.send('Network.enable');
  const sent = record(session, 'Network.webSocketFrameSent', (one) => one.response.payloadData);
  const received = record(session, 'Network.webSocketFrameReceived', (one) => one.response.payloadData);
  const created = record(session, 'Network.webSocketCreated', (one) => one.url);
  const answer = await page.evaluate((url) => new Promise((resolve) => {
    const ws = new WebSocket(url);
    ws.onopen = () => ws.send('knot');
    ws.onmessage = (event) => { ws.close(); resolve(event.data); };
  }), `${socket}/`);
  assert.equal(answer, 'knot');
  await until(() => received.length === 1, 'a frame');
  assert.deepEqual([sent, received, created], [['knot'], ['knot'], [`${socket}/`]]);
});
