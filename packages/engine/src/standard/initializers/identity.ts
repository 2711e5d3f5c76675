import { defineInitializer, type InitializerFactory } from '../../define/initializer.js';
import { formatShape, sizeOf } from '../../define/shape.js';
import { ValueError } from '../../errors.js';

/** `gain` on the diagonal of a matrix, 0 elsewhere. */
export const identity: InitializerFactory<{ gain?: number }> = defineInitializer<{ gain?: number }>(
  'identity',
  ({ gain = 1 }) =>
    ({ shape }) => {
      if (shape.length !== 2) {
        throw new ValueError(
          `identity: only a matrix [rows, columns] can be an identity, got ${formatShape(shape)}`,
          'RANK',
        );
      }
      const [rows, columns] = shape as readonly [number, number];
      const values = new Float32Array(sizeOf(shape));
      for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
      return values;
    },
  ['gain'],
);
