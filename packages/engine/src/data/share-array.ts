import { setImmediate } from 'node:timers/promises';
import { numericArrayClass, type NumericArray } from './dataset.js';

/** Copied at once: about a millisecond, so that the main thread stays free. */
const SLICE_BYTES = 2 ** 20;

/** The same values in memory that threads share; as it is when it is shared already, else copied slice by slice. */
export async function shareArray(values: NumericArray): Promise<NumericArray> {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const arrayClass = numericArrayClass(values) ?? Float32Array;
  const shared = new arrayClass(new SharedArrayBuffer(values.byteLength));
  const step = Math.max(1, Math.floor(SLICE_BYTES / values.BYTES_PER_ELEMENT));
  for (let start = 0; start < values.length; start += step) {
    shared.set(values.subarray(start, start + step), start);
    await setImmediate();
  }
  return shared;
}
