/** What a browser would load, followed from file to file without one. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer } from '@convoy/browser-example/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

const IMPORT = /^(?:\s*(?:import|export)\b[^'"]*?\bfrom\s*|\s*import\s*)(["'])([^'"]+)\1/gm;

let server: Server;
let base: string;

beforeAll(async () => {
  server = await startServer(0);
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

/** Follows the imports of modules; what it returns is the answer for each address, and imports that are no addresses. */
async function follow(entries: readonly string[]): Promise<{ answers: Map<string, number>; unknown: string[] }> {
  const answers = new Map<string, number>();
  const unknown: string[] = [];
  const open = entries.map((entry) => `${base}${entry}`);
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (answers.has(url)) continue;
    const response = await fetch(url);
    answers.set(url, response.status);
    for (const [, , specifier] of (await response.text()).matchAll(IMPORT)) {
      if (/^[./]/.test(specifier)) open.push(new URL(specifier, response.url).href);
      else unknown.push(`${specifier}, imported by ${response.url}`);
    }
  }
  return { answers, unknown };
}

const device = '/packages/backends/webgpu/dist';

test('all that the page and its threads import is there, and nothing of it needs Node', async () => {
  const { answers, unknown } = await follow([
    '/examples/browser/dist/page/page.js',
    '/examples/browser/dist/worker/trainer.js',
    '/packages/engine/dist/data/source-actor.js',
    '/packages/backends/wasm/dist/index.js',
    ...['kernels', 'executor', 'actor'].map((name) => `${device}/${name}.js`),
  ]);
  expect(unknown).toEqual([]);
  expect([...answers].filter(([, status]) => status !== 200)).toEqual([]);
  expect(answers.has(`${base}${device}/convolution/forward.js`)).toBe(true);
});

test('modules of Node are replaced by those that their package names for browsers', async () => {
  const pool = await fetch(`${base}/packages/engine/dist/execute/pool-executor.js`);
  expect(new URL(pool.url).pathname).toBe('/packages/engine/dist/browser/pool-executor.js');
});

test('pages are isolated, so that their threads share memory', async () => {
  const { headers } = await fetch(`${base}/`);
  expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
  expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
});

test.each([
  '/package.json',
  '/.ci/run',
  '/examples/browser/src/page/page.ts',
  '/packages/engine/dist/..%2f..%2f..%2fpackage.json',
])('nothing but the page and built modules is served: not %s', async (address) => {
  const { status } = await fetch(`${base}${address}`);
  expect(status).toBe(404);
});
