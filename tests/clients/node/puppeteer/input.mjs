// Mouse, keyboard, touch, files.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { flow, until } from '../harness.mjs';

const value = (page, selector) => page.$eval(selector, (e) => e.value);

flow('clicks where asked', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.click('#pad', { offset: { x: 10, y: 20 } });
  const seen = (await page.evaluate(() => window.seen)).filter((one) => ['mousedown', 'mouseup', 'click'].includes(one.type));
  assert.deepEqual(seen.map((one) => [one.type, one.x, one.y, one.button, one.buttons, one.detail, one.trusted]), [
    ['mousedown', 60, 80, 0, 1, 1, true],
    ['mouseup', 60, 80, 0, 0, 1, true],
    ['click', 60, 80, 0, 0, 1, true],
  ]);
});

flow('clicks below the fold', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.click('#below');
  assert.equal(await page.title(), 'below clicked');
  assert.ok((await page.evaluate(() => scrollY)) > 1000);
});

flow('double clicks and right clicks', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.click('#pad', { count: 2 });
  await page.click('#pad', { button: 'right' });
  const types = (await page.evaluate(() => window.seen)).map((one) => one.type);
  assert.equal(types.filter((type) => type === 'click').length, 2);
  assert.equal(types.filter((type) => type === 'dblclick').length, 1);
  assert.equal(types.filter((type) => type === 'contextmenu').length, 1);
});

flow('moves, presses and turns the wheel', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.hover('#pad');
  await page.mouse.move(160, 120, { steps: 3 });
  await page.mouse.down();
  await page.mouse.move(170, 130);
  await page.mouse.up();
  await page.mouse.wheel({ deltaY: 120 });
  await until(async () => (await page.evaluate(() => window.seen)).some((one) => one.type === 'wheel'), 'wheel');
  const seen = await page.evaluate(() => window.seen);
  assert.ok(seen.some((one) => one.type === 'mouseover'));
  assert.ok(seen.filter((one) => one.type === 'mousemove').length >= 4);
  assert.ok(seen.some((one) => one.type === 'mousemove' && one.buttons === 1 && one.x === 170));
  assert.equal(seen.find((one) => one.type === 'wheel').y, 120);
  await until(async () => (await page.evaluate(() => scrollY)) > 0, 'the scroll');
});

flow('clicks with keys held', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await page.keyboard.down('Shift');
  await page.click('#pad');
  await page.keyboard.up('Shift');
  const click = (await page.evaluate(() => window.seen)).find((one) => one.type === 'click');
  assert.equal(click.shift, true);
});

flow('types with every event', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.focus('#name');
  await page.keyboard.type('aB');
  assert.equal(await value(page, '#name'), 'aB');
  assert.deepEqual(await page.evaluate(() => log), [
    'focus:', 'keydown:a', 'keypress:a', 'beforeinput:a', 'input:a', 'keyup:a', 'keydown:B', 'keypress:B', 'beforeinput:B', 'input:B', 'keyup:B',
  ]);
});

flow('types letters that no key has', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.type('#name', 'é漢🐦');
  assert.equal(await value(page, '#name'), 'é漢🐦');
});

flow('edits with keys', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.type('#name', 'sandpiper');
  for (const key of ['Backspace', 'Backspace', 'Home', 'Delete', 'End', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
  await page.keyboard.type('X');
  assert.equal(await value(page, '#name'), 'andpXip');
});

flow('selects all and types over it', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.type('#name', 'old');
  await page.click('#name', { count: 3 });
  await page.keyboard.type('new');
  assert.equal(await value(page, '#name'), 'new');
});

flow('submits by Enter', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.type('#name', 'enter');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  assert.match(page.url(), /\/submitted\?name=enter/);
});

flow('moves the focus by Tab', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.focus('#name');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'subscribe');
  await page.keyboard.press('Space');
  assert.equal(await page.$eval('#subscribe', (e) => e.checked), true);
});

flow('fires change when the focus leaves', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.type('#name', 'x');
  await page.focus('#message');
  assert.deepEqual((await page.evaluate(() => log)).slice(-2), ['change:', 'blur:']);
});

flow('edits a contenteditable', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.click('#rich');
  await page.keyboard.press('End');
  await page.keyboard.type(' text');
  assert.equal(await page.$eval('#rich', (e) => e.textContent), 'rich text');
});

flow('ticks boxes by their labels', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.click('label:has(#subscribe)');
  await page.click('#low');
  assert.deepEqual(await page.evaluate(() => [subscribe.checked, low.checked, high.checked]), [true, true, false]);
});

flow('selects options', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.evaluate(() => { window.changes = []; size.onchange = () => window.changes.push(size.value); });
  assert.deepEqual(await page.select('#size', 'l'), ['l']);
  assert.deepEqual(await page.evaluate(() => window.changes), ['l']);
});

flow('does not click what is disabled', async ({ page, site }) => {
  await page.goto(`${site}/form`);
  await page.evaluate(() => { off.onclick = () => { window.clicked = 1; }; });
  await page.click('#off');
  assert.equal(await page.evaluate(() => window.clicked), undefined);
});

flow('drags', async ({ page, site }) => {
  await page.goto(`${site}/mouse`);
  await (await page.$('#drop')).drop(await page.$('#drag'));
  await until(() => page.$eval('#drop', (e) => e.textContent === 'knot'), 'the drop');
});

flow('taps', async ({ page, site }) => {
  await page.setViewport({ width: 800, height: 600, hasTouch: true });
  await page.goto(`${site}/mouse`);
  await page.tap('#pad');
  await until(async () => (await page.evaluate(() => window.seen)).some((one) => one.type === 'click'), 'click');
  const types = (await page.evaluate(() => window.seen)).map((one) => one.type);
  assert.ok(types.indexOf('touchstart') >= 0 && types.indexOf('touchend') > types.indexOf('touchstart'), `${types}`);
  assert.equal(await page.evaluate(() => navigator.maxTouchPoints), 1);
});

flow('uploads files', async ({ page, site, folder }) => {
  const first = path.join(folder, 'one.txt');
  const second = path.join(folder, 'two.txt');
  fs.writeFileSync(first, 'first file');
  fs.writeFileSync(second, 'second');
  await page.goto(`${site}/form`);
  await page.evaluate(() => { window.changes = 0; file.addEventListener('change', () => { window.changes += 1; }); });
  await (await page.$('#file')).uploadFile(first);
  await (await page.$('#files')).uploadFile(first, second);
  assert.deepEqual(await page.evaluate(async () => [file.files[0].name, await file.files[0].text(), file.files[0].type, window.changes]), ['one.txt', 'first file', 'text/plain', 1]);
  assert.deepEqual(await page.evaluate(() => [...files.files].map((one) => `${one.name} ${one.size}`)), ['one.txt 10', 'two.txt 6']);
});

flow('answers a file chooser', async ({ page, site, folder }) => {
  const file = path.join(folder, 'chosen.txt');
  fs.writeFileSync(file, 'chosen');
  await page.goto(`${site}/form`);
  const [chooser] = await Promise.all([page.waitForFileChooser(), page.click('#file')]);
  assert.equal(chooser.isMultiple(), false);
  await chooser.accept([file]);
  assert.equal(await page.evaluate(() => document.getElementById('file').files[0].text()), 'chosen');
  const [many] = await Promise.all([page.waitForFileChooser(), page.click('#files')]);
  assert.equal(many.isMultiple(), true);
  await many.cancel();
});
