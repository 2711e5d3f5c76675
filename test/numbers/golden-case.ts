/** Reads test/fixtures/golden/conv2d-cases.json, whose `fields` say what each entry means. */
import { readFileSync } from 'node:fs';
import type { Conv2DOptions } from '@convoy/conv2d';
import type { DataFormat, Padding, PaddingAmounts, Pair } from '@convoy/engine';
import { moveChannels, otherFormat, type Image } from './image-layout.js';

interface Generator {
  readonly gen: 'ramp0' | 'ramp1' | 'fraction0' | 'ones' | 'values';
  readonly values?: readonly number[];
}

interface Geometry {
  readonly id: string;
  readonly dataFormat: DataFormat;
  readonly inputShape: readonly number[];
  readonly filterShape: readonly number[];
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
  readonly expectedShape: readonly number[];
}

interface StoredCase extends Geometry {
  readonly kind: 'forward' | 'backpropInput' | 'backpropFilter';
  readonly outputShape: readonly number[];
  readonly resolvedPadding: PaddingAmounts;
  readonly input?: Generator;
  readonly filter?: Generator;
  readonly outGrad?: Generator;
  readonly bias?: Generator;
  readonly expected: readonly number[];
  readonly atol: number;
  readonly rtol: number;
}

export interface OpShapeCase extends Geometry {
  readonly kind: 'outputShape';
  readonly padding: 'valid' | 'same';
}

export interface LayerShapeCase {
  readonly id: string;
  readonly kind: 'layerShape';
  readonly inputShape: readonly number[];
  readonly args: Conv2DOptions;
  readonly expectedShape: readonly number[];
  readonly expectedKernelShape?: readonly number[];
  readonly expectedBiasShape?: readonly number[];
}

/** One convolution in one data format, all values spelled out. */
export interface GoldenCase {
  readonly name: string;
  readonly kind: StoredCase['kind'];
  readonly dataFormat: DataFormat;
  readonly strides: Pair;
  readonly dilationRate: Pair;
  readonly padding: Padding;
  readonly resolvedPadding: PaddingAmounts;
  readonly inputShape: readonly number[];
  readonly filterShape: readonly number[];
  readonly input: Image | null;
  readonly filter: Image | null;
  readonly outGrad: Image | null;
  readonly bias: readonly number[] | null;
  readonly expected: Image;
  readonly atol: number;
  readonly rtol: number;
}

const file = new URL('../fixtures/golden/conv2d-cases.json', import.meta.url);
const stored = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly cases: readonly StoredCase[];
  readonly shapeCases: readonly (OpShapeCase | LayerShapeCase)[];
};

/** Every case twice, once in each data format. */
export const goldenCases: readonly GoldenCase[] = stored.cases
  .map(spelledOut)
  .flatMap((own) => [own, inOtherFormat(own)]);

export const opShapeCases: readonly OpShapeCase[] = stored.shapeCases.filter((c) => c.kind === 'outputShape');
export const layerShapeCases: readonly LayerShapeCase[] = stored.shapeCases.filter((c) => c.kind === 'layerShape');

function spelledOut(given: StoredCase): GoldenCase {
  const { id, kind, dataFormat, inputShape, filterShape, outputShape, strides, dilations, padding } = given;
  return {
    name: `${id} ${dataFormat}`,
    kind,
    dataFormat,
    strides,
    dilationRate: dilations,
    padding,
    resolvedPadding: given.resolvedPadding,
    inputShape,
    filterShape,
    input: generated(given.input, inputShape),
    filter: generated(given.filter, filterShape),
    outGrad: generated(given.outGrad, outputShape),
    bias: generated(given.bias, [filterShape[3]])?.values ?? null,
    expected: { shape: given.expectedShape, values: given.expected },
    atol: given.atol,
    rtol: given.rtol,
  };
}

function generated(generator: Generator | undefined, shape: readonly number[]): Image | null {
  if (!generator) return null;
  const size = shape.reduce((a, b) => a * b, 1);
  const rule = {
    ramp0: (i: number) => i,
    ramp1: (i: number) => i + 1,
    fraction0: (i: number) => i / size,
    ones: () => 1,
    values: (i: number) => generator.values?.[i] ?? Number.NaN,
  }[generator.gen];
  return { shape, values: Array.from({ length: size }, (_, i) => rule(i)) };
}

function inOtherFormat(given: GoldenCase): GoldenCase {
  const dataFormat = otherFormat(given.dataFormat);
  const move = (image: Image): Image => moveChannels(image, given.dataFormat);
  return {
    ...given,
    name: given.name.replace(given.dataFormat, dataFormat),
    dataFormat,
    inputShape: move({ shape: given.inputShape, values: [] }).shape,
    input: given.input && move(given.input),
    outGrad: given.outGrad && move(given.outGrad),
    // A filter's gradient is HWIO in both formats.
    expected: given.kind === 'backpropFilter' ? given.expected : move(given.expected),
  };
}
