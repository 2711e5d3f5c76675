/** The example's page in Chromium, driven as a user would. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { js } from '@convoy/backend-js';
import { startServer } from '@convoy/browser-example/server';
import { createEngine } from '@convoy/engine';
import { buildNetwork, plugins } from '@convoy/examples/digits/network';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launch } from '../fixtures/browser.js';

const images = 160;
const recipe = { epochs: 1, batchSize: 16, seed: 3 };
/** Shaders are compiled, and all is computed, on cores that others use too. */
const MS = 300_000;

const chromium = findChromium();

test.skipIf(chromium === null)('a page that gets no adapter says what is missing', async () => {
  const server = await startServer(0);
  const browser = await launch(chromium as string, { gpu: false });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await page.click('#train');
    await page.waitForSelector('#status[data-state=failed]');
    expect(await page.textContent('#status')).toContain('webgpu: no adapter');
    expect(await page.isEnabled('#train')).toBe(true);
  } finally {
    await browser.close();
    server.close();
  }
});

describe.skipIf(chromium === null)('the digits in Chromium', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let base: string;

  beforeAll(async () => {
    server = await startServer(0);
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launch(chromium as string);
    page = await browser.newPage();
    await page.goto(base);
    for (const [name, value] of Object.entries({ images, ...recipe })) await page.fill(`[name=${name}]`, String(value));
    await page.click('#train');
    await page.waitForSelector('#status:is([data-state=done], [data-state=failed])', { timeout: MS });
  }, MS);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function bytes(name: string): Promise<Uint8Array> {
    const response = await fetch(`${base}/digits/${name}?rows=${images}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  test('train to the end, and the page says on what', async () => {
    expect(await page.textContent('#status')).toMatch(/^Trained 10 steps in/);
    expect(await page.textContent('#badge')).toBe('software adapter');
    expect(await page.textContent('#adapter')).toMatch(/swiftshader/i);
    expect(await page.isVisible('#warning')).toBe(true);
    expect(await page.locator('#guesses figure').count()).toBe(36);
  });

  test(
    'have the losses that the js backend has in Node, and these fall',
    async () => {
      const shown = await page.locator('#steps tr td:nth-child(2)').allTextContents();
      const losses = shown.map(Number);
      const train = { images: await bytes('train-images'), labels: await bytes('train-labels') };
      const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
      const engine = await createEngine({ backend: js(), seed: recipe.seed, plugins });
      const expected: number[] = [];
      try {
        const data = { name: 'digits', height: 28, width: 28, classes, train, test: train };
        const { epochs, batchSize } = recipe;
        const model = buildNetwork(engine, data, { epochs, batchSize });
        for await (const event of model.fit({ x: train.images, y: train.labels }, { epochs, batchSize })) {
          if (event.type === 'step') expected.push(event.logs['loss']);
        }
      } finally {
        await engine.dispose();
      }
      expect(losses).toHaveLength(expected.length);
      expected.forEach((loss, step) => expect(Math.abs(losses[step] - loss), `step ${step}`).toBeLessThan(1e-3));
      expect(Math.min(...losses)).toBeLessThan(losses[0] - 0.2);
    },
    MS,
  );
});
