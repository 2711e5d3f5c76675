import { conv2d } from '@convoy/conv2d';
import { constraints, type Constraint, type Optimizer } from '@convoy/engine';
import { adam, sgd } from '@convoy/optimizers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engineOfFile } from './engine-for-tests.js';
import { afterEachStep } from './held-variable.js';
import { expectClose, wave } from './numbers.js';
import { normsOver } from './vector-norms.js';

const engine = await engineOfFile();

const upTo = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most });
const pair = (most: number): fc.Arbitrary<[number, number]> => fc.tuple(upTo(most), upTo(most));

const geometry = fc
  .record({
    batch: fc.integer({ min: 0, max: 2 }),
    size: pair(7),
    channels: upTo(3),
    filters: upTo(3),
    kernelSize: pair(4),
    padding: fc.constantFrom('valid' as const, 'same' as const),
    window: fc.oneof(fc.record({ strides: pair(3) }), fc.record({ dilationRate: pair(3) })),
  })
  .map(({ batch, size, channels, window, ...options }) => ({
    batch,
    size,
    channels,
    options: { ...options, ...window },
  }));

function outcome<T>(attempt: () => T): T | string {
  try {
    return attempt();
  } catch (error) {
    return (error as Error).constructor.name;
  }
}

/** [N, H, W, C] as [N, C, H, W]. */
function planes(values: ArrayLike<number>, [n, h, w, c]: readonly number[]): Float32Array {
  return Float32Array.from({ length: n * c * h * w }, (_, i) => {
    const [image, channel, at] = [Math.floor(i / (c * h * w)), Math.floor(i / (h * w)) % c, i % (h * w)];
    return values[(image * h * w + at) * c + channel];
  });
}

interface Held {
  readonly make: () => Constraint;
  readonly holds: (w: Float32Array, shape: readonly number[]) => boolean;
}

const KERNEL = [2, 2, 2, 3];
const normsOf = (w: Float32Array, shape: readonly number[]): number[] => [...new Set(normsOver(w, shape, [0, 1, 2]))];
const limit = fc.double({ min: 0.1, max: 5, noNaN: true });

const constraint: fc.Arbitrary<Held> = fc.oneof(
  limit.map((maxValue) => ({
    make: () => constraints.maxNorm({ maxValue }),
    holds: (w: Float32Array, shape: readonly number[]) => normsOf(w, shape).every((n) => n <= maxValue * (1 + 1e-6)),
  })),
  fc.constant({
    make: () => constraints.unitNorm(),
    holds: (w: Float32Array, shape: readonly number[]) =>
      normsOf(w, shape).every((n) => n === 0 || Math.abs(n - 1) <= 1e-6),
  }),
  fc.constant({ make: () => constraints.nonNeg(), holds: (w: Float32Array) => w.every((v) => v >= 0) }),
  fc.tuple(limit, limit).map(([a, b]) => {
    const [minValue, maxValue] = [Math.min(a, b), Math.max(a, b)];
    return {
      make: () => constraints.minMaxNorm({ minValue, maxValue }),
      holds: (w: Float32Array, shape: readonly number[]) =>
        normsOf(w, shape).every((n) => n === 0 || (n >= minValue * (1 - 1e-6) && n <= maxValue * (1 + 1e-6))),
    };
  }),
);

const optimizer: fc.Arbitrary<Optimizer> = fc
  .record({ learningRate: fc.double({ min: 1e-3, max: 1, noNaN: true }), momentum: fc.constantFrom(0, 0.5, 0.9) })
  .chain((options) =>
    fc.constantFrom(sgd(options), sgd({ ...options, nesterov: true }), adam({ learningRate: options.learningRate })),
  );

describe('Shapes and padding', () => {
  test('computeOutputShape is the shape that apply gives, or both refuse', () => {
    fc.assert(
      fc.property(geometry, fc.boolean(), ({ batch, size: [h, w], channels, options }, first) => {
        const layer = conv2d({ ...options, dataFormat: first ? 'channelsFirst' : 'channelsLast' });
        const example = first ? [channels, h, w] : [h, w, channels];
        const shape = [batch, ...example];
        const images = engine.tensor(new Float32Array(batch * h * w * channels), shape);
        const computed = outcome(() => layer.computeOutputShape(shape));
        expect(outcome(() => layer.apply(images).shape)).toEqual(computed);
        expect(outcome(() => layer.apply(engine.input({ shape: example })).shape.slice(1))).toEqual(
          typeof computed === 'string' ? computed : computed.slice(1),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('channelsFirst gives the transposed numbers of channelsLast', () => {
    fc.assert(
      fc.property(geometry, ({ batch, size: [h, w], channels, options }) => {
        const [last, first] = [conv2d(options), conv2d({ ...options, dataFormat: 'channelsFirst' })];
        const shape = [batch, h, w, channels];
        fc.pre(typeof outcome(() => last.computeOutputShape(shape)) !== 'string');
        const values = wave(batch * h * w * channels);
        engine.bind(first).build([null, channels, h, w]);
        engine.bind(last).build([null, h, w, channels]);
        first.setWeights([last.getWeights()[0], wave(options.filters, 5)]);
        last.setWeights(first.getWeights());
        const y = last.apply(engine.tensor(values, shape));
        const yFirst = first.apply(engine.tensor(planes(values, shape), [batch, channels, h, w]));
        expectClose(yFirst.dataSync(), planes(y.dataSync(), y.shape));
      }),
      { numRuns: 60 },
    );
  });
});

describe('Constraints', () => {
  test('a constraint holds after every step of any optimizer', async () => {
    const values = fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 24, maxLength: 24 });
    const target = fc.double({ min: -100, max: 100, noNaN: true });
    await fc.assert(
      fc.asyncProperty(constraint, optimizer, values, target, async ({ make, holds }, chosen, start, towards) => {
        const training = { optimizer: chosen, steps: 3, target: towards };
        for (const w of await afterEachStep(engine, make(), start, KERNEL, training)) {
          expect(holds(w, KERNEL), `after a step the constraint does not hold: [${w.join()}]`).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
