/**
 * Conformance cases for this package's ops.
 *
 * @packageDocumentation
 */
import type { Shape } from '@convoy/engine';
import type { OpCase } from '@convoy/engine/testing';
import { averagePool2d, averagePool2dGradient, maxPool2d, type PoolOptions } from './pooling-op.js';

const windows: readonly PoolOptions[] = [
  { poolSize: 2 },
  { poolSize: [3, 2], strides: [2, 1] },
  { poolSize: 3, strides: 2, padding: 'same' },
  { poolSize: 2, strides: 3, padding: 'same' },
];

/** Each window in both data formats. */
export const layersCases: readonly OpCase[] = windows.flatMap((window) =>
  (['channelsLast', 'channelsFirst'] as const).flatMap((dataFormat): OpCase[] => {
    const x: Shape = dataFormat === 'channelsLast' ? [null, 5, 6, 3] : [null, 3, 5, 6];
    const options = { ...window, dataFormat };
    const place = `${dataFormat} x[batch,${x.slice(1).join(',')}] ${JSON.stringify(window)}`;
    // A change of 1e-5 must not move a maximum: all elements differ by more.
    const input = { shape: x, values: { kind: 'distinct' } } as const;
    return [
      { name: `maxPool2d ${place}`, inputs: [input], build: (a) => maxPool2d(a, options) },
      { name: `averagePool2d ${place}`, inputs: [input], build: (a) => averagePool2d(a, options) },
      {
        name: `averagePool2dGradient ${place}`,
        inputs: [input],
        build: (a) => averagePool2dGradient(averagePool2d(a, options), { ...options, inputShape: x }),
      },
    ];
  }),
);
