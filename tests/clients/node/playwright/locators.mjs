// Locators, roles, waits.

import assert from 'node:assert/strict';
import { failure, flow } from '../harness.mjs';

flow('finds by CSS, text and XPath', async ({ page, site }) => {
  await page.goto(`${site}/`);
  assert.equal(await page.locator('.bird').count(), 3);
  assert.equal(await page.locator('text=Sanderling').getAttribute('data-n'), '2');
  assert.equal(await page.locator('xpath=//li[3]').innerText(), 'Dunlin');
  assert.equal(await page.getByText('Waders of', { exact: false }).evaluate((e) => e.id), 'head');
  assert.equal(await page.locator('#inner').textContent(), 'In the shadow');
  assert.deepEqual(await page.locator('.bird').allTextContents(), ['Knot', 'Sanderling', 'Dunlin']);
});

flow('finds by role', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  assert.equal(await page.getByRole('button', { name: 'Send' }).getAttribute('id'), 'send');
  assert.equal(await page.getByRole('checkbox', { name: 'Subscribe', checked: false }).count(), 1);
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Tell us');
  assert.equal(await page.getByRole('button', { disabled: true }).getAttribute('id'), 'off');
  assert.equal(await page.getByRole('combobox', { name: 'Size' }).inputValue(), 's');
});

flow('finds by label, placeholder and alternative text', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  assert.equal(await page.getByLabel('Name').getAttribute('id'), 'name');
  assert.equal(await page.getByPlaceholder('your name').getAttribute('id'), 'name');
  await page.goto(`${site}/`);
  assert.equal(await page.getByAltText('a pixel').getAttribute('id'), 'picture');
});

flow('narrows locators', async ({ page, site }) => {
  await page.goto(`${site}/`);
  const birds = page.getByRole('listitem');
  assert.equal(await birds.nth(1).textContent(), 'Sanderling');
  assert.equal(await birds.first().textContent(), 'Knot');
  assert.equal(await birds.last().textContent(), 'Dunlin');
  assert.equal(await birds.filter({ hasText: 'Dun' }).getAttribute('data-n'), '3');
  assert.equal(await page.locator('nav').getByRole('link').count(), 3);
  assert.equal(await page.locator('ul').filter({ has: page.locator('[data-n="2"]') }).count(), 1);
  assert.match((await failure(birds.click())).message, /strict mode violation/);
});

flow('tells states', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  assert.deepEqual(await Promise.all([
    page.locator('#off').isDisabled(), page.locator('#send').isEnabled(), page.locator('#later').isVisible(), page.locator('#later').isHidden(), page.locator('#name').isEditable(), page.locator('#subscribe').isChecked(),
  ]), [true, true, false, true, true, false]);
});

flow('waits for elements', async ({ page, site }) => {
  await page.goto(`${site}/dynamic`);
  await page.locator('#late').waitFor();
  await page.locator('#going').waitFor({ state: 'detached' });
  await page.click('#add');
  await page.waitForSelector('#added');
  assert.equal((await failure(page.locator('#never').waitFor({ timeout: 100 }))).name, 'TimeoutError');
  await page.goto(`${site}/`);
  await page.waitForSelector('#hidden', { state: 'attached' });
  await page.waitForSelector('#hidden', { state: 'hidden' });
});

flow('measures elements', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  assert.deepEqual(await page.locator('#pad').boundingBox(), { x: 50, y: 60, width: 200, height: 100 });
  await page.goto(`${site}/`);
  assert.equal(await page.locator('#hidden').boundingBox(), null);
});

flow('reads texts and HTML', async ({ page, site }) => {
  await page.goto(`${site}/`);
  assert.equal(await page.innerText('#head'), 'Waders of the shore');
  assert.match(await page.innerHTML('#list'), /^<li class="bird"/);
  assert.equal(await page.innerText('#list'), 'Knot\nSanderling\nDunlin');
  assert.equal(await page.getAttribute('#plain', 'href'), '/plain');
});

flow('snapshots roles', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  const text = await page.locator('#get').ariaSnapshot();
  for (const line of ['textbox "Name"', 'checkbox "Subscribe"', 'combobox "Size"', 'button "Send"']) assert.ok(text.includes(line), text);
});
