// What all drivers in Node share. A driver is told on standard input which flow to run, one JSON object a line, and answers with one line each:
// {flow, ok, error, ms}. Flows register themselves at import by `flow(name, steps)`; a flow passes when its steps do not throw.

import readline from 'node:readline';
import fs from 'node:fs';

const flows = new Map();

/** Declare a flow. Tests find its name by reading the source, so the name is a string literal at the beginning of a line. */
export function flow(name, steps) {
  if (flows.has(name)) throw new Error(`two flows are called ${name}`);
  flows.set(name, steps);
}

/** Wait for a promise, at most some milliseconds. */
export async function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what ?? 'this'} took more than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Wait until a condition holds; it is asked after each turn of the clock. */
export async function until(condition, what, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what ?? condition} did not come true in ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Collect what an emitter emits. */
export function record(emitter, event, map = (value) => value) {
  const seen = [];
  emitter.on(event, (value) => seen.push(map(value)));
  return seen;
}

/** Wait for one event of an emitter. */
export function once(emitter, event, ms = 30_000) {
  return within(ms, new Promise((resolve) => emitter.once(event, resolve)), `the event ${event}`);
}

/** Give the error of steps that must fail. */
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it should have failed');
}

/** Give the answer of `/json/version`. */
export async function version(http) {
  return (await fetch(`${http}/json/version`)).json();
}

/** Serve requests for flows. `setUp(world)` makes what the steps get, `tearDown(made)` ends it, also after a failure. */
export function drive(setUp, tearDown) {
  process.on('unhandledRejection', () => {}); // A flow that failed leaves promises behind.
  process.on('uncaughtException', (error) => fs.writeSync(2, `uncaught: ${error?.stack}\n`));
  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const asked = JSON.parse(line);
    const { flow: name, limit, ...world } = asked;
    const begin = performance.now();
    let made;
    let error = null;
    try {
      const steps = flows.get(name);
      if (!steps) throw new Error(`no such flow: ${name}`);
      const run = async () => {
        made = await setUp(world);
        await steps(made);
      };
      await within(limit, run(), 'the flow');
    } catch (thrown) {
      error = String(thrown?.stack ?? thrown).slice(0, 3000);
    }
    try {
      if (made) await within(5000, tearDown(made), 'the end of the flow');
    } catch (thrown) {
      error ??= `after the flow: ${String(thrown?.stack ?? thrown).slice(0, 3000)}`;
    }
    const ms = Math.round(performance.now() - begin);
    fs.writeSync(1, `${JSON.stringify({ flow: name, ok: error === null, error, ms })}\n`);
  }).on('close', () => process.exit(0));
}
