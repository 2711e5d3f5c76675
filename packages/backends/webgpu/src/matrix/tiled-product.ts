/**
 * C[M, N] = A[M, K] · B[K, N] by tiles in workgroup memory, for operands that are computed from indices: one template for products of matrices
 * and for the three passes of a convolution. 16 × 16 threads; each keeps rows × columns / 256 sums in registers. The sum over k
 * goes in order, in float32, and may be cut into parts of fixed length, which are added up in order by a second dispatch: no
 * atomics, so that the same bits come out each time.
 */
import type { DeviceCall, Dispatch, Operand } from '../device-kernel.js';
import { eachElement, lineOf, storages } from '../shader/each-element.js';
import { shaderOf } from '../shader/shader.js';
import { DEPTH, loadsOf } from './loads.js';
import { partsOf, tileFor, type Tile } from './tiles.js';

export interface Extent {
  /** So many; of each example if `batched`. */
  readonly count: number;
  readonly batched: boolean;
}

export interface TiledProduct {
  readonly reads: Readonly<Record<string, Operand>>;
  readonly result: Operand;
  readonly params: Readonly<Record<string, number>>;
  readonly m: Extent;
  readonly n: number;
  readonly k: Extent;
  /** Room for examples. */
  readonly batch: number;
  /**
   * Statements that return, as a `vec4<u32>`, what A's element needs of m, of k, and the element from both as `row` and `column`: an index is
   * taken apart once for many elements, for divisions are slow.
   */
  readonly aRow: string;
  readonly aColumn: string;
  readonly a: string;
  /** Whether neighbours in memory are neighbours in m, rather than in k. */
  readonly aAlongM: boolean;
  /** Statements that return where row k of B begins, and the distance between its elements. */
  readonly bRow: string;
  readonly bStride: string;
  readonly bAlongK: boolean;
  /** An expression for the index of the result at m, n. */
  readonly at: string;
}

export function tiledProduct(product: TiledProduct, call: Pick<DeviceCall, 'scratch'>): Dispatch[] {
  const { m, n, k, batch, result } = product;
  const rows = m.batched ? m.count * batch : m.count;
  const depth = k.batched ? k.count * batch : k.count;
  if (rows * n === 0) return [];
  const tile = tileFor(rows, n);
  const tiles = Math.ceil(rows / tile.rows) * Math.ceil(n / tile.columns);
  const parts = m.batched ? 1 : partsOf(tiles, depth);
  if (parts === 1) return [dispatchOf(product, tile, tiles, 1, result)];
  const size = rows * n;
  const sums: Operand = call.scratch(parts * size);
  return [dispatchOf(product, tile, tiles, parts, sums), ...orderedSum(sums, result, size, parts)];
}

function dispatchOf(product: TiledProduct, tile: Tile, tiles: number, parts: number, result: Operand): Dispatch {
  const { reads, params, m, n, k, batch } = product;
  const depth = k.batched ? k.count * batch : k.count;
  const part = Math.ceil(depth / parts / DEPTH) * DEPTH;
  const shader = shaderOf({
    reads: storages(reads),
    writes: { result: result.storage },
    params: ['m', 'n', 'k', 'part', 'size', ...Object.keys(params)],
    workgroup: [16, 16],
    head: `var<workgroup> left: array<f32, ${DEPTH * (tile.rows + 1)}>;
var<workgroup> right: array<f32, ${DEPTH * (tile.columns + 1)}>;
fn a_row(m: u32) -> vec4<u32> {
${product.aRow}
}
fn a_column(k: u32) -> vec4<u32> {
${product.aColumn}
}
fn a_of(row: vec4<u32>, column: vec4<u32>) -> f32 {
${product.a}
}
fn b_row(k: u32) -> u32 {
${product.bRow}
}`,
    body: bodyOf(product, tile, parts),
  });
  const [x, y] = lineOf(tiles);
  return {
    shader,
    reads: Object.values(reads),
    writes: [result],
    params: { m: m.count, n, k: k.count, part, size: m.count * n, ...params },
    groups: [x, y, parts],
  };
}

function bodyOf(product: TiledProduct, { rows, columns }: Tile, parts: number): string {
  const { m, k, at } = product;
  const [down, across] = [rows / 16, columns / 16];
  const sums = Array.from({ length: down }, (_, i) => Array.from({ length: across }, (__, j) => `s${i}_${j}`));
  const [up, right] = [rows + 1, columns + 1];
  const { before, left, rightHand } = loadsOf(product, { rows, columns });
  return `let M = p.m${m.batched ? ' * run.examples' : ''};
let K = p.k${k.batched ? ' * run.examples' : ''};
let tile = group.x + group.y * groups.x;
let across = (p.n + ${columns - 1}u) / ${columns}u;
let m0 = (tile / across) * ${rows}u;
let n0 = (tile % across) * ${columns}u;
let begin = ${parts > 1 ? 'group.z * p.part' : '0u'};
let ends = ${parts > 1 ? 'min(K, begin + p.part)' : 'K'};
${sums
  .flat()
  .map((name) => `var ${name} = 0.0;`)
  .join('\n')}
${before}
for (var k0 = begin; k0 < ends; k0 += ${DEPTH}u) {
${left}
${rightHand}
workgroupBarrier();
for (var kk = 0u; kk < ${DEPTH}u; kk++) {
${sums.map((_, i) => `let a${i} = left[kk * ${up}u + local.y + ${16 * i}u];`).join('\n')}
${(sums[0] ?? []).map((_, j) => `let b${j} = right[kk * ${right}u + local.x + ${16 * j}u];`).join('\n')}
${sums.flatMap((row, i) => row.map((name, j) => `${name} += a${i} * b${j};`)).join('\n')}
}
workgroupBarrier();
}
${sums
  .flatMap((row, i) =>
    row.map((name, j) => {
      const index = parts > 1 ? `group.z * p.size + m * p.n + n` : at;
      return `{ let m = m0 + local.y + ${16 * i}u; let n = n0 + local.x + ${16 * j}u;
  if (m < M && n < p.n) { result_put(${index}, ${name}); } }`;
    }),
  )
  .join('\n')}`;
}

/** result[i] = Σ sums[part · size + i], part after part. */
function orderedSum(sums: Operand, result: Operand, size: number, parts: number): Dispatch[] {
  return eachElement({
    reads: { sums },
    writes: { result },
    params: { parts, size },
    count: size,
    batch: null,
    body: `var sum = 0.0;
for (var part = 0u; part < p.parts; part++) { sum += sums_at(part * p.size + i); }
result_put(i, sum);`,
  });
}
