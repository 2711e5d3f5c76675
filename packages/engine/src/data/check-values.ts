import type { NumericArray } from './dataset.js';

/** What must hold of a field's values; plain data. */
export interface ValueCheck {
  readonly name: string;
  readonly perRow: number;
  readonly below: number | null;
}

/** The first thing wrong with a column, or null. `firstRow` is added to the example's number. */
export function findBadValue(values: NumericArray, check: ValueCheck, firstRow = 0): string | null {
  const { name, perRow, below } = check;
  const place = (i: number): string => `'${name}', example ${firstRow + Math.floor(i / perRow)}, element ${i % perRow}`;
  if (below !== null) {
    for (let i = 0; i < values.length; i++) {
      const label = values[i] as number;
      if (!(label >= 0 && label < below && Number.isInteger(label))) {
        return `${place(i)}: label ${label} is not one of the ${below} classes 0 … ${below - 1} that the model has`;
      }
    }
  } else if (values instanceof Float32Array || values instanceof Float64Array) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      // What is finite in double precision may not be in single precision, in which all is computed.
      if (!Number.isFinite(Math.fround(value))) {
        return `${place(i)} is ${value}; every value must be a finite number of single precision`;
      }
    }
  }
  return null;
}
