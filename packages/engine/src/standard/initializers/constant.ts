import { defineInitializer, type InitializerFactory } from '../../define/initializer.js';
import { checkNumber } from '../../define/plugin/options.js';
import { sizeOf } from '../../define/op/shape.js';

/** All 0. */
export const zeros: InitializerFactory<object> = defineInitializer('zeros', () => ({ shape }) => {
  return new Float32Array(sizeOf(shape));
});

/** All 1. */
export const ones: InitializerFactory<object> = defineInitializer('ones', () => ({ shape }) => {
  return new Float32Array(sizeOf(shape)).fill(1);
});

/** All `value`; 0 by default. */
export const constant: InitializerFactory<{ value?: number }> = defineInitializer(
  'constant',
  ({ value = 0 }) => {
    checkNumber('value', value, 'a finite number');
    return ({ shape }) => new Float32Array(sizeOf(shape)).fill(value);
  },
  ['value'],
);
