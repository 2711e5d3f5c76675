/** One kernel of the WASM backend beside that of the JS backend. */
import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { sizeOf, type Run } from '@convoy/engine/kernels';
import { BareKernels } from '@convoy/engine/testing';
import fc from 'fast-check';
import { expect } from 'vitest';

/** The kernels that are proved, and those that they are held against. */
export const [ours, reference] = [await BareKernels.of(wasm()), await BareKernels.of(js())];

/** What a result holds before a kernel writes to it. */
export const UNTOUCHED = 7;

export interface Operand {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly batched?: boolean;
}

/** What both leave in a result of a shape; places that none writes keep what was there. */
export function both(
  name: string,
  inputs: readonly Operand[],
  shape: readonly number[],
  attributes: object,
  run: Partial<Run> = {},
): [ours: number[], expected: number[]] {
  const batched = inputs.some((x) => x.batched);
  const results = [ours, reference].map((kernels) => {
    kernels.clear();
    const views = inputs.map((x) => kernels.view(x.shape, x.values, x.batched));
    const output = kernels.view(shape, UNTOUCHED, batched);
    kernels.bind(name, views, [output], attributes).run({ step: 3, ...run });
    return Array.from(output.data);
  });
  return results as [number[], number[]];
}

/** Finite numbers with many ties, and all that is special. */
export const special = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 8, arbitrary: fc.double({ min: -9, max: 9, noNaN: true }).map(Math.fround) },
  { weight: 1, arbitrary: fc.constantFrom(-0, Infinity, -Infinity, Number.NaN, 1e-42, 3e38) },
);

/** An operand of a shape, by default with special numbers among its values. */
export function operand(shape: readonly number[], batched: boolean, numbers = special): fc.Arbitrary<Operand> {
  const size = { minLength: sizeOf(shape), maxLength: sizeOf(shape) };
  return fc.array(numbers, size).map((values) => ({ shape, values, batched }));
}

/** Both NaN, the same infinity, or no further apart than `room`. */
export function expectNear(value: number, expected: number, room: number): void {
  if (Number.isFinite(expected)) expect(Math.abs(value - expected)).toBeLessThanOrEqual(room);
  else expect(value).toBe(expected);
}
