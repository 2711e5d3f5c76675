import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { conv2d, Conv2D, ops } from '@convoy/conv2d';
import {
  createEngine,
  defineLoss,
  mul,
  reduceSum,
  type Backend,
  type Engine,
  type Padding,
  type Tensor,
} from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { afterAll, describe, expect, test } from 'vitest';
import { gpuBackend } from '../fixtures/gpu.js';
import { wasmWith } from '../fixtures/wasm-with.js';
import { goldenCases, layerShapeCases, opShapeCases, type GoldenCase } from './golden-case.js';
import type { Image } from './image-layout.js';

const gpus: Record<string, Backend> = {};
for (const adapter of ['llvmpipe', 'SwiftShader'] as const) {
  const backend = await gpuBackend(adapter);
  if (backend) gpus[`the webgpu backend (${adapter})`] = backend;
}
const backends: Readonly<Record<string, Backend>> = {
  'the js backend': js(),
  'the wasm backend': wasm(),
  'the wasm backend, every convolution direct': wasmWith({ convolution: 'direct' }),
  "the wasm backend, Winograd's algorithm wherever it can be": wasmWith({ convolution: 'winograd' }),
  'the wasm backend, every input gradient scattered': wasmWith({ convolution: 'scatter' }),
  ...gpus,
};
const engines: [name: string, engine: Engine][] = [];
for (const [name, backend] of Object.entries(backends))
  engines.push([name, await createEngine({ backend, workers: 'inline' })]);
afterAll(() => Promise.all(engines.map(([, engine]) => engine.dispose())));

const tensorOf = (engine: Engine, image: Image | null): Tensor => engine.tensor(image?.values ?? [], image?.shape);

function compute(engine: Engine, given: GoldenCase, padding: Padding): Tensor {
  const tensor = (image: Image | null): Tensor => tensorOf(engine, image);
  const { strides, dilationRate, dataFormat, inputShape, filterShape, input, filter, outGrad } = given;
  const window = { strides, dilationRate, dataFormat, padding };
  if (given.kind === 'forward') return ops.conv2d(tensor(input), tensor(filter), window);
  return given.kind === 'backpropInput'
    ? ops.conv2dInputGradient(tensor(outGrad), tensor(filter), { ...window, inputShape })
    : ops.conv2dFilterGradient(tensor(outGrad), tensor(input), { ...window, filterShape });
}

function expectGolden(actual: { shape: readonly number[]; values: ArrayLike<number> }, given: GoldenCase): void {
  const { expected, atol, rtol } = given;
  expect(actual.shape).toEqual(expected.shape);
  expected.values.forEach((value, i) => {
    expect(Math.abs(actual.values[i] - value), `element ${i}: ${actual.values[i]}, expected ${value}`) //
      .toBeLessThanOrEqual(atol + rtol * Math.abs(value));
  });
}

/** conv-028, -029 and -060 have a bias, which the ops do not add. */
const withoutBias = goldenCases.filter((given) => given.bias === null);

describe.each(engines)('on %s the ops compute every case of the golden figures', (_, engine) => {
  for (const given of withoutBias) {
    const { name, kind, padding, resolvedPadding } = given;
    const result = (amounts: Padding) => {
      const y = compute(engine, given, amounts);
      return { shape: y.shape, values: y.dataSync() };
    };
    test(`${kind} ${name}`, () => expectGolden(result(padding), given));
    test(`${kind} ${name} with its padding in numbers`, () => expectGolden(result(resolvedPadding), given));
  }
});

const layerPadding = (padding: Padding): padding is 'valid' | 'same' => typeof padding === 'string';

function layerOf(given: GoldenCase): Conv2D {
  const { filterShape, strides, dilationRate, padding, dataFormat, bias } = given;
  const [height, width, , filters] = filterShape;
  return conv2d({
    filters,
    kernelSize: [height, width],
    strides,
    dilationRate,
    padding: layerPadding(padding) ? padding : 'valid',
    dataFormat,
    useBias: bias !== null,
  });
}

const layerCases = goldenCases.filter((given) => layerPadding(given.padding) && given.filterShape[3] > 0);

describe.each(engines)('on %s a Conv2D layer computes every forward case', (_, engine) => {
  for (const given of layerCases.filter(({ kind }) => kind === 'forward')) {
    test(given.name, () => {
      const layer = layerOf(given);
      const x = tensorOf(engine, given.input);
      layer.apply(x);
      layer.kernel?.assign(given.filter?.values ?? []);
      layer.bias?.assign(given.bias ?? []);
      const y = layer.apply(x);
      expectGolden({ shape: y.shape, values: y.dataSync() }, given);
    });
  }
});

/** Σ output · targets, so that dLoss/doutput is the targets. */
const dot = defineLoss('dot', () => ({
  targets: (output) => ({ dtype: 'float32', shape: output }),
  perExample: (output, targets) => reduceSum(mul(output, targets), { axes: [1, 2, 3] }),
}));

describe.each(engines)(
  'on %s one step of gradient descent moves the kernel of a Conv2D layer by every filter gradient',
  (_, engine) => {
    for (const given of layerCases.filter(({ kind }) => kind === 'backpropFilter')) {
      test(given.name, async () => {
        const { input, outGrad, inputShape, expected } = given;
        const [examples, ...inputShapeOfOne] = inputShape;
        const layer = layerOf(given);
        const x = engine.input({ shape: inputShapeOfOne });
        const model = engine.model({ inputs: x, outputs: layer.apply(x) });
        layer.kernel?.assign(expected.values.map(() => 0));
        // The loss is a mean over examples; a rate of as many examples takes the whole sum off a kernel of zeros.
        model.compile({ optimizer: sgd({ learningRate: examples }), loss: dot() });
        const data = { x: Float32Array.from(input?.values ?? []), y: Float32Array.from(outGrad?.values ?? []) };
        await model.fit(data, { batchSize: examples, shards: examples });
        const moved = layer.kernel?.dataSync().map((value) => -value) ?? [];
        expectGolden({ shape: layer.kernel?.shape ?? [], values: moved }, given);
      });
    }
  },
);

describe('the shapes of the golden figures', () => {
  const [[, engine]] = engines;

  for (const { id, inputShape, filterShape, strides, dilations, padding, dataFormat, expectedShape } of opShapeCases) {
    const [height, width, , filters] = filterShape;
    const options = {
      filters,
      kernelSize: [height, width] as const,
      strides,
      padding,
      dilationRate: dilations,
      dataFormat,
    };

    test(`${id}: computeOutputShape gives it without an engine`, () => {
      const layer = conv2d(options);
      expect(layer.computeOutputShape(inputShape)).toEqual(expectedShape);
      expect(layer.computeOutputShape([null, ...inputShape.slice(1)])).toEqual([null, ...expectedShape.slice(1)]);
    });

    test(`${id}: the layer's output in a graph has that shape`, () => {
      const x = engine.input({ shape: inputShape.slice(1) });
      expect(conv2d(options).apply(x).shape).toEqual([null, ...expectedShape.slice(1)]);
    });
  }

  for (const { id, inputShape, args, expectedShape, expectedKernelShape, expectedBiasShape } of layerShapeCases) {
    test(`${id}: a layer has that output, kernel and bias`, () => {
      const layer = engine.bind(conv2d(args));
      layer.build(inputShape);
      expect(layer.computeOutputShape(inputShape)).toEqual(expectedShape);
      if (expectedKernelShape) expect(layer.kernel?.shape).toEqual(expectedKernelShape);
      if (expectedBiasShape) expect(layer.bias?.shape).toEqual(expectedBiasShape);
    });
  }
});
