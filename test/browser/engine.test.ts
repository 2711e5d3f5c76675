/** The engine on the thread of a page, with a backend of the CPU and with the device. */
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { startServer } from '@convoy/browser-example/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launch } from '../fixtures/browser.js';

interface Told {
  readonly losses: readonly number[];
  /** Code of the error, or null where there was none. */
  readonly refusals: Readonly<Record<string, string | null>>;
}

const chromium = findChromium();

describe.skipIf(chromium === null)('an engine in a page', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await startServer(0);
    browser = await launch(chromium as string);
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await page.evaluate(await readFile(path.join(import.meta.dirname, 'in-page.mjs'), 'utf8'));
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  // As text, for the functions of this file are not the page's.
  const trained = (backend: string): Promise<Told> => page.evaluate(`trainInPage('${backend}')`);

  test('trains on the device as on the CPU, from arrays, and refuses what a browser has not', async () => {
    const [device, cpu] = [await trained('webgpu'), await trained('js')];
    const refused = { wasm: 'BROWSER', threads: 'BROWSER', strategy: 'BROWSER', save: 'BROWSER', load: 'BROWSER' };
    expect(cpu.losses).toHaveLength(8);
    expect(cpu.losses[7]).toBeLessThan(cpu.losses[0] / 1.5);
    cpu.losses.forEach((loss, epoch) => expect(Math.abs(device.losses[epoch] - loss)).toBeLessThan(1e-4));
    expect(cpu.refusals).toEqual({ ...refused, concrete: null });
    expect(device.refusals).toEqual({ ...refused, concrete: 'BROWSER' });
  });
});
