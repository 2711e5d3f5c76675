import type { NumberArray } from '../define/op/kernel.js';
import { sizeOf } from '../define/op/shape.js';
import { randomSource } from '../random/random-source.js';
import type { CaseInput } from './op-case.js';

/** Values for an input of `examples` examples: the same for the same name, in every run. */
export function madeValues(name: string, input: CaseInput, examples: number): NumberArray {
  const size = sizeOf(input.shape, examples);
  const random = randomSource(0, name);
  const values = input.values ?? { kind: 'uniform', low: -1, high: 1 };
  switch (values.kind) {
    case 'labels':
      return Int32Array.from({ length: size }, (_, i) => Math.floor(random.uniform(i) * values.below));
    case 'distinct': {
      const order = Array.from({ length: size }, (_, i) => i).toSorted((a, b) => random.uniform(a) - random.uniform(b));
      // An offset of the input's own: two inputs have no value in common, and none is 0.
      const offset = 0.3 + 1.4 * random.uniform(size);
      return Float64Array.from(order, (rank) => Math.fround((2 * rank + offset) / size - 1));
    }
    case 'uniform':
      // Rounded to float32, so that both precisions begin with the same numbers.
      return Float64Array.from({ length: size }, (_, i) =>
        Math.fround(values.low + (values.high - values.low) * random.uniform(i)),
      );
  }
}
