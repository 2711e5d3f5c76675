import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { wasm } from '@convoy/backend-wasm';
import { ValueError } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { emptyFolder, engineWithPlugins } from '../persistence/saved-model.js';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(96);
const bytesOf = (build: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../packages/backends/wasm/dist/kernels-${build}.wasm`, import.meta.url)));

describe('options of wasm', () => {
  test('that are unknown or no flags are refused', () => {
    expect(() => wasm(JSON.parse('{ "winogard": false }') as object)).toThrow(/winograd/);
    expect(() => wasm(JSON.parse('{ "winograd": "no" }') as object)).toThrow(ValueError);
    expect(() => wasm(JSON.parse('{ "reproducible": 1 }') as object)).toThrow(/reproducible must be true or false/);
  });

  test('reproducible takes the build without fused multiply-adds', () => {
    expect(wasm({ reproducible: true }).build).toBe('simd');
    expect(wasm().build).toBe(WebAssembly.validate(bytesOf('relaxed')) ? 'relaxed' : 'simd');
  });

  test("winograd: false does without Winograd's algorithm", async () => {
    for (const [winograd, expected] of [
      [true, 'winograd'],
      [false, 'direct'],
    ] as const) {
      await using engine = await tinyEngine({ backend: wasm({ winograd }) });
      const x = engine.input({ shape: [16, 16, 4] });
      const { conv2d } = await import('@convoy/conv2d');
      const y = conv2d({ filters: 8, kernelSize: 3 }).apply(x);
      expect(engine.model({ inputs: x, outputs: y }).explain()).toContain(`"algorithm":"${expected}"`);
    }
  });
});

test('the kernels hold no data: a segment would be written into the shared memory by every thread', () => {
  for (const build of ['simd', 'relaxed']) {
    const bytes = bytesOf(build);
    // Sections of a module follow its eight bytes of head: an identifier, the length in LEB128, the contents.
    const identifiers: number[] = [];
    for (let at = 8; at < bytes.length;) {
      identifiers.push(bytes[at++]);
      let [length, shift] = [0, 0];
      do {
        length |= (bytes[at] & 0x7f) << shift;
        shift += 7;
      } while ((bytes[at++] & 0x80) !== 0);
      at += length;
    }
    expect(identifiers).not.toContain(11);
  }
});

test('a saved model says which build and which algorithms trained it', async () => {
  const folder = await emptyFolder();
  await using engine = await engineWithPlugins();
  const model = tinyModel(engine);
  await model.fit(images);
  await model.save(folder);
  const { training } = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) as {
    training: { computed: { backend: string; choices: unknown[] } };
  };
  expect(training.computed.backend).toBe(`wasm (${wasm().build} build)`);
  expect(training.computed.choices).toContainEqual({
    call: 'conv2d',
    layer: 'conv2d_1',
    chosen: { algorithm: 'direct' },
  });
});

describe('the same bits with any number of workers', () => {
  test('on this Node', async () => {
    const bits = [];
    for (const workers of [1, 2, 3, 'inline'] as const) {
      await using engine = await tinyEngine({ workers });
      const model = tinyModel(engine, { dropoutRate: 0.3 });
      await model.fit(images, { epochs: 2, batchSize: 32 });
      bits.push(bitsOf(model));
    }
    for (const each of bits) expect(each).toEqual(bits[0]);
  });

  test('with the relaxed build', () => {
    const flags = WebAssembly.validate(bytesOf('relaxed')) ? [] : ['--experimental-wasm-relaxed-simd'];
    const script = fileURLToPath(new URL('relaxed-bits.mjs', import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const [build, ...bits] = JSON.parse(stdout) as string[];
    expect(build).toBe('relaxed');
    expect(new Set(bits).size).toBe(1);
    expect(bits).toHaveLength(3);
  });
});
