import * as ops from '../standard/ops/index.js';
import { longAxisCases } from './long-axis-cases.js';
import type { CaseInput, OpCase } from './op-case.js';

const positive = { kind: 'uniform', low: 0.2, high: 2 } as const;
/** Away from the kinks at 0 and 1 by more than the step of finite differences. */
const distinct = { kind: 'distinct' } as const;

const batch: CaseInput = { shape: [null, 5, 4] };
const image: CaseInput = { shape: [null, 3, 4, 5] };

type Build = OpCase['build'];

function unary(name: string, build: Build, input: CaseInput = { ...batch, values: distinct }): OpCase[] {
  return [
    { name: `${name} x[batch,5,4]`, inputs: [input], build },
    { name: `${name} x[6,7]`, inputs: [{ ...input, shape: [6, 7] }], build },
  ];
}

function binary(name: string, build: Build, values: CaseInput['values'] = distinct): OpCase[] {
  const cases: [string, CaseInput['shape'], CaseInput['shape']][] = [
    ['a[batch,5,4] b[batch,5,4]', [null, 5, 4], [null, 5, 4]],
    ['a[batch,3,4,5] b[5]', [null, 3, 4, 5], [5]],
    ['a[3,1,5] b[batch,1,4,1]', [3, 1, 5], [null, 1, 4, 1]],
    ['a[batch,5] b[]', [null, 5], []],
    ['a[17] b[17]', [17], [17]],
  ];
  return cases.map(([shapes, a, b]) => ({
    name: `${name} ${shapes}`,
    inputs: [
      { shape: a, values },
      { shape: b, values },
    ],
    build,
  }));
}

const arithmetic: OpCase[] = [
  ...unary('neg', (x) => ops.neg(x)),
  ...unary('abs', (x) => ops.abs(x)),
  ...unary('exp', (x) => ops.exp(x)),
  ...unary('log', (x) => ops.log(x), { ...batch, values: positive }),
  ...unary('log1p', (x) => ops.log1p(x), { ...batch, values: positive }),
  ...unary('sqrt', (x) => ops.sqrt(x), { ...batch, values: positive }),
  ...unary('square', (x) => ops.square(x)),
  ...unary('sin', (x) => ops.sin(x)),
  ...unary('cos', (x) => ops.cos(x)),
  ...unary('tanh', (x) => ops.tanh(x)),
  ...flat('sign', (x) => ops.sign(x)),
  ...flat('floor', (x) => ops.floor(ops.mul(x, 3))),
  ...binary('add', (a, b) => ops.add(a, b)),
  ...binary('sub', (a, b) => ops.sub(a, b)),
  ...binary('mul', (a, b) => ops.mul(a, b)),
  ...binary('div', (a, b) => ops.div(a, b), positive),
  ...binary('max', (a, b) => ops.max(a, b)),
  ...binary('min', (a, b) => ops.min(a, b)),
  ...binary('pow', (a, b) => ops.pow(a, b), positive),
  ...(['less', 'lessEqual', 'greater', 'greaterEqual', 'equal'] as const).map((name): OpCase => ({
    name: `${name} a[batch,5,4] b[4]`,
    inputs: [batch, { shape: [4] }],
    build: (a, b) => ops[name](a, b),
    gradientsOf: [],
  })),
  {
    name: 'select condition[batch,5,4] a[4] b[batch,5,1]',
    inputs: [{ ...batch, values: { kind: 'labels', below: 2 } }, { shape: [4] }, { shape: [null, 5, 1] }],
    build: (c, a, b) => ops.select(c, a, b),
  },
];

function flat(name: string, build: Build): OpCase[] {
  return unary(name, build).map((opCase) => ({ ...opCase, gradientsOf: [] }));
}

const activations: OpCase[] = [
  ...unary('relu', (x) => ops.relu(x)),
  ...unary('relu6', (x) => ops.relu6(ops.mul(x, 9))),
  ...unary('leakyRelu', (x) => ops.leakyRelu(x)),
  ...unary('elu', (x) => ops.elu(x)),
  ...unary('sigmoid', (x) => ops.sigmoid(x)),
  ...unary('softplus', (x) => ops.softplus(x)),
  ...unary('swish', (x) => ops.swish(x)),
  ...unary('linear', (x) => ops.linear(x)),
  ...unary('softmax', (x) => ops.softmax(x)),
];

const reductions: OpCase[] = [
  [[0], 'batch'] as const,
  [[1, 2], 'image'] as const,
  [[-1], 'last'] as const,
  [[0, 1, 2], 'channels'] as const,
  [[0, 1, 2, 3], 'all'] as const,
].flatMap(([axes, what]): OpCase[] => [
  { name: `reduceSum x[batch,3,4,5] over ${what}`, inputs: [image], build: (x) => ops.reduceSum(x, { axes }) },
  {
    name: `reduceMean x[batch,3,4,5] over ${what}, dims kept`,
    inputs: [image],
    build: (x) => ops.reduceMean(x, { axes, keepDims: true }),
  },
]);

const others: OpCase[] = [
  ...[[1, 2], [-1], [3, 1]].map((axes): OpCase => ({
    name: `reduceMax x[batch,3,4,5] axes ${axes.join(',')}`,
    inputs: [{ ...image, values: distinct }],
    build: (x) => ops.reduceMax(x, { axes }),
  })),
  { name: 'reduceSum x[4,5] over all', inputs: [{ shape: [4, 5] }], build: (x) => ops.reduceSum(x) },
  {
    name: 'argMax x[batch,9]',
    inputs: [{ shape: [null, 9], values: distinct }],
    build: (x) => ops.argMax(x),
    gradientsOf: [],
  },
  {
    name: 'argMax x[batch,3,4]',
    inputs: [{ shape: [null, 3, 4], values: distinct }],
    build: (x) => ops.argMax(x),
    gradientsOf: [],
  },
  {
    name: 'oneHot labels[batch,3] depth 5',
    inputs: [{ shape: [null, 3], values: { kind: 'labels', below: 5 } }],
    build: (x) => ops.oneHot(x, { depth: 5 }),
  },
  {
    name: 'reshape x[batch,3,4,5] to [batch,60]',
    inputs: [image],
    build: (x) => ops.square(ops.reshape(x, { shape: [null, 60] })),
  },
  {
    name: 'broadcastTo x[1,5] to [batch,4,5]',
    inputs: [{ shape: [1, 5] }, { shape: [null, 4, 5] }],
    build: (x, y) => ops.mul(ops.broadcastTo(x, { shape: [null, 4, 5] }), y),
  },
  {
    name: 'transpose x[batch,3,4,5] 0,3,1,2',
    inputs: [image],
    build: (x) => ops.transpose(x, { permutation: [0, 3, 1, 2] }),
  },
  {
    name: 'transpose x[6,7] 1,0',
    inputs: [{ shape: [6, 7] }],
    build: (x) => ops.transpose(x, { permutation: [1, 0] }),
  },
  {
    name: 'softmaxGradient dy[batch,5,4] y[batch,5,4]',
    inputs: [batch, batch],
    build: (dy, y) => ops.softmaxGradient(dy, y),
  },
];

const pieces: OpCase[] = [
  {
    name: 'slice x[batch,3,4,5] from 0,1,0,2',
    inputs: [image],
    build: (x) => ops.slice(x, { begin: [0, 1, 0, 2], size: [null, 2, null, 3] }),
  },
  {
    name: 'slice x[6,7] from 2,3',
    inputs: [{ shape: [6, 7] }],
    build: (x) => ops.slice(x, { begin: [2, 3], size: [3, 1] }),
  },
  {
    name: 'pad x[batch,3,4,5]',
    inputs: [image],
    build: (x) =>
      ops.pad(x, {
        paddings: [
          [0, 0],
          [1, 0],
          [0, 2],
          [1, 1],
        ],
      }),
  },
  {
    name: 'concat a[batch,3,4] b[batch,2,4] axis 1',
    inputs: [{ shape: [null, 3, 4] }, { shape: [null, 2, 4] }],
    build: (a, b) => ops.concat([a, b], { axis: 1 }),
  },
  {
    name: 'concat a[2,3] b[1,3] c[4,3] axis 0',
    inputs: [{ shape: [2, 3] }, { shape: [1, 3] }, { shape: [4, 3] }],
    build: (a, b, c) => ops.concat([a, b, c], { axis: 0 }),
  },
];

const products: OpCase[] = [
  ['a[batch,5] b[5,6]', [null, 5], [5, 6], {}] as const,
  ['a[batch,3,5] b[5,2]', [null, 3, 5], [5, 2], {}] as const,
  ['a[batch,5] b[6,5] transposed', [null, 5], [6, 5], { transposeB: true }] as const,
  ['a[batch,5] transposed b[batch,6]', [null, 5], [null, 6], { transposeA: true }] as const,
  ['a[batch,2,5] transposed b[batch,2,6]', [null, 2, 5], [null, 2, 6], { transposeA: true }] as const,
  ['a[7,5] b[5,3]', [7, 5], [5, 3], {}] as const,
  ['a[5,7] transposed b[3,5] transposed', [5, 7], [3, 5], { transposeA: true, transposeB: true }] as const,
].map(([shapes, a, b, options]) => ({
  name: `matmul ${shapes}`,
  inputs: [{ shape: a }, { shape: b }],
  build: (x, y) => ops.matmul(x, y, options),
}));

const losses: OpCase[] = [
  {
    name: 'sparseSoftmaxCrossEntropy logits[batch,6] labels[batch]',
    inputs: [{ shape: [null, 6] }, { shape: [null], values: { kind: 'labels', below: 6 } }],
    build: (x, y) => ops.sparseSoftmaxCrossEntropy(x, y),
  },
  {
    name: 'sparseSoftmaxCrossEntropy logits[batch,3,6] labels[batch,3]',
    inputs: [{ shape: [null, 3, 6] }, { shape: [null, 3], values: { kind: 'labels', below: 6 } }],
    build: (x, y) => ops.sparseSoftmaxCrossEntropy(x, y),
  },
  {
    name: 'softmaxCrossEntropy logits[batch,6] targets[batch,6]',
    inputs: [{ shape: [null, 6] }, { shape: [null, 6], values: positive }],
    build: (x, y) => ops.softmaxCrossEntropy(x, y),
  },
  {
    name: 'sparseSoftmaxCrossEntropyGradient dy[batch] logits[batch,6] labels[batch]',
    inputs: [{ shape: [null] }, { shape: [null, 6] }, { shape: [null], values: { kind: 'labels', below: 6 } }],
    build: (dy, x, y) => ops.sparseSoftmaxCrossEntropyGradient(dy, x, y),
  },
  {
    name: 'softmaxCrossEntropyGradient dy[batch] logits[batch,6] targets[batch,6]',
    inputs: [{ shape: [null] }, { shape: [null, 6] }, { shape: [null, 6], values: positive }],
    build: (dy, x, y) => ops.softmaxCrossEntropyGradient(dy, x, y),
  },
];

/** Cases for the ops of the plugin `engine/standard`. */
export const standardCases: readonly OpCase[] = [
  ...arithmetic,
  ...activations,
  ...reductions,
  ...others,
  ...pieces,
  ...products,
  ...losses,
  ...longAxisCases,
];
