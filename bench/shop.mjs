// Puppeteer's cycle on the demo shop: `node shop.mjs SOCKET-URL SITE CYCLES` writes the milliseconds of each cycle as one JSON list.

import puppeteer from 'puppeteer-core';

const [endpoint, site, cycles] = process.argv.slice(2);

async function cycle(browser) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(`${site}/shop`);
  await page.waitForFunction(() => document.querySelectorAll('#products article').length === 6);
  await page.waitForFunction(() => ![...document.querySelectorAll('li')].some((one) => one.textContent === 'Loading reviews…'));
  const told = [
    await page.evaluate(() => document.title),
    await page.evaluate(() => document.querySelector('#status').textContent),
    await page.evaluate(() => document.querySelectorAll('.reviews li').length),
    await page.evaluate(() => document.querySelector('#product-1 h2').textContent),
    await page.evaluate(() => [...document.querySelectorAll('h2 a')].map((one) => one.href).length),
    await page.evaluate((id) => document.querySelector(id).textContent.includes('sold out'), '#product-5'),
  ];
  const expected = ['Shop – Wader & Sons', '6 products', 4, 'Neoprene waders', 6, true];
  if (JSON.stringify(told) !== JSON.stringify(expected)) throw new Error(`the shop says ${JSON.stringify(told)}`);
  await page.close();
  await context.close();
}

const browser = await puppeteer.connect({ browserWSEndpoint: endpoint, defaultViewport: null });
const times = [];
for (let count = 0; count < Number(cycles); count++) {
  const begun = performance.now();
  await cycle(browser);
  times.push(performance.now() - begun);
}
console.log(JSON.stringify(times));
await browser.disconnect();
