/** Uniform in [0, 1) with 24 bits. */
import { fourBlocks } from './four-blocks';
import { threefry, TO_FRACTION } from './threefry';

function fraction(word: u64): f32 {
  return <f32>((<u32>word) >>> 8) * TO_FRACTION;
}

/**
 * y [rows][perRow]: element e of row n is a word of the block with counter (n · ⌈perRow / 2⌉ + ⌊e / 2⌋, step), where rows are numbered
 * from `first`.
 */
export function randomUniform(y: usize, rows: i32, perRow: i32, first: i32, step: i32, key0: i32, key1: i32): void {
  const blocks = (perRow + 1) >> 1;
  const rowBytes = (<usize>perRow) << 2;
  const counter = first * blocks;
  // Blocks of even rows follow one another over their ends.
  if ((perRow & 1) == 0) uniformRow(y, rows * perRow, counter, step, key0, key1);
  else
    for (let row = 0; row < rows; row++)
      uniformRow(y + <usize>row * rowBytes, perRow, counter + row * blocks, step, key0, key1);
}

/** Numbers of the blocks from `counter` on, two each. */
function uniformRow(y: usize, length: i32, counter: i32, step: i32, key0: i32, key1: i32): void {
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    fourBlocks(y, counter, step, key0, key1);
    counter += 4;
    y += 32;
  }
  for (; i < length; i += 2) {
    const words = threefry(key0, key1, counter, step);
    store<f32>(y, fraction(words));
    if (i + 1 < length) store<f32>(y, fraction(words >> 32), 4);
    counter++;
    y += 8;
  }
}
