// Finding elements, waiting for them, locators.

import assert from 'node:assert/strict';
import { failure, flow } from '../harness.mjs';

flow('queries by CSS', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const list = await page.$('#list');
  assert.equal((await list.$$('li')).length, 3);
  assert.equal(await page.$('.absent'), null);
  assert.equal(await page.$eval('.bird', (e) => e.textContent), 'Knot');
  assert.deepEqual(await page.$$eval('.bird', (all, x) => all.map((e) => e.dataset.n + x), '!'), ['1!', '2!', '3!']);
  assert.match((await failure(page.$eval('.absent', (e) => e))).message, /failed to find element/i);
});

flow('refuses a wrong selector', async ({ page, site }) => {
  await page.goto(`${site}/`);
  assert.match((await failure(page.$('['))).message, /not a valid selector|SyntaxError|Invalid selector/i);
});

flow('queries by text, XPath and through shadows', async ({ page, site }) => {
  await page.goto(`${site}/`);
  assert.equal(await page.$eval('::-p-text(Sanderling)', (e) => e.dataset.n), '2');
  assert.equal(await page.$eval('::-p-xpath(//li[3])', (e) => e.textContent), 'Dunlin');
  assert.equal(await page.$eval('#host >>> button', (e) => e.id), 'inner');
  assert.equal(await page.$eval('pierce/#inner', (e) => e.textContent), 'In the shadow');
});

flow('queries by role and name', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  assert.equal(await page.$eval('::-p-aria(Send[role="button"])', (e) => e.id), 'send');
  assert.equal(await page.$eval('aria/Name[role="textbox"]', (e) => e.id), 'name');
  assert.equal(await page.$('aria/Nobody'), null);
});

flow('waits for a selector', async ({ page, site }) => {
  await page.goto(`${site}/dynamic`);
  const late = await page.waitForSelector('#late');
  assert.equal(await late.evaluate((e) => e.tagName), 'I');
  assert.equal((await failure(page.waitForSelector('#never', { timeout: 100 }))).name, 'TimeoutError');
});

flow('waits for visibility', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const shown = page.waitForSelector('#hidden', { visible: true });
  await page.evaluate(() => setTimeout(() => { document.getElementById('hidden').style.display = 'block'; }, 50));
  assert.equal(await (await shown).isVisible(), true);
  const gone = page.waitForSelector('#head', { hidden: true });
  await page.evaluate(() => document.getElementById('head').style.setProperty('visibility', 'hidden'));
  await gone;
});

flow('waits until an element is gone', async ({ page, site }) => {
  await page.goto(`${site}/dynamic`);
  await page.waitForSelector('#going', { hidden: true });
  assert.equal(await page.$('#going'), null);
});

flow('waits across a navigation', async ({ page, site }) => {
  await page.goto(`${site}/plain`);
  const waiting = page.waitForSelector('#head');
  await page.goto(`${site}/`);
  assert.equal(await (await waiting).evaluate((e) => e.id), 'head');
});

flow('clicks and fills by locator', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.locator('#name').fill('locator');
  await page.locator('#subscribe').click();
  await page.locator('#size').fill('l');
  await page.locator('#message').fill('text');
  assert.deepEqual(
    await page.evaluate(() => ['name', 'subscribe', 'size', 'message'].map((id) => (id === 'subscribe' ? document.getElementById(id).checked : document.getElementById(id).value))),
    ['locator', true, 'l', 'text'],
  );
});

flow('locator waits until it can click', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.evaluate(() => {
    const later = document.getElementById('later');
    later.onclick = () => { window.clicked = true; };
    setTimeout(() => { later.style.display = ''; }, 80);
  });
  await page.locator('#later').click();
  assert.equal(await page.evaluate(() => window.clicked), true);
  const error = await failure(page.locator('#off').setTimeout(300).click());
  assert.equal(error.name, 'TimeoutError');
});

flow('locator maps, filters and waits', async ({ page, site }) => {
  await page.goto(`${site}/`);
  // A locator stands for the first element that its selector finds, so its filter waits for that one.
  await page.evaluate(() => setTimeout(() => { document.querySelector('.bird').textContent = 'Stint'; }, 50));
  const text = await page.locator('.bird').filter((e) => e.textContent.startsWith('S')).map((e) => e.dataset.n).wait();
  assert.equal(text, '1');
});

flow('measures elements', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  const pad = await page.$('#pad');
  assert.deepEqual(await pad.boundingBox(), { x: 50, y: 60, width: 200, height: 100 });
  assert.deepEqual(await pad.clickablePoint(), { x: 150, y: 110 });
  assert.equal(await pad.isIntersectingViewport(), true);
  const below = await page.$('#below');
  assert.equal(await below.isIntersectingViewport(), false);
  await below.scrollIntoView();
  assert.equal(await below.isIntersectingViewport(), true);
  const model = await pad.boxModel();
  assert.equal(model.width, 200);
});

flow('has no box for what is not shown', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const hidden = await page.$('#hidden');
  assert.equal(await hidden.boundingBox(), null);
  assert.equal(await hidden.isVisible(), false);
  assert.equal(await hidden.isHidden(), true);
  assert.match((await failure(hidden.click())).message, /not clickable|not an Element/i);
});

flow('refuses an element that is detached', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const head = await page.$('#head');
  await head.evaluate((e) => e.remove());
  assert.match((await failure(head.click())).message, /detached|not clickable/i);
});

flow('reads the accessibility tree', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  const tree = await page.accessibility.snapshot();
  const names = [];
  const walk = (node) => { names.push(`${node.role}:${node.name ?? ''}`); node.children?.forEach(walk); };
  walk(tree);
  assert.equal(names[0], 'RootWebArea:Form');
  for (const one of ['heading:Tell us', 'textbox:Name', 'checkbox:Subscribe', 'button:Send']) assert.ok(names.includes(one), `${one} in ${names}`);
});

flow('finds by ARIA beside a named frame', async ({ page }) => {
  await page.setContent('<iframe name=child srcdoc="<button>inner</button>"></iframe><button aria-label=Named>x</button>');
  const handle = await page.waitForSelector('::-p-aria(Named)');
  assert.equal(await handle.evaluate((element) => element.tagName), 'BUTTON');
  assert.equal((await page.$$('::-p-aria([role="button"])')).length, 1);
});

flow('shows the options of a select in a snapshot', async ({ page }) => {
  await page.setContent('<select aria-label=Size><option>Small<option selected>Large</select><input type=range aria-label=Loud max=10 value=3>');
  const { children } = await page.accessibility.snapshot();
  assert.deepEqual(children.map(({ role, name, value }) => [role, name, value]), [['combobox', 'Size', 'Large'], ['slider', 'Loud', 3]]);
  assert.deepEqual(children[0].children.map(({ role, name, selected }) => [role, name, selected]), [['option', 'Small', false], ['option', 'Large', true]]);
});

flow('clicks what stands below the text of a page in quirks mode', async ({ page }) => {
  await page.setContent('<div id=far style="position: absolute; top: 300px; width: 50px; height: 50px" onclick="window.hit = true"></div>');
  await page.click('#far');
  assert.equal(await page.evaluate(() => window.hit), true);
});
