// Drives Playwright. Each flow has a connection, a context and a page of its own.

import { chromium } from 'playwright-core';
import { drive } from '../harness.mjs';
import './connect.mjs';
import './navigation.mjs';
import './evaluate.mjs';
import './locators.mjs';
import './actions.mjs';
import './network.mjs';
import './page.mjs';
import './options.mjs';

async function setUp(world) {
  const others = [];
  const connect = async (address = world.http) => {
    const browser = await chromium.connectOverCDP(address, { timeout: 60_000 });
    others.push(browser);
    return browser;
  };
  const browser = await connect();
  const newContext = async (options) => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(30_000);
    return context;
  };
  const context = await newContext();
  const page = await context.newPage();
  return { ...world, sanderling: world.target === 'sanderling', connect, others, browser, newContext, context, page };
}

async function tearDown({ browser, others }) {
  // The default context is everybody's, and stays.
  if (browser.isConnected()) for (const context of browser.contexts().slice(1)) await context.close().catch(() => {});
  for (const one of others) await one.close().catch(() => {});
}

drive(setUp, tearDown);
