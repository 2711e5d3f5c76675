import { defineInitializer, type InitializerFactory } from '../../define/initializer.js';
import { sizeOf } from '../../define/shape.js';
import { drawn, truncated } from './random.js';

/** Fan-in and fan-out: a kernel [.., in, out] has both multiplied by the size of its window. */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length === 0) return { fanIn: 1, fanOut: 1 };
  if (shape.length === 1) return { fanIn: shape[0] as number, fanOut: shape[0] as number };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: window * (shape.at(-2) as number), fanOut: window * (shape.at(-1) as number) };
}

type Mode = 'fanIn' | 'fanAverage';

/** Variance scale / n, where n is the fan-in or the mean of both fans, at least 1. */
function varianceScaling(
  name: string,
  scale: number,
  mode: Mode,
  distribution: 'uniform' | 'truncatedNormal',
): InitializerFactory<object> {
  return defineInitializer(name, () => ({ shape, random }) => {
    const { fanIn, fanOut } = fans(shape);
    const n = Math.max(1, mode === 'fanIn' ? fanIn : (fanIn + fanOut) / 2);
    const limit = Math.sqrt((3 * scale) / n);
    const stddev = Math.sqrt(scale / n);
    return distribution === 'uniform'
      ? drawn(shape, (i) => limit * (2 * random.uniform(i) - 1))
      : drawn(shape, (i) => stddev * truncated(random, i, sizeOf(shape)));
  });
}

/** Glorot and Bengio 2010: uniform in ±√(6 / (fan-in + fan-out)). */
export const glorotUniform: InitializerFactory<object> = varianceScaling('glorotUniform', 1, 'fanAverage', 'uniform');
/** Glorot and Bengio 2010: truncated normal, stddev √(2 / (fan-in + fan-out)). */
export const glorotNormal: InitializerFactory<object> = varianceScaling(
  'glorotNormal',
  1,
  'fanAverage',
  'truncatedNormal',
);
/** He et al. 2015: uniform in ±√(6 / fan-in). */
export const heUniform: InitializerFactory<object> = varianceScaling('heUniform', 2, 'fanIn', 'uniform');
/** He et al. 2015: truncated normal, stddev √(2 / fan-in). */
export const heNormal: InitializerFactory<object> = varianceScaling('heNormal', 2, 'fanIn', 'truncatedNormal');
/** LeCun et al. 1998: uniform in ±√(3 / fan-in). */
export const lecunUniform: InitializerFactory<object> = varianceScaling('lecunUniform', 1, 'fanIn', 'uniform');
/** LeCun et al. 1998: truncated normal, stddev √(1 / fan-in). */
export const lecunNormal: InitializerFactory<object> = varianceScaling('lecunNormal', 1, 'fanIn', 'truncatedNormal');
