// Clicking, typing, dragging, files.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { failure, flow, until } from '../harness.mjs';

const types = (page) => page.evaluate(() => window.seen.map((one) => one.type));

flow('clicks', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.click('#pad', { position: { x: 10, y: 20 }, modifiers: ['Shift'] });
  const click = (await page.evaluate(() => window.seen)).find((one) => one.type === 'click');
  assert.deepEqual([click.x, click.y, click.shift, click.trusted], [60, 80, true, true]);
  await page.dblclick('#pad');
  await page.click('#pad', { button: 'right' });
  const seen = await types(page);
  assert.ok(seen.includes('dblclick') && seen.includes('contextmenu'), `${seen}`);
});

flow('clicks below the fold', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.getByRole('button', { name: 'Below the fold' }).click();
  assert.equal(await page.title(), 'below clicked');
});

flow('waits until it can click', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.evaluate(() => {
    const later = document.getElementById('later');
    later.onclick = () => { window.clicked = true; };
    setTimeout(() => { later.style.display = ''; }, 80);
  });
  await page.click('#later');
  assert.equal(await page.evaluate(() => window.clicked), true);
  assert.match((await failure(page.click('#off', { timeout: 2000 }))).message, /not enabled/);
});

flow('does not click through a cover', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.evaluate(() => {
    const cover = document.createElement('div');
    cover.id = 'cover';
    cover.style.cssText = 'position: fixed; inset: 0; z-index: 9';
    document.body.append(cover);
  });
  assert.match((await failure(page.click('#pad', { timeout: 2000 }))).message, /intercepts pointer events/);
  await page.click('#pad', { force: true });
  assert.equal((await types(page)).includes('click'), false);
});

flow('hovers, moves and turns the wheel', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.hover('#pad');
  await page.mouse.wheel(0, 120);
  await until(async () => (await types(page)).includes('wheel'), 'wheel');
  assert.ok((await types(page)).includes('mouseover'));
});

flow('fills and clears', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.fill('#name', 'knot');
  assert.equal(await page.inputValue('#name'), 'knot');
  await page.getByLabel('Name').clear();
  assert.equal(await page.inputValue('#name'), '');
  await page.fill('#rich', 'edited');
  assert.equal(await page.textContent('#rich'), 'edited');
});

flow('types key by key', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.locator('#name').pressSequentially('aé');
  assert.equal(await page.inputValue('#name'), 'aé');
  assert.deepEqual((await page.evaluate(() => log)).slice(0, 6), ['focus:', 'keydown:a', 'keypress:a', 'beforeinput:a', 'input:a', 'keyup:a']);
  await page.press('#name', 'Control+A');
  await page.keyboard.type('z');
  assert.equal(await page.inputValue('#name'), 'z');
  await page.press('#name', 'Enter');
  await page.waitForURL('**/submitted?name=z**');
});

flow('checks and selects', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.check('#subscribe');
  assert.equal(await page.isChecked('#subscribe'), true);
  await page.uncheck('#subscribe');
  await page.getByLabel('High').check();
  assert.deepEqual(await page.selectOption('#size', 'l'), ['l']);
  assert.deepEqual(await page.evaluate(() => [subscribe.checked, high.checked, size.value]), [false, true, 'l']);
});

flow('focuses, blurs and dispatches', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.focus('#name');
  await page.locator('#name').blur();
  await page.dispatchEvent('#name', 'change');
  assert.deepEqual(await page.evaluate(() => log), ['focus:', 'blur:', 'change:']);
});

flow('drags and drops', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.dragAndDrop('#drag', '#drop');
  assert.equal(await page.textContent('#drop'), 'knot');
});

flow('uploads files', async ({ page, site, folder }) => {
  const file = path.join(folder, 'one.txt');
  fs.writeFileSync(file, 'first file');
  await page.goto(`${site}/form`);
  await page.setInputFiles('#file', file);
  assert.deepEqual(await page.evaluate(async () => { const f = document.getElementById('file').files[0]; return [f.name, await f.text()]; }), ['one.txt', 'first file']);
  await page.setInputFiles('#files', [{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('made') }, { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('up') }]);
  assert.deepEqual(await page.evaluate(() => [...document.getElementById('files').files].map((one) => `${one.name} ${one.size}`)), ['a.txt 4', 'b.txt 2']);
});

flow('answers a file chooser', async ({ page, site, folder }) => {
  const file = path.join(folder, 'chosen.txt');
  fs.writeFileSync(file, 'chosen');
  await page.goto(`${site}/form`);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#file')]);
  assert.equal(chooser.isMultiple(), false);
  await chooser.setFiles(file);
  assert.equal(await page.evaluate(() => document.getElementById('file').files[0].text()), 'chosen');
});

flow('handles what gets in the way', async ({ page, site }) => {
  await page.goto(`${site}/dynamic`);
  await page.addLocatorHandler(page.locator('#notice'), async () => page.locator('#notice').evaluate((e) => e.remove()));
  await page.evaluate(() => { const n = document.createElement('div'); n.id = 'notice'; n.textContent = 'notice'; n.style.cssText = 'position:fixed;inset:0'; document.body.append(n); });
  await page.click('#count');
  assert.equal(await page.textContent('#count'), '1');
});
