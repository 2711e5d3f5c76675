/** Copies the first `width` columns of rows. */
export function copyRows(from: usize, fromBytes: usize, to: usize, toBytes: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    let j = 0;
    for (; j + 4 <= width; j += 4) v128.store(to + ((<usize>j) << 2), v128.load(from + ((<usize>j) << 2)));
    for (; j < width; j++) store<f32>(to + ((<usize>j) << 2), load<f32>(from + ((<usize>j) << 2)));
    from += fromBytes;
    to += toBytes;
  }
}
