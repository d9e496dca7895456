// Options of contexts: viewport, locale, time zone, media, place, touch, scripts off.

import assert from 'node:assert/strict';
import { flow, until } from '../harness.mjs';

flow('has a viewport', async ({ newContext, site }) => {
  const page = await (await newContext({ viewport: { width: 500, height: 400 }, deviceScaleFactor: 2 })).newPage();
  await page.goto(`${site}/plain`);
  const sizes = () => [innerWidth, innerHeight, devicePixelRatio];
  assert.deepEqual(await page.evaluate(sizes), [500, 400, 2]);
  await page.setViewportSize({ width: 640, height: 480 });
  assert.deepEqual(await page.evaluate(sizes), [640, 480, 2]);
  assert.deepEqual(page.viewportSize(), { width: 640, height: 480 });
});

flow('has 1280 by 720 by default', async ({ page }) => {
  assert.deepEqual(await page.evaluate(() => [innerWidth, innerHeight, screen.width]), [1280, 720, 1280]);
});

flow('has a locale and a time zone', async ({ newContext, site }) => {
  const page = await (await newContext({ locale: 'de-DE', timezoneId: 'Asia/Tokyo' })).newPage();
  await page.goto(`${site}/echo`);
  const told = await page.evaluate(() => JSON.parse(document.body.textContent));
  assert.match(told.headers['accept-language'], /^de-DE/);
  assert.deepEqual(await page.evaluate(() => [navigator.language, (1234.5).toLocaleString(), new Date(0).getHours(), Intl.DateTimeFormat().resolvedOptions().timeZone]), ['de-DE', '1.234,5', 9, 'Asia/Tokyo']);
});

flow('has a user agent and headers', async ({ newContext, site }) => {
  const page = await (await newContext({ userAgent: 'Knot/1.0', extraHTTPHeaders: { 'X-Bird': 'knot' } })).newPage();
  await page.goto(`${site}/echo`);
  const { headers } = await page.evaluate(() => JSON.parse(document.body.textContent));
  assert.deepEqual([headers['user-agent'], headers['x-bird']], ['Knot/1.0', 'knot']);
  assert.equal(await page.evaluate(() => navigator.userAgent), 'Knot/1.0');
});

flow('has media', async ({ newContext, page, site }) => {
  const matches = (queries) => queries.map((query) => matchMedia(query).matches);
  const queries = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)', 'print'];
  const dark = await (await newContext({ colorScheme: 'dark', reducedMotion: 'reduce' })).newPage();
  await dark.goto(`${site}/plain`);
  assert.deepEqual(await dark.evaluate(matches, queries), [true, true, false]);
  await page.goto(`${site}/`);
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await page.evaluate(matches, queries), [false, false, true]);
  assert.equal(await page.$eval('.bird', (e) => getComputedStyle(e).color), 'rgb(1, 1, 1)');
});

flow('copies and pastes', async ({ newContext, site }) => {
  const context = await newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`${site}/plain`);
  await page.bringToFront();
  await page.evaluate(() => navigator.clipboard.writeText('copied'));
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'copied');
});

flow('has a place and permissions', async ({ newContext, site }) => {
  const context = await newContext({ geolocation: { latitude: 53.5, longitude: 8.1 }, permissions: ['geolocation'] });
  const page = await context.newPage();
  await page.goto(`${site}/plain`);
  const place = () => new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition((p) => resolve([p.coords.latitude, p.coords.longitude]), (e) => reject(new Error(e.message)));
  });
  assert.deepEqual(await page.evaluate(place), [53.5, 8.1]);
  await context.setGeolocation({ latitude: 1, longitude: 2 });
  assert.deepEqual(await page.evaluate(place), [1, 2]);
  assert.equal(await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state), 'granted');
});

flow('has touch', async ({ newContext, site }) => {
  const page = await (await newContext({ hasTouch: true })).newPage();
  await page.goto(`${site}/mouse`);
  await page.tap('#pad');
  await until(() => page.evaluate(() => window.seen.some((one) => one.type === 'click')), 'the click');
  const types = await page.evaluate(() => window.seen.map((one) => one.type));
  assert.ok(types.includes('touchstart') && types.includes('touchend'), `${types}`);
});

flow('has no scripts', async ({ newContext, site }) => {
  const page = await (await newContext({ javaScriptEnabled: false })).newPage();
  await page.goto(`${site}/`);
  assert.equal(await page.evaluate(() => typeof window.loaded), 'undefined');
  assert.equal(await page.textContent('#head'), 'Waders of the shore');
});

flow('bypasses a strict policy', async ({ newContext, site }) => {
  const page = await (await newContext({ bypassCSP: true })).newPage();
  await page.goto(`${site}/strict`);
  assert.equal(await page.evaluate(() => window.ran), 1);
});

flow('starts offline', async ({ newContext, site }) => {
  const page = await (await newContext({ offline: true })).newPage();
  await page.goto(`${site}/plain`).then(() => assert.fail('it loaded'), (error) => assert.match(error.message, /ERR_INTERNET_DISCONNECTED/));
});

flow('has a base URL', async ({ newContext, site }) => {
  const page = await (await newContext({ baseURL: site })).newPage();
  await page.goto('/plain');
  assert.equal(await page.title(), 'Plain');
});

flow('records a HAR', async ({ newContext, site, folder }) => {
  const context = await newContext({ recordHar: { path: `${folder}/flow.har` } });
  const page = await context.newPage();
  await page.goto(`${site}/plain`);
  await context.close();
  const { default: fs } = await import('node:fs');
  const { log } = JSON.parse(fs.readFileSync(`${folder}/flow.har`, 'utf8'));
  const entry = log.entries.find((one) => one.request.url === `${site}/plain`);
  assert.equal(entry.response.status, 200);
});

flow('replays a HAR file that it recorded here', async ({ newContext, site, folder }) => {
  const path = `${folder}/replayed.har`;
  const recorded = await newContext({ recordHar: { path } });
  await (await recorded.newPage()).goto(`${site}/`);
  await recorded.close();
  const context = await newContext();
  await context.routeFromHAR(path, { notFound: 'abort' });
  const page = await context.newPage();
  await page.goto(`${site}/`);
  await assert.rejects(page.goto(`${site}/plain`));
  await context.close();
});

flow('has a clock', async ({ page, site }) => {
  await page.clock.install({ time: 0 });
  await page.goto(`${site}/plain`);
  await page.evaluate(() => { setTimeout(() => { window.fired = true; }, 60_000); });
  await page.clock.fastForward(61_000);
  assert.equal(await page.evaluate(() => window.fired), true);
});
