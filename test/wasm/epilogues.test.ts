/** Kernels that go on elementwise in their result, beside the same kernel and the kernel `elementwise` one after the other. */
import { wasm } from '@convoy/backend-wasm';
import { sizeOf, type Expression, type View } from '@convoy/engine/kernels';
import { BareKernels } from '@convoy/engine/testing';
import { describe, expect, test } from 'vitest';

const kernels = await BareKernels.of(wasm());
const UNTOUCHED = 7;
/** Room for four examples, of which three are there. */
const ROOM = 4;
const RUN = { examples: 3, firstExample: 4, count: 9, step: 5 };

type Layout = 'channelsLast' | 'channelsFirst';
const LAYOUTS: readonly Layout[] = ['channelsLast', 'channelsFirst'];
const images = (layout: Layout, height: number, width: number, channels: number): number[] =>
  layout === 'channelsLast' ? [ROOM, height, width, channels] : [ROOM, channels, height, width];

let phase = 0;
function made(shape: readonly number[], batched = false): View {
  phase++;
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * 12.9898 + phase));
  return kernels.view(shape, values, batched);
}

/** Operand 0 is what the kernel makes. */
const expressions: Record<
  string,
  { expression: Expression | null; operandsFor: (shape: readonly number[]) => View[] }
> = {
  'bias along the last axis and relu': {
    expression: {
      steps: [
        ['add', 0, 1],
        ['constant', 0],
        ['max', 2, 3],
      ],
      outputs: [4],
    },
    operandsFor: (shape) => [made(shape.slice(-1))],
  },
  'a bias of each row of the second axis, with what the run brings along': {
    expression: {
      steps: [['add', 1, 0], ['step'], ['mul', 2, 3], ['examples'], ['div', 4, 5], ['tanh', 6]],
      outputs: [7],
    },
    operandsFor: ([, second, ...rest]) => [made([second, ...rest.map(() => 1)])],
  },
  'a mask of every element and a weight of every example': {
    expression: {
      steps: [
        ['constant', 0],
        ['greater', 1, 3],
        ['mul', 0, 4],
        ['mul', 5, 2],
      ],
      outputs: [6],
    },
    operandsFor: (shape) => [made(shape, true), made([ROOM, ...shape.slice(1).map(() => 1)], true)],
  },
  'no further operand': { expression: { steps: [['square', 0]], outputs: [1] }, operandsFor: () => [] },
  'sums alone': { expression: null, operandsFor: () => [] },
};

/** What the kernel leaves with the epilogue in it, and what three kernels leave: result and sums, and the result before them. */
function bothWays(name: string, inputs: View[], shape: readonly number[], attributes: object, epilogue: string) {
  const { expression, operandsFor } = expressions[epilogue];
  const operands = operandsFor(shape);
  const [fused, plain, result] = [1, 2, 3].map(() => kernels.view(shape, UNTOUCHED, true));
  const [fusedSums, sums] = [1, 2].map(() => kernels.view(shape.slice(-1), UNTOUCHED));
  kernels.bind(name, inputs, [fused], attributes, { expression, operands, sums: fusedSums }).run(RUN);
  kernels.bind(name, inputs, [plain], attributes).run(RUN);
  if (expression === null) result.data.set(plain.data);
  else kernels.bind('elementwise', [plain, ...operands], [result], { expression }).run(RUN);
  const axes = shape.slice(1).map((_, axis) => axis);
  kernels.bind('reduceSum', [result], [sums], { axes, keepDims: false }).run(RUN);
  expect(Array.from(fusedSums.data), epilogue).toEqual(Array.from(sums.data));
  return [Array.from(fused.data), Array.from(result.data), Array.from(plain.data)] as const;
}

function expectSameBits(name: string, inputs: View[], shape: readonly number[], attributes: object): void {
  for (const epilogue of Object.keys(expressions)) {
    const [fused, apart, plain] = bothWays(name, inputs, shape, attributes, epilogue);
    expect(fused, epilogue).toEqual(apart);
    if (expressions[epilogue].expression !== null) expect(fused, epilogue).not.toEqual(plain);
    expect(fused.slice((RUN.examples * fused.length) / ROOM).every((value) => value === UNTOUCHED)).toBe(true);
  }
  kernels.clear();
}

/** Side of the output along an axis of 9 with windows of `size`. */
const outputs = (size: number, stride: number, dilation: number, padding: number): number =>
  Math.floor((9 + 2 * padding - (size - 1) * dilation - 1) / stride) + 1;

describe('a convolution and its input gradient have the bits of two calls', () => {
  const forms = [
    { size: 3, stride: 1, dilation: 1, padding: 1, C: 8, K: 4, algorithm: 'winograd' },
    { size: 3, stride: 1, dilation: 1, padding: 0, C: 4, K: 20, algorithm: 'winograd' },
    { size: 3, stride: 1, dilation: 1, padding: 1, C: 3, K: 5, algorithm: 'direct' },
    { size: 3, stride: 2, dilation: 1, padding: 1, C: 4, K: 17, algorithm: 'direct' },
    { size: 2, stride: 3, dilation: 1, padding: 0, C: 3, K: 6, algorithm: 'direct' },
    { size: 3, stride: 1, dilation: 2, padding: 2, C: 2, K: 9, algorithm: 'direct' },
    { size: 1, stride: 1, dilation: 1, padding: 0, C: 5, K: 1, algorithm: 'direct' },
  ];
  for (const { size, stride, dilation, padding, C, K, algorithm } of forms) {
    for (const dataFormat of LAYOUTS) {
      test(`${algorithm} ${size}×${size}, stride ${stride}, dilation ${dilation}, ${C} to ${K}, ${dataFormat}`, () => {
        const side = outputs(size, stride, dilation, padding);
        const [x, y] = [images(dataFormat, 9, 9, C), images(dataFormat, side, side, K)];
        const paddings = [
          [padding, padding],
          [padding, padding],
        ];
        const [strides, dilationRate] = [
          [stride, stride],
          [dilation, dilation],
        ];
        const attributes = { strides, dilationRate, padding: paddings, dataFormat, algorithm };
        expectSameBits('conv2d', [made(x, true), made([size, size, C, K])], y, attributes);
        for (const way of new Set([algorithm, 'scatter'])) {
          const its = { ...attributes, algorithm: way };
          expectSameBits('conv2dInputGradient', [made(y, true), made([size, size, C, K])], x, its);
        }
      });
    }
  }
});

describe('a matrix product has the bits of two calls', () => {
  for (const columns of [1, 7, 16, 21]) {
    test(`with ${columns} columns, plain and transposed, of rank 2 and 3`, () => {
      for (const middle of [[], [5]]) {
        const x = made([ROOM, ...middle, 6], true);
        const shape = [ROOM, ...middle, columns];
        expectSameBits('matmul', [x, made([6, columns])], shape, { transposeA: false, transposeB: false });
        const again = made([ROOM, ...middle, 6], true);
        expectSameBits('matmul', [again, made([columns, 6])], shape, { transposeA: false, transposeB: true });
      }
    });
  }
});

describe('the gradients of poolings have the bits of two calls', () => {
  for (const [size, stride, side] of [
    [2, 2, 4],
    [3, 2, 4],
    [3, 1, 7],
  ]) {
    for (const C of [3, 8]) {
      for (const dataFormat of LAYOUTS) {
        test(`${size}×${size}, stride ${stride}, ${C} channels, ${dataFormat}`, () => {
          const length = size === 2 ? 8 : 9;
          const [x, y] = [images(dataFormat, length, length, C), images(dataFormat, side, side, C)];
          const none = [
            [0, 0],
            [0, 0],
          ];
          const window = { poolSize: [size, size], strides: [stride, stride], dilationRate: [1, 1], padding: none };
          const attributes = { ...window, dataFormat };
          const dy = made(y, true);
          expectSameBits('maxPool2dGradient', [dy, made(x, true), made(y, true)], x, attributes);
          expectSameBits('averagePool2dGradient', [made(y, true)], x, {
            ...attributes,
            inputShape: [null, ...x.slice(1)],
          });
        });
      }
    }
  }
});

test('a kernel without an epilogue does nothing of the one before it', () => {
  const [x, w] = [made([ROOM, 4, 4, 2], true), made([1, 1, 2, 3])];
  const attributes = {
    strides: [1, 1],
    dilationRate: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
    dataFormat: 'channelsLast',
    algorithm: 'direct',
  };
  const [first, second, third] = [1, 2, 3].map(() => kernels.view([ROOM, 4, 4, 3], UNTOUCHED, true));
  const epilogue = { expression: { steps: [['neg', 0]], outputs: [1] } satisfies Expression, operands: [], sums: null };
  kernels.bind('conv2d', [x, w], [first], attributes).run(RUN);
  kernels.bind('conv2d', [x, w], [second], attributes, epilogue).run(RUN);
  kernels.bind('conv2d', [x, w], [third], attributes).run(RUN);
  expect(third.data).toEqual(first.data);
});
