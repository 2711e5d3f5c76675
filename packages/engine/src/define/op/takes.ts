import { ValueError } from '../../errors.js';
import { checkKeys } from '../plugin/options.js';
import type { Shape } from './shape.js';

/** @throws ValueError unless an op was given as many inputs as it takes */
export function checkCount(inputs: readonly unknown[], wanted: number): void {
  if (inputs.length === wanted) return;
  throw new ValueError(`it takes ${wanted} ${wanted === 1 ? 'input' : 'inputs'}, got ${inputs.length}`, 'OPERAND');
}

/**
 * The `attributes` rule of an op that takes so many inputs and these options; `complete` checks their values and fills in
 * defaults.
 *
 * ```ts
 * attributes: takes(1, ['alpha'], ({ alpha = 0.2 }) => ({ alpha })),
 * ```
 */
export function takes<Given extends object, Shapes extends readonly Shape[]>(
  inputs: Shapes['length'],
  options?: readonly (keyof Given & string)[],
): (given: Given, shapes: Shapes) => Given;
export function takes<Given extends object, Shapes extends readonly Shape[], A extends object>(
  inputs: Shapes['length'],
  options: readonly (keyof Given & string)[],
  complete: (given: Given, shapes: Shapes) => A,
): (given: Given, shapes: Shapes) => A;
export function takes<Given extends object, Shapes extends readonly Shape[]>(
  inputs: Shapes['length'],
  options: readonly (keyof Given & string)[] = [],
  complete: (given: Given, shapes: Shapes) => object = (given) => given,
) {
  return (given: Given, shapes: Shapes): object => {
    checkCount(shapes, inputs);
    checkKeys(given, options);
    return complete(given, shapes);
  };
}
