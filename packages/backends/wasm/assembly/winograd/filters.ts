/** Filters in the space of the products, packed as the right side of 36 matrix products. */
import { paddedColumns } from '../matrix/pack';
import { filterTransform } from './transforms';
import { POINTS, pointSize } from './tiles-of-images';

/** Floats of the transformed filter for `inputs` channels in and `outputs` out. */
export function filterSize(inputs: i32, outputs: i32): i32 {
  return POINTS * pointSize(inputs, paddedColumns(outputs));
}

/**
 * f [3][3][C][K] to [36][panels of K][C][16]; or, mirrored in both axes and with inputs and outputs exchanged, to
 * [36][panels of C][K][16], as the input gradient needs it. `room` holds 54 vectors.
 */
export function transformFilter(f: usize, C: i32, K: i32, exchanged: bool, to: usize, room: usize): void {
  const inputs = exchanged ? K : C;
  const outputs = exchanged ? C : K;
  const pointBytes = (<usize>pointSize(inputs, paddedColumns(outputs))) << 2;
  const panelBytes = (<usize>inputs) << 6;
  const rowBytes = (<usize>(3 * C * K)) << 2;
  const columnBytes = (<usize>(C * K)) << 2;
  const half = room + 18 * 16;
  // Only columns beyond the last output are not written below.
  if (paddedColumns(outputs) > outputs) memory.fill(to, 0, <usize>POINTS * pointBytes);
  for (let c = 0; c < C; c++) {
    for (let k = 0; k < K; k += 4) {
      const g = f + ((<usize>(c * K + k)) << 2);
      for (let s = 0; s < 3; s++) {
        const from = g + <usize>(exchanged ? 2 - s : s) * columnBytes;
        if (exchanged) filterTransform(from + 2 * rowBytes, 0 - rowBytes, room + ((<usize>s) << 4), 48);
        else filterTransform(from, rowBytes, room + ((<usize>s) << 4), 48);
      }
      for (let i = 0; i < 6; i++) filterTransform(room + <usize>(i * 48), 16, half + <usize>(i * 96), 16);
      if (exchanged) {
        const at = to + <usize>(c >> 4) * panelBytes + ((<usize>(k * 16 + (c & 15))) << 2);
        for (let point = 0; point < POINTS; point++) {
          const u = v128.load(half + ((<usize>point) << 4));
          const address = at + <usize>point * pointBytes;
          v128.store_lane<f32>(address, u, 0);
          v128.store_lane<f32>(address + 64, u, 1);
          v128.store_lane<f32>(address + 128, u, 2);
          v128.store_lane<f32>(address + 192, u, 3);
        }
      } else {
        const at = to + <usize>(k >> 4) * panelBytes + ((<usize>(c * 16 + (k & 15))) << 2);
        for (let point = 0; point < POINTS; point++) {
          v128.store(at + <usize>point * pointBytes, v128.load(half + ((<usize>point) << 4)));
        }
      }
    }
  }
}
