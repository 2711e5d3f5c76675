import {
  defineCodec,
  parameterServer,
  quantized,
  simulate,
  simulated,
  topK,
  type Codec,
  type Coder,
  type CoderFactory,
} from '@convoy/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ErrorFeedback } from '../../packages/engine/dist/async/threads/error-feedback.js';
import { integerModel, integers, sumOf } from '../fixtures/integers.js';
import { makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

async function coderOf({ coder, options = {} }: Codec): Promise<Coder> {
  const { default: make } = (await import(coder.href)) as { default: CoderFactory };
  return make(options);
}

async function roundTrip(codec: Codec, values: readonly number[]) {
  const coder = await coderOf(codec);
  const bytes = coder.encode(Float32Array.from(values));
  const decoded = new Float32Array(values.length).fill(Number.NaN);
  coder.decode(bytes, decoded);
  return { bytes: bytes.byteLength, decoded: [...decoded] };
}

describe('topK', () => {
  test('sends the largest elements exactly, 8 bytes each, and zeros for the rest', async () => {
    expect(await roundTrip(topK({ fraction: 0.5 }), [0.1, -3, 2.5, 0, -0.2, 7])).toEqual({
      bytes: 24,
      decoded: [0, -3, 2.5, 0, 0, 7],
    });
  });

  test('of equal sizes takes the first', async () => {
    expect((await roundTrip(topK({ fraction: 0.5 }), [1, -2, 2, -2, 2, 1])).decoded).toEqual([0, -2, 2, -2, 0, 0]);
    expect((await roundTrip(topK({ fraction: 0.5 }), [0, 0, 0, 0])).decoded).toEqual([0, 0, 0, 0]);
  });

  test('sends at least one element, and all of them when asked', async () => {
    expect((await roundTrip(topK({ fraction: 0.001 }), [1, 5, -4])).decoded).toEqual([0, 5, 0]);
    expect(await roundTrip(topK({ fraction: 1 }), [1, 5, -4])).toEqual({ bytes: 24, decoded: [1, 5, -4] });
    expect((await roundTrip(topK(), [3])).decoded).toEqual([3]);
  });

  test('of any values sends that many, none smaller than one that it leaves out', async () => {
    const coder = await coderOf(topK({ fraction: 0.3 }));
    const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, (given) => {
        const decoded = new Float32Array(given.length);
        const bytes = coder.encode(Float32Array.from(given));
        coder.decode(bytes, decoded);
        const count = Math.max(1, Math.round(0.3 * given.length));
        expect(bytes.byteLength).toBe(8 * count);
        const sizes = given.map(Math.abs).toSorted((a, b) => b - a);
        decoded.forEach((value, i) => {
          if (value !== 0) expect(value).toBe(given[i]);
          else expect(Math.abs(given[i])).toBeLessThanOrEqual(sizes[count - 1]);
        });
      }),
    );
  });
});

describe('quantized', () => {
  test('sends a byte for each element and one scale, rounded to the nearest', async () => {
    // 127 is the largest, so the scale is 1.
    expect(await roundTrip(quantized(), [127, -127, 1.4, -1.6, 0, 63.5])).toEqual({
      bytes: 10,
      decoded: [127, -127, 1, -2, 0, 64],
    });
    const { decoded } = await roundTrip(quantized(), [0.5, -0.2]);
    const scale = Math.fround(0.5 / 127);
    expect(decoded).toEqual([Math.fround(scale * 127), Math.fround(scale * -51)]);
  });

  test('keeps zeros, and what is smaller than its scale could be', async () => {
    expect((await roundTrip(quantized(), [0, 0])).decoded).toEqual([0, 0]);
    expect((await roundTrip(quantized(), [1e-45, -1e-45])).decoded).toEqual([0, 0]);
  });

  test('of any values is wrong by half a step at most', async () => {
    const coder = await coderOf(quantized());
    const value = fc.float({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (given) => {
        const decoded = new Float32Array(given.length);
        coder.decode(coder.encode(Float32Array.from(given)), decoded);
        const largest = Math.max(...given.map(Math.abs));
        decoded.forEach((found, i) => {
          expect(Math.abs(found - given[i])).toBeLessThanOrEqual(largest / 254 + 1e-6 * largest + 1e-43);
        });
      }),
    );
  });
});

describe('error feedback', () => {
  for (const codec of [topK({ fraction: 0.1 }), quantized()]) {
    test(`loses nothing: what has arrived and what is remembered are what was given, with ${codec.name}`, async () => {
      const LENGTH = 50;
      const feedback = new ErrorFeedback(await coderOf(codec), [{ offset: 64, length: LENGTH }]);
      const buffer = new SharedArrayBuffer(64 + 4 * LENGTH + 64);
      const slab = new Float32Array(buffer, 64, LENGTH);
      const guard = new Float32Array(buffer, 64 + 4 * LENGTH, 16).fill(7);
      const given = new Float64Array(LENGTH);
      const arrived = new Float64Array(LENGTH);
      const pass = (of: (i: number) => number) => {
        slab.forEach((_, i) => (slab[i] = of(i)));
        slab.forEach((value, i) => (given[i] += value));
        const share = feedback.pass(buffer, 0);
        expect(share).toBeLessThan(0.3);
        slab.forEach((value, i) => (arrived[i] += value));
      };
      for (let round = 0; round < 40; round++) pass((i) => Math.sin(i * 1.7 + round * 0.3));
      const behind = Math.max(...given.map((sum, i) => Math.abs(sum - arrived[i])));
      expect(behind).toBeGreaterThan(1e-3);
      // Nothing more is given; what is remembered comes out, down to the rounding of sums in float32.
      for (let round = 0; round < 40; round++) pass(() => 0);
      given.forEach((sum, i) => expect(Math.abs(sum - arrived[i])).toBeLessThan(1e-4));
      expect([...guard]).toEqual(Array.from({ length: 16 }, () => 7));
    });
  }
});

/** Half of each gradient at once. */
const halves = defineCodec<{ share: number }>(
  'halves',
  ({ share = 0.5 }) => ({
    coder: new URL('../fixtures/strategies/halves-coder.mjs', import.meta.url),
    options: { share },
  }),
  ['share'],
);

describe('training with a codec', () => {
  for (const [name, staleness, codec] of [
    ['topK', 1, topK({ fraction: 0.25 })],
    ['topK without staleness', 0, topK({ fraction: 0.25 })],
    ['quantized', 1, quantized()],
    ["a user's own", 1, halves()],
  ] as const) {
    test(`learns what it learns without: ${name}`, async () => {
      await using engine = await tinyEngine({ workers: 'inline' });
      const images = makeImages(64);
      const train = async (codecs: { codec?: Codec }) => {
        const model = tinyModel(engine);
        const strategy = parameterServer({ replicas: 2, staleness, ...codecs });
        const { history } = await model.fit(images, { batchSize: 4, epochs: 12, strategy });
        return history.accuracy.at(-1);
      };
      expect(await train({ codec })).toBeGreaterThan(0.95);
    });
  }

  test("a user's own is imported by its URL and told its options: all updates at once, or half of the last still to come", async () => {
    await using engine = await tinyEngine({ workers: 'inline' });
    const data = integers(6);
    const train = async (share: number) => {
      const model = integerModel(engine);
      const strategy = parameterServer({ replicas: 1, codec: halves({ share }) });
      await model.fit(data, { batchSize: 2, shuffle: false, strategy });
      return [...model.weights[0].dataSync()];
    };
    const all = sumOf(data, [0, 1, 2, 3, 4, 5]);
    expect(await train(1)).toEqual(all.map((value) => 0 - value));
    // Batch k has arrived but for a share of (1/2)^(6 − k).
    const late = all.map((value, i) => {
      const missing = [0, 1, 2, 3, 4, 5].reduce((sum, unit) => sum + sumOf(data, [unit])[i] / 2 ** (6 - unit), 0);
      return missing - value;
    });
    expect(await train(0.5)).toEqual(late);
  });

  test('takes less of a slow link', async () => {
    const world = { computeMs: 1, megabytesPerSecond: 1, batches: 200, megabytes: 1 };
    const whole = await simulate(parameterServer({ replicas: 2 }), world);
    expect(whole.seconds).toBeGreaterThan(100);
    await using engine = await tinyEngine({ workers: 'inline' });
    const seconds = async (codecs: { codec?: Codec }) => {
      const strategy = simulated(parameterServer({ replicas: 2, ...codecs }), {
        computeMs: 0,
        megabytesPerSecond: 0.01,
      });
      const { report } = await tinyModel(engine).fit(makeImages(64), { batchSize: 4, strategy });
      return report?.seconds ?? 0;
    };
    const [without, withTopK, withBytes] = [
      await seconds({}),
      await seconds({ codec: topK({ fraction: 0.05 }) }),
      await seconds({ codec: quantized() }),
    ];
    // Weights travel as they are on the way to the replica.
    expect(withTopK).toBeLessThan(0.65 * without);
    expect(withBytes).toBeLessThan(0.72 * without);
    expect(withBytes).toBeGreaterThan(0.5 * without);
  });
});
