/** Kernels of one thread for each element of something. */
import type { Dispatch, Operand } from '../device-kernel.js';
import { shaderOf, type ShaderParts } from './shader.js';

/** Threads of a workgroup, within the default limit of 256. */
const THREADS = 64;
/** Workgroups along x; the rest of a long line of them goes on along y, for a grid has at most 65535 each way. */
const ROW = 32768;

/** A kernel of one thread for each element. */
export interface EachElement {
  readonly reads: Readonly<Record<string, Operand>>;
  readonly writes: Readonly<Record<string, Operand>>;
  readonly params: Readonly<Record<string, number>>;
  /** How many there are: of each example if `batched`, else in all. */
  readonly count: number;
  /** Room for examples; null where the count does not depend on the batch. */
  readonly batch: number | null;
  readonly head?: string;
  /** Statements for element `i`. */
  readonly body: string;
}

/** Its dispatch; none, if there are no elements. */
export function eachElement(given: EachElement): Dispatch[] {
  const { reads, writes, count, batch } = given;
  const total = count * (batch ?? 1);
  if (total === 0) return [];
  const parts: ShaderParts = {
    reads: storages(reads),
    writes: storages(writes),
    params: ['count', ...Object.keys(given.params)],
    workgroup: [THREADS, 1],
    ...(given.head === undefined ? {} : { head: given.head }),
    body: `let i = global.x + global.y * groups.x * ${THREADS}u;
if (i >= ${batch === null ? 'p.count' : 'p.count * run.examples'}) { return; }
${given.body}`,
  };
  return [
    {
      shader: shaderOf(parts),
      reads: Object.values(reads),
      writes: Object.values(writes),
      params: { count, ...given.params },
      groups: lineOf(Math.ceil(total / THREADS)),
    },
  ];
}

/** A grid of at least so many workgroups. */
export function lineOf(workgroups: number): [x: number, y: number, z: number] {
  const x = Math.min(workgroups, ROW);
  return [x, Math.ceil(workgroups / x), 1];
}

export function storages(operands: Readonly<Record<string, Operand>>) {
  return Object.fromEntries(Object.entries(operands).map(([name, { storage }]) => [name, storage]));
}

/** Elements of each example and room for examples, or all elements and null. */
export function countOf({ shape, batched }: Operand): { count: number; batch: number | null } {
  const size = (from: number): number => shape.slice(from).reduce((product, n) => product * n, 1);
  return batched ? { count: size(1), batch: shape[0] } : { count: size(0), batch: null };
}
