import { defineInitializer, type InitializerFactory, type RandomSource } from '../../define/initializer.js';
import { checkNumber } from '../../define/plugin/options.js';
import { sizeOf } from '../../define/op/shape.js';

/** Uniform in [minval, maxval), by default [−0.05, 0.05). */
export const randomUniform: InitializerFactory<{ minval?: number; maxval?: number }> = defineInitializer(
  'randomUniform',
  ({ minval = -0.05, maxval = 0.05 }) => {
    checkNumber('minval', minval, 'a finite number');
    checkNumber('maxval', maxval, 'a finite number');
    return ({ shape, random }) => drawn(shape, (i) => minval + (maxval - minval) * random.uniform(i));
  },
  ['minval', 'maxval'],
);

/** Normal, by default of mean 0 and standard deviation 0.05. */
export const randomNormal: InitializerFactory<{ mean?: number; stddev?: number }> = defineInitializer(
  'randomNormal',
  ({ mean = 0, stddev = 0.05 }) => {
    checkNormal(mean, stddev);
    return ({ shape, random }) => drawn(shape, (i) => mean + stddev * random.normal(i));
  },
  ['mean', 'stddev'],
);

/** As `randomNormal`, values beyond two standard deviations drawn again. */
export const truncatedNormal: InitializerFactory<{ mean?: number; stddev?: number }> = defineInitializer(
  'truncatedNormal',
  ({ mean = 0, stddev = 0.05 }) => {
    checkNormal(mean, stddev);
    return ({ shape, random }) => drawn(shape, (i) => mean + stddev * truncated(random, i, sizeOf(shape)));
  },
  ['mean', 'stddev'],
);

function checkNormal(mean: number, stddev: number): void {
  checkNumber('mean', mean, 'a finite number');
  checkNumber('stddev', stddev, 'a number >= 0');
}

export function drawn(shape: readonly number[], value: (index: number) => number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => value(i));
}

/** Each further try takes its number from an index that no other element uses. */
export function truncated(random: RandomSource, index: number, size: number): number {
  for (let i = index; ; i += size) {
    const x = random.normal(i);
    if (Math.abs(x) <= 2) return x;
  }
}
