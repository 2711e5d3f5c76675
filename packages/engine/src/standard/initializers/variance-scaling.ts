import { defineInitializer, type InitializerFactory, type InitializerInput } from '../../define/initializer.js';
import { describeValue } from '../../define/plugin/describe-value.js';
import { checkNumber } from '../../define/plugin/options.js';
import { sizeOf } from '../../define/op/shape.js';
import { ValueError } from '../../errors.js';
import { drawn, truncated } from './random.js';

/** Fan-in and fan-out: a kernel [.., in, out] has both multiplied by the size of its window. */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0] as number, fanOut: shape[0] as number };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * (shape.at(-2) as number), fanOut: window * (shape.at(-1) as number) };
}

/** Which variance `varianceScaling` gives: scale / n. */
export interface VarianceScalingOptions {
  /** Default: 1. */
  scale?: number;
  /** What n is: the fan-in (default), the fan-out, or their mean. */
  mode?: 'fanIn' | 'fanOut' | 'fanAvg';
  /** Default: 'truncatedNormal', cut at two standard deviations. */
  distribution?: 'truncatedNormal' | 'untruncatedNormal' | 'uniform';
}

const MODES = ['fanIn', 'fanOut', 'fanAvg'] as const;
const DISTRIBUTIONS = ['truncatedNormal', 'untruncatedNormal', 'uniform'] as const;

/**
 * Variance scale / n, with n at least 1. As in TensorFlow 1.7 the truncated normal has stddev √(scale / n) before it is
 * cut, without later versions' correction by 0.8796.
 */
function scaled({ scale = 1, mode = 'fanIn', distribution = 'truncatedNormal' }: VarianceScalingOptions): Values {
  checkNumber('scale', scale, 'a number above 0');
  oneOf('mode', mode, MODES);
  oneOf('distribution', distribution, DISTRIBUTIONS);
  return ({ shape, random }) => {
    const { fanIn, fanOut } = fans(shape);
    const n = Math.max(1, { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode]);
    const limit = Math.sqrt((3 * scale) / n);
    const stddev = Math.sqrt(scale / n);
    switch (distribution) {
      case 'uniform':
        return drawn(shape, (i) => limit * (2 * random.uniform(i) - 1));
      case 'untruncatedNormal':
        return drawn(shape, (i) => stddev * random.normal(i));
      case 'truncatedNormal':
        return drawn(shape, (i) => stddev * truncated(random, i, sizeOf(shape)));
    }
  };
}

type Values = (input: InitializerInput) => Float32Array;

function oneOf(name: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return;
  throw new ValueError(`${name} must be one of '${known.join("', '")}', got ${describeValue(given)}`, 'OPTION');
}

/** Values whose variance fits the size of the layer: scale / n, before a truncated normal is cut. */
export const varianceScaling: InitializerFactory<VarianceScalingOptions> = defineInitializer<VarianceScalingOptions>(
  'varianceScaling',
  scaled,
  ['scale', 'mode', 'distribution'],
);

function preset(name: string, options: Required<VarianceScalingOptions>): InitializerFactory<object> {
  return defineInitializer(name, () => scaled(options));
}

/** Glorot and Bengio 2010: uniform in ±√(6 / (fan-in + fan-out)). */
export const glorotUniform: InitializerFactory<object> = preset('glorotUniform', {
  scale: 1,
  mode: 'fanAvg',
  distribution: 'uniform',
});
/** Glorot and Bengio 2010: truncated normal, stddev √(2 / (fan-in + fan-out)). */
export const glorotNormal: InitializerFactory<object> = preset('glorotNormal', {
  scale: 1,
  mode: 'fanAvg',
  distribution: 'truncatedNormal',
});
/** He et al. 2015: uniform in ±√(6 / fan-in). */
export const heUniform: InitializerFactory<object> = preset('heUniform', {
  scale: 2,
  mode: 'fanIn',
  distribution: 'uniform',
});
/** He et al. 2015: truncated normal, stddev √(2 / fan-in). */
export const heNormal: InitializerFactory<object> = preset('heNormal', {
  scale: 2,
  mode: 'fanIn',
  distribution: 'truncatedNormal',
});
/** LeCun et al. 1998: uniform in ±√(3 / fan-in). */
export const lecunUniform: InitializerFactory<object> = preset('lecunUniform', {
  scale: 1,
  mode: 'fanIn',
  distribution: 'uniform',
});
/** LeCun et al. 1998: truncated normal, stddev √(1 / fan-in). */
export const lecunNormal: InitializerFactory<object> = preset('lecunNormal', {
  scale: 1,
  mode: 'fanIn',
  distribution: 'truncatedNormal',
});
