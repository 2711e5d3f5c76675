/** Filters in the space of the products, packed as the right side of 36 matrix products. */
import { paddedColumns } from '../matrix/pack';
import { transposeFour } from '../matrix/transpose-four';
import { filterTransform } from './transforms';
import { POINTS, pointSize } from './tiles-of-images';

/** Floats of the transformed filter for `inputs` channels in and `outputs` out. */
export function filterSize(inputs: i32, outputs: i32): i32 {
  return POINTS * pointSize(inputs, paddedColumns(outputs));
}

/**
 * f [3][3][C][K] to [36][panels of K][C][16]; or, mirrored in both axes and with inputs and outputs exchanged, to
 * [36][panels of C][K][16], as the input gradient needs it. C and K are multiples of 4. `room` holds 54 vectors.
 */
export function transformFilter(f: usize, C: i32, K: i32, exchanged: bool, to: usize, room: usize): void {
  const inputs = exchanged ? K : C;
  const outputs = exchanged ? C : K;
  const pointBytes = (<usize>pointSize(inputs, paddedColumns(outputs))) << 2;
  const panelBytes = (<usize>inputs) << 6;
  const tapBytes = (<usize>(C * K)) << 2;
  const between = room + 36 * 16;
  // Only columns beyond the last output are not written below.
  if (paddedColumns(outputs) > outputs) memory.fill(to, 0, <usize>POINTS * pointBytes);
  for (let c = 0; c < C; c += 4) {
    for (let k = 0; k < K; k += 4) {
      const g = f + ((<usize>(c * K + k)) << 2);
      if (exchanged) {
        mirrorTaps(g, tapBytes, (<usize>K) << 2, room);
        const at = to + <usize>(c >> 4) * panelBytes + ((<usize>(k * 16 + (c & 15))) << 2);
        for (let l = 0; l < 4; l++) {
          transformTaps(room + <usize>l * 9 * 16, 16, between, at + ((<usize>l) << 6), pointBytes);
        }
      } else {
        const at = to + <usize>(k >> 4) * panelBytes + ((<usize>(c * 16 + (k & 15))) << 2);
        for (let l = 0; l < 4; l++) {
          transformTaps(g + ((<usize>(l * K)) << 2), tapBytes, between, at + ((<usize>l) << 6), pointBytes);
        }
      }
    }
  }
}

/** G g Gᵀ of four filters: nine taps `tapBytes` apart to 36 points `pointBytes` apart. */
function transformTaps(taps: usize, tapBytes: usize, between: usize, to: usize, pointBytes: usize): void {
  for (let s = 0; s < 3; s++) {
    filterTransform(taps + <usize>s * tapBytes, 3 * tapBytes, between + ((<usize>s) << 4), 48);
  }
  for (let i = 0; i < 6; i++) {
    filterTransform(between + <usize>(i * 48), 16, to + <usize>(i * 6) * pointBytes, pointBytes);
  }
}

/** The taps of 4 × 4 filters, last one first, from rows `rowBytes` apart to [4 columns][9] vectors of four rows. */
function mirrorTaps(g: usize, tapBytes: usize, rowBytes: usize, to: usize): void {
  for (let tap = 8; tap >= 0; tap--) {
    transposeFour(g + <usize>tap * tapBytes, rowBytes, to, 9 * 16);
    to += 16;
  }
}
