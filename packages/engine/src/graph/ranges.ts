/** Into which ranges the elements of a whole value are cut: by its shape alone, never by the workers. */

/** Elements of a range, about. */
const ELEMENTS = 8192;
/** Rows of a range at the least: what is prepared for a range, such as a packed operand, is used for so many. */
const FEWEST_ROWS = 32;
/** Floats of a cache line. */
const LINE = 16;

/** Elements of one range of whole rows of `row` elements: a multiple of 16, so that ranges end at cache lines. */
export function rangeLength(row: number): number {
  const rows = Math.max(ELEMENTS / row, FEWEST_ROWS);
  return row * LINE * Math.ceil(rows / LINE);
}
