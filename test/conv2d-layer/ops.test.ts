import { ops } from '@convoy/conv2d';
import { literal, ValueError } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { convolve, weightGradients, type ConvolutionSizes } from './direct-convolution.js';
import { engineOfFile } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { dot, expectClose, wave } from './numbers.js';

const engine = await engineOfFile();
const sizes: ConvolutionSizes = { input: [2, 4, 5, 2], kernel: [2, 3, 3] };
const X = [2, 4, 5, 2];
const F = [2, 3, 2, 3];
const Y = [2, 3, 3, 3];
const tensor = (shape: readonly number[], seed = 1) =>
  engine.tensor(
    wave(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );
const [x, filter, dy] = [tensor(X, 1), tensor(F, 2), tensor(Y, 3)];

/** What the layer refuses and the ops compute: strides with dilation, zeros as the caller says. */
const windows = [
  {},
  { padding: 'same' },
  { strides: 2, dilationRate: 2, padding: 'same' },
  {
    strides: [2, 1],
    padding: [
      [1, 0],
      [0, 2],
    ],
  },
] as const;

describe('Ops', () => {
  test('ops.conv2d computes y = x ∗ filter on concrete and symbolic tensors', () => {
    const y = ops.conv2d(x, filter);
    expect(y.shape).toEqual(Y);
    expectClose(y.dataSync(), convolve(sizes, x.dataSync(), filter.dataSync(), [0, 0, 0]));
    const symbolic = ops.conv2d(engine.input({ shape: [4, 5, 2] }), literal([...filter.dataSync()], F));
    expect([symbolic.shape, symbolic.op.name]).toEqual([[null, 3, 3, 3], 'conv2d']);
  });

  test('ops.conv2d takes strides with dilations, and zeros for each side', () => {
    expect(ops.conv2d(x, filter, { strides: 2, dilationRate: 2, padding: 'same' }).shape).toEqual([2, 2, 3, 3]);
    const padded = ops.conv2d(x, filter, {
      padding: [
        [1, 0],
        [0, 2],
      ],
    });
    expect(padded.shape).toEqual([2, 4, 5, 3]);
    const inner = ops.conv2d(x, filter).dataSync();
    expectClose(padded.dataSync().slice(15, 24), inner.slice(0, 9));
  });

  test('ops.conv2dInputGradient is the adjoint of the convolution', () => {
    for (const window of windows) {
      const y = ops.conv2d(x, filter, window);
      const g = tensor(y.shape, 4);
      const dx = ops.conv2dInputGradient(g, filter, { ...window, inputShape: X });
      expect(dx.shape).toEqual(X);
      // ⟨x ∗ f, g⟩ = ⟨x, dx⟩
      expectClose([dot(x.dataSync(), dx.dataSync())], [dot(y.dataSync(), g.dataSync())], 1e-4);
    }
  });

  test('ops.conv2dFilterGradient is the sum of dy · x over all positions', () => {
    const df = ops.conv2dFilterGradient(dy, x, { filterShape: F });
    expectClose(df.dataSync(), weightGradients(sizes, x.dataSync(), dy.dataSync()).kernel);
    for (const window of windows) {
      const y = ops.conv2d(x, filter, window);
      const g = tensor(y.shape, 4);
      const gradient = ops.conv2dFilterGradient(g, x, { ...window, filterShape: F });
      // ⟨x ∗ f, g⟩ = ⟨f, df⟩
      expectClose([dot(filter.dataSync(), gradient.dataSync())], [dot(y.dataSync(), g.dataSync())], 1e-4);
    }
    expect(
      new Set(ops.conv2dFilterGradient(tensor([0, 3, 3, 3]), tensor([0, 4, 5, 2]), { filterShape: F }).dataSync()),
    ).toEqual(new Set([0]));
  });

  test('the ops refuse ranks, channels and gradients that do not fit', () => {
    const refused: [() => unknown, RegExp][] = [
      [
        () => ops.conv2d(tensor([4, 5, 2]), filter),
        /^conv2d on \[4, 5, 2\] and \[2, 3, 2, 3\]: the input must have rank 4, got \[4, 5, 2\]$/,
      ],
      [
        () => ops.conv2d(x, tensor([3, 2, 3])),
        /^conv2d on .* and \[3, 2, 3\]: the filter must be \[kernelHeight, kernelWidth, inChannels, /,
      ],
      [
        () => ops.conv2d(x, tensor([2, 3, 3, 2])),
        /^conv2d on .*: number of input channels does not match corresponding dimension of filter, 2 != 3/,
      ],
      [
        () => ops.conv2d(x, filter, { strides: 0 }),
        /^conv2d on .*: all values of strides must be positive\. Received: the number 0$/,
      ],
      [
        () => ops.conv2d(x, filter, { padding: untyped('full') }),
        /^conv2d on .*: The `padding` argument must be one of .*\. Received: full$/,
      ],
      [
        () => ops.conv2dInputGradient(dy, filter, { inputShape: [2, 5, 5, 2] }),
        /^conv2dInputGradient on .*: the convolution of input \[2, 5, 5, 2\] with filter .* dy has \[2, 3, 3, 3\]$/,
      ],
      [
        () => ops.conv2dFilterGradient(dy, x, { filterShape: untyped([2, 3]) }),
        /^conv2dFilterGradient on .*: .*filterShape.* must list 4 lengths, got the list \[2, 3\]$/,
      ],
    ];
    for (const [attempt, message] of refused) expectError(attempt, ValueError, message);
  });
});
