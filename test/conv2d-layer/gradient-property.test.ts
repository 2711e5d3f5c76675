import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { ops } from '@convoy/conv2d';
import type { Padding } from '@convoy/engine';
import { conformance, type OpCase } from '@convoy/engine/testing';
import fc from 'fast-check';
import { describe, test } from 'vitest';

const upTo = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most });
const pair = (most: number): fc.Arbitrary<[number, number]> => fc.tuple(upTo(most), upTo(most));
const amount = fc.integer({ min: 0, max: 2 });

const geometry = fc
  .record({
    size: pair(7),
    channels: upTo(3),
    filters: upTo(3),
    kernel: pair(3),
    strides: pair(3),
    dilationRate: pair(3),
    padding: fc.oneof<fc.Arbitrary<Padding>[]>(
      fc.constant('valid'),
      fc.constant('same'),
      fc.tuple(fc.tuple(amount, amount), fc.tuple(amount, amount)),
    ),
    dataFormat: fc.constantFrom('channelsLast' as const, 'channelsFirst' as const),
  })
  .filter(({ size, kernel, dilationRate, padding }) =>
    // A kernel longer than the padded input is refused; 'same' makes room for any.
    [0, 1].every((axis) => {
      const length = (kernel[axis] - 1) * dilationRate[axis] + 1;
      const added = typeof padding === 'string' ? 0 : padding[axis][0] + padding[axis][1];
      return padding === 'same' || length <= size[axis] + added;
    }),
  );

describe('Ops', () => {
  test('the gradients of any convolution are those of finite differences', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ size: [h, w], channels, filters, kernel, ...window }) => {
        const x = window.dataFormat === 'channelsLast' ? [null, h, w, channels] : [null, channels, h, w];
        const opCase: OpCase = {
          name: `conv2d ${JSON.stringify({ h, w, channels, filters, kernel, ...window })}`,
          inputs: [{ shape: x }, { shape: [...kernel, channels, filters] }],
          build: (image, filter) => ops.conv2d(image, filter, window),
        };
        for (const check of conformance({ backend: wasm(), reference: js(), cases: [opCase] })) await check.run();
      }),
      { numRuns: 60 },
    );
  });
});
