// Drives Puppeteer. Each flow has a connection, a context and a page of its own.

import puppeteer from 'puppeteer-core';
import { drive } from '../harness.mjs';
import './connect.mjs';
import './navigation.mjs';
import './evaluate.mjs';
import './elements.mjs';
import './input.mjs';
import './network.mjs';
import './interception.mjs';
import './page.mjs';
import './frames.mjs';
import './emulation.mjs';

async function setUp(world) {
  const connect = (options) => puppeteer.connect({ defaultViewport: null, protocolTimeout: 60_000, ...options });
  const browser = await connect({ browserURL: world.http });
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return { ...world, sanderling: world.target === 'sanderling', connect, browser, context, page, others: [] };
}

async function tearDown({ browser, context, others }) {
  for (const one of others) await one.disconnect().catch(() => {});
  if (!browser.connected) return;
  if (!context.closed) await context.close().catch(() => {});
  await browser.disconnect();
}

drive(setUp, tearDown);
