// Drives chrome-remote-interface: HTTP endpoints, page sockets, sessions by argument.

import assert from 'node:assert/strict';
import CDP from 'chrome-remote-interface';
import { drive, failure, flow, once, record, until } from '../harness.mjs';

drive(
  async (world) => {
    const options = { host: '127.0.0.1', port: world.port };
    const target = await CDP.New({ ...options, url: 'about:blank' });
    const client = await CDP({ ...options, target });
    return { ...world, options, target, client };
  },
  async ({ client, options, target }) => {
    await client.close();
    await CDP.Close({ ...options, id: target.id }).catch(() => {});
  },
);

flow('navigates and evaluates', async ({ client, site }) => {
  const { Page, Runtime } = client;
  await Page.enable();
  const loaded = once(client, 'Page.loadEventFired');
  await Page.navigate({ url: `${site}/plain` });
  await loaded;
  const { result } = await Runtime.evaluate({ expression: 'document.title' });
  assert.equal(result.value, 'Plain');
});

flow('reads version, list and protocol', async ({ options, target }) => {
  const told = await CDP.Version(options);
  assert.equal(told['Protocol-Version'], '1.3');
  const list = await CDP.List(options);
  assert.ok(list.some((one) => one.id === target.id));
  const { domains } = await CDP.Protocol(options);
  const page = domains.find((one) => one.domain === 'Page');
  assert.ok(page.commands.some((one) => one.name === 'navigate'));
  assert.ok(page.events.some((one) => one.name === 'loadEventFired'));
});

flow('opens, activates and closes by http', async ({ options }) => {
  const made = await CDP.New({ ...options, url: 'about:blank' });
  await CDP.Activate({ ...options, id: made.id });
  await CDP.Close({ ...options, id: made.id });
  await until(async () => !(await CDP.List(options)).some((one) => one.id === made.id), 'the close');
  await failure(CDP.Close({ ...options, id: made.id }));
});

flow('walks the DOM', async ({ client, site }) => {
  const { Page, DOM } = client;
  await Page.enable();
  const loaded = once(client, 'Page.loadEventFired');
  await Page.navigate({ url: `${site}/` });
  await loaded;
  const { root } = await DOM.getDocument();
  const { nodeId } = await DOM.querySelector({ nodeId: root.nodeId, selector: '#head' });
  const { outerHTML } = await DOM.getOuterHTML({ nodeId });
  assert.equal(outerHTML, '<h1 id="head">Waders of the shore</h1>');
  const { nodeId: none } = await DOM.querySelector({ nodeId: root.nodeId, selector: '#absent' });
  assert.equal(none, 0);
});

flow('sees the network', async ({ client, site }) => {
  const { Network, Page } = client;
  const requests = record(client, 'Network.requestWillBeSent', (one) => one.request.url);
  await Promise.all([Network.enable(), Page.enable()]);
  const loaded = once(client, 'Page.loadEventFired');
  await Page.navigate({ url: `${site}/` });
  await loaded;
  assert.ok(requests.includes(`${site}/style.css`));
});

flow('uses sessions on a browser socket', async ({ options, target }) => {
  const { webSocketDebuggerUrl } = await CDP.Version(options);
  const browser = await CDP({ target: webSocketDebuggerUrl });
  const { targetId } = await browser.Target.createTarget({ url: 'about:blank' });
  const { sessionId } = await browser.Target.attachToTarget({ targetId, flatten: true });
  const { result } = await browser.Runtime.evaluate({ expression: '6 * 7' }, sessionId);
  assert.equal(result.value, 42);
  assert.ok(target.id);
  await browser.Target.closeTarget({ targetId });
  await browser.close();
});

flow('tells errors', async ({ client }) => {
  assert.match((await failure(client.send('Nothing.atAll'))).message, /wasn't found/);
  assert.match((await failure(client.Page.navigate({ url: 'not a url' }))).message, /Cannot navigate to invalid URL/);
});
