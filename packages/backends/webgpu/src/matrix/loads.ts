/** How the threads of a workgroup bring a piece of both operands into workgroup memory; each takes every 256th element. */
import type { TiledProduct } from './tiled-product.js';
import type { Tile } from './tiles.js';

const THREADS = 256;
/** Length of the pieces of k that lie in workgroup memory at once. */
export const DEPTH = 16;

/** Statements before the loop over k, and in it for A and for B. Beyond the ends are zeros. */
export function loadsOf(product: TiledProduct, { rows, columns }: Tile) {
  const a = product.aAlongM ? alongM(rows) : alongK(rows);
  return { before: a.before, left: a.inside, rightHand: loadB(product, columns) };
}

/** A, where k runs along memory: a thread has one k, and some rows, which stay the same from piece to piece. */
function alongK(rows: number) {
  const mine = Array.from({ length: (rows * DEPTH) / THREADS }, (_, j) => j);
  const m = (j: number): string => `m0 + lane / ${DEPTH}u + ${(j * THREADS) / DEPTH}u`;
  return {
    before: mine.map((j) => `let row${j} = a_row(${m(j)});`).join('\n'),
    inside: [
      `let a_k = lane % ${DEPTH}u;`,
      'let column = a_column(k0 + a_k);',
      ...mine.map(
        (j) => `{ var value = 0.0;
if (${m(j)} < M && k0 + a_k < ends) { value = a_of(row${j}, column); }
left[a_k * ${rows + 1}u + lane / ${DEPTH}u + ${(j * THREADS) / DEPTH}u] = value; }`,
      ),
    ].join('\n'),
  };
}

/** A, where m runs along memory: a thread has one row, and several k. */
function alongM(rows: number) {
  const mine = Array.from({ length: (rows * DEPTH) / THREADS }, (_, j) => j);
  return {
    before: `let a_m = lane % ${rows}u;\nlet row0 = a_row(m0 + a_m);`,
    inside: mine
      .map(
        (j) => `{ let kk = lane / ${rows}u + ${(j * THREADS) / rows}u;
var value = 0.0;
if (m0 + a_m < M && k0 + kk < ends) { value = a_of(row0, a_column(k0 + kk)); }
left[kk * ${rows + 1}u + a_m] = value; }`,
      )
      .join('\n'),
  };
}

function loadB({ bAlongK, bStride }: TiledProduct, columns: number): string {
  const mine = Array.from({ length: (columns * DEPTH) / THREADS }, (_, j) => j);
  const kk = (j: number): string => (bAlongK ? `lane % ${DEPTH}u` : `(lane + ${j * THREADS}u) / ${columns}u`);
  const nn = (j: number): string => (bAlongK ? `(lane + ${j * THREADS}u) / ${DEPTH}u` : `lane % ${columns}u`);
  const row = (k: string): string => `b_row(k0 + ${k})`;
  return [
    bAlongK ? `let b_begin = ${row(kk(0))};` : '',
    ...mine.map(
      (j) => `{ let kk = ${kk(j)};
let nn = ${nn(j)};
var value = 0.0;
if (k0 + kk < ends && n0 + nn < p.n) { value = b_at(${bAlongK ? 'b_begin' : row('kk')} + (n0 + nn) * ${bStride}); }
right[kk * ${columns + 1}u + nn] = value; }`,
    ),
  ].join('\n');
}
