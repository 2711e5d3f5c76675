import { labelAt } from '../label-at';

/** Between rows of scores and numbers of classes. */

/** Index of the first maximum of each vector, as a float. */
export function argMax(x: usize, y: usize, vectors: i32, length: i32): void {
  for (let i = 0; i < vectors; i++) {
    let best = 0;
    let largest = load<f32>(x);
    for (let j = 1; j < length; j++) {
      const value = load<f32>(x + ((<usize>j) << 2));
      if (value > largest) {
        largest = value;
        best = j;
      }
    }
    store<f32>(y + ((<usize>i) << 2), <f32>best);
    x += (<usize>length) << 2;
  }
}

/** Rows of `depth` with a 1 at the label; a label that is no class leaves its row at 0. */
export function oneHot(labels: usize, y: usize, count: i32, depth: i32): void {
  memory.fill(y, 0, (<usize>(count * depth)) << 2);
  for (let i = 0; i < count; i++) {
    const label = labelAt(labels, i);
    if (label >= 0 && label < depth) store<f32>(y + ((<usize>(i * depth + label)) << 2), 1);
  }
}
