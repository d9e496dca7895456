// Emulation: viewport, time zone, media, place, touch, scripts off.

import assert from 'node:assert/strict';
import { failure, flow } from '../harness.mjs';

flow('emulates a viewport', async ({ page, site }) => {
  await page.setViewport({ width: 500, height: 400, deviceScaleFactor: 2 });
  await page.goto(`${site}/plain`);
  assert.deepEqual(await page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio, matchMedia('(max-width: 500px)').matches]), [500, 400, 2, true]);
  await page.setViewport({ width: 900, height: 700 });
  assert.deepEqual(await page.evaluate(() => [innerWidth, innerHeight, matchMedia('(max-width: 500px)').matches]), [900, 700, false]);
});

flow('fires resize', async ({ page, site }) => {
  await page.setViewport({ width: 500, height: 400 });
  await page.goto(`${site}/plain`);
  await page.evaluate(() => { window.sizes = []; addEventListener('resize', () => window.sizes.push(innerWidth)); });
  await page.setViewport({ width: 640, height: 480 });
  await page.waitForFunction(() => window.sizes.includes(640));
});

flow('emulates a mobile device', async ({ page, site }) => {
  await page.emulate({ viewport: { width: 390, height: 844, deviceScaleFactor: 3, isMobile: true, hasTouch: true }, userAgent: 'Phone/1.0' });
  await page.goto(`${site}/plain`);
  assert.deepEqual(await page.evaluate(() => [devicePixelRatio, 'ontouchstart' in window, navigator.userAgent]), [3, true, 'Phone/1.0']);
});

flow('emulates a time zone', async ({ page, site }) => {
  await page.emulateTimezone('Asia/Tokyo');
  await page.goto(`${site}/plain`);
  assert.deepEqual(await page.evaluate(() => [Intl.DateTimeFormat().resolvedOptions().timeZone, new Date(0).getHours(), new Date(0).getTimezoneOffset()]), ['Asia/Tokyo', 9, -540]);
  await page.emulateTimezone('America/New_York');
  assert.deepEqual(await page.evaluate(() => [Intl.DateTimeFormat().resolvedOptions().timeZone, new Date(0).getHours()]), ['America/New_York', 19]);
  assert.match((await failure(page.emulateTimezone('bar'))).message, /Invalid timezone/);
});

flow('two pages have time zones of their own', async (t) => {
  const other = await t.context.newPage();
  await t.page.emulateTimezone('Asia/Tokyo');
  await other.emulateTimezone('Europe/Paris');
  const hours = () => new Date(0).getHours();
  assert.deepEqual([await t.page.evaluate(hours), await other.evaluate(hours), await t.page.evaluate(hours)], [9, 1, 9]);
});

flow('emulates media', async ({ page, site }) => {
  await page.goto(`${site}/`);
  await page.emulateMediaType('print');
  assert.deepEqual(await page.evaluate(() => [matchMedia('print').matches, matchMedia('screen').matches]), [true, false]);
  assert.equal(await page.$eval('.bird', (e) => getComputedStyle(e).color), 'rgb(1, 1, 1)');
  await page.emulateMediaType(undefined);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
  assert.deepEqual(await page.evaluate(() => ['(prefers-color-scheme: dark)', '(prefers-color-scheme: light)', '(prefers-reduced-motion: reduce)', 'print'].map((q) => matchMedia(q).matches)), [true, false, true, false]);
});

flow('emulates a place', async ({ context, page, site }) => {
  await context.overridePermissions(site, ['geolocation']);
  await page.goto(`${site}/plain`);
  await page.setGeolocation({ latitude: 53.5, longitude: 8.1, accuracy: 10 });
  const place = await page.evaluate(() => new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition((p) => resolve([p.coords.latitude, p.coords.longitude, p.coords.accuracy]), (e) => reject(new Error(e.message)));
  }));
  assert.deepEqual(place, [53.5, 8.1, 10]);
});

flow('copies and pastes', async ({ context, page, site }) => {
  await context.overridePermissions(site, ['clipboard-read', 'clipboard-sanitized-write']);
  await page.goto(`${site}/plain`);
  await page.bringToFront();
  await page.evaluate(() => navigator.clipboard.writeText('copied'));
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'copied');
  await context.clearPermissionOverrides();
  assert.equal(await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state), 'prompt');
});

flow('says what it is by client hints', async ({ page, site }) => {
  await page.setUserAgent({
    userAgent: 'Robot/7', userAgentMetadata: { platform: 'Mars', platformVersion: '1.2', architecture: 'arm', model: 'Rover', mobile: true, brands: [{ brand: 'Robot', version: '7' }] },
  });
  const response = await page.goto(`${site}/plain`);
  assert.deepEqual(await page.evaluate(() => [navigator.userAgentData.brands, navigator.userAgentData.platform]), [[{ brand: 'Robot', version: '7' }], 'Mars']);
  assert.equal(await page.evaluate(async () => (await navigator.userAgentData.getHighEntropyValues(['model'])).model), 'Rover');
  assert.ok(response.ok());
});

flow('switches scripts of the page off', async ({ page, site }) => {
  await page.setJavaScriptEnabled(false);
  await page.goto(`${site}/`);
  assert.equal(await page.evaluate(() => typeof window.loaded), 'undefined');
  assert.equal(await page.evaluate(() => 1 + 1), 2);
  await page.setJavaScriptEnabled(true);
  await page.goto(`${site}/`);
  assert.equal(await page.evaluate(() => window.loaded), 'script.js');
});

flow('keeps overrides over navigations', async ({ page, site }) => {
  await page.setViewport({ width: 555, height: 444 });
  await page.setUserAgent({ userAgent: 'Keep/1' });
  await page.emulateTimezone('Asia/Tokyo');
  for (const path of ['/plain', '/']) {
    await page.goto(site + path);
    assert.deepEqual(await page.evaluate(() => [innerWidth, navigator.userAgent, new Date(0).getHours()]), [555, 'Keep/1', 9]);
  }
});

flow('resizes its window', async ({ browser, page }) => {
  await page.setViewport(null);
  const id = await page.windowId();
  await browser.setWindowBounds(id, { width: 700, height: 600 });
  assert.equal((await browser.getWindowBounds(id)).width, 700);
  assert.equal(await page.evaluate(() => innerWidth), 700);
  await page.resize({ contentWidth: 500, contentHeight: 400 });
  assert.deepEqual(await page.evaluate(() => [innerWidth, innerHeight]), [500, 400]);
  assert.equal(await page.hasDevTools(), false);
});
