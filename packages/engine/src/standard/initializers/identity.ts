import { defineInitializer, type InitializerFactory } from '../../define/initializer.js';
import { checkNumber } from '../../define/plugin/options.js';
import { formatShape, sizeOf } from '../../define/op/shape.js';
import { ValueError } from '../../errors.js';

/** `gain`, by default 1, on the diagonal of a matrix, 0 elsewhere. @throws ValueError for other ranks */
export const identity: InitializerFactory<{ gain?: number }> = defineInitializer<{ gain?: number }>(
  'identity',
  ({ gain = 1 }) => {
    checkNumber('gain', gain, 'a finite number');
    return ({ shape }) => {
      const [rows, columns, ...more] = shape;
      if (rows === undefined || columns === undefined || more.length > 0) {
        throw new ValueError(`only a matrix [rows, columns] can be an identity, got ${formatShape(shape)}`, 'RANK');
      }
      const values = new Float32Array(sizeOf(shape));
      for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
      return values;
    };
  },
  ['gain'],
);
