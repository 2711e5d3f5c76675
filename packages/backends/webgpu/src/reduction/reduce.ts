import {
  defineDeviceKernel,
  type DeviceCall,
  type DeviceKernel,
  type Dispatch,
  type Operand,
} from '../device-kernel.js';
import { eachElement, lineOf, storages } from '../shader/each-element.js';
import { shaderOf } from '../shader/shader.js';
import { axesOf, decodeText, numbersOf, sizeOfAxes, type Axis } from './axes.js';
import { MAX, SUM, TEAM, teamFunction, type Combination } from './team.js';

interface ReduceAttributes {
  readonly axes: readonly number[];
}

/** Longest sum that one thread does alone. */
const ALONE = 64;
/** Workgroups that share one long sum when there are few results, and the least that each then adds up. */
const GROUPS = 64;
const SHARE = 4096;

/**
 * y[kept axes] = combination of x over the others. Short ones by one thread each; long ones by a workgroup, each thread every 64th value, then
 * all threads together; and where there are few results, by several workgroups and a second dispatch. The cut depends on sizes alone.
 */
function reduction(combination: Combination): DeviceKernel {
  return defineDeviceKernel<ReduceAttributes>({
    plan(call) {
      const [x] = call.inputs as [Operand];
      const [y] = call.outputs as [Operand];
      const shape = x.shape.length === 0 ? [1] : x.shape;
      const { kept, reduced } = axesOf(shape, call.attributes.axes);
      const over = call.attributes.axes.includes(0) && x.batched;
      const batch = x.batched ? shape[0] : 1;
      const [results, length] = [sizeOfAxes(kept), sizeOfAxes(reduced)];
      if (results === 0) return [];
      const way = { x, y, kept, reduced, combination, batch: x.batched ? { over, room: batch } : null };
      if (length <= ALONE) return alone(way);
      let parts = 1;
      while (results * parts < GROUPS && length / (2 * parts) >= SHARE) parts *= 2;
      return byTeams(call, way, parts);
    },
  });
}

interface Way {
  readonly x: Operand;
  readonly y: Operand;
  readonly kept: readonly Axis[];
  readonly reduced: readonly Axis[];
  readonly combination: Combination;
  /** Whether the reduction goes over the batch, or keeps it; null where there is none. */
  readonly batch: { readonly over: boolean; readonly room: number } | null;
}

/** Values in a sum: so many of each example, or in all. */
function lengthText({ batch }: Way): string {
  return batch?.over ? 'p.length * run.examples' : 'p.length';
}

function lengthsOf({ kept, reduced, batch }: Way): { results: number; length: number } {
  const room = Math.max(1, batch?.room ?? 1);
  return {
    results: batch && !batch.over ? sizeOfAxes(kept) / room : sizeOfAxes(kept),
    length: batch?.over ? sizeOfAxes(reduced) / room : sizeOfAxes(reduced),
  };
}

function headOf({ kept, reduced }: Way): string {
  return `fn kept_at(i: u32) -> u32 {
${decodeText('kept', kept)}
}
fn reduced_at(i: u32) -> u32 {
${decodeText('reduced', reduced)}
}`;
}

function alone(way: Way): Dispatch[] {
  const { x, y, kept, reduced, batch, combination } = way;
  const { results, length } = lengthsOf(way);
  return eachElement({
    reads: { x },
    writes: { y },
    params: { length, ...numbersOf('kept', kept), ...numbersOf('reduced', reduced) },
    count: results,
    batch: batch && !batch.over ? batch.room : null,
    head: headOf(way),
    body: `let base = kept_at(i);
let length = ${lengthText(way)};
var total = ${combination.initial};
for (var j = 0u; j < length; j++) { total = ${combination.of('total', 'x_at(base + reduced_at(j))')}; }
y_put(i, total);`,
  });
}

function byTeams(call: Pick<DeviceCall, 'scratch' | 'subgroups'>, way: Way, parts: number): Dispatch[] {
  const { x, y, kept, reduced, batch, combination } = way;
  const { length } = lengthsOf(way);
  const results = sizeOfAxes(kept);
  const target = parts === 1 ? y : call.scratch(results * parts);
  const part = Math.ceil(sizeOfAxes(reduced) / parts);
  const shader = shaderOf({
    reads: storages({ x }),
    writes: storages({ y: target }),
    params: [
      'results',
      'length',
      'part',
      'parts',
      ...Object.keys(numbersOf('kept', kept)),
      ...Object.keys(numbersOf('reduced', reduced)),
    ],
    workgroup: [TEAM, 1],
    subgroups: call.subgroups,
    head: `${teamFunction('team_total', combination, call.subgroups)}\n${headOf(way)}`,
    body: `let number = group.x + group.y * groups.x;
let i = number / p.parts;
let begin = (number % p.parts) * p.part;
let ends = min(${lengthText(way)}, begin + p.part);
let base = kept_at(i);
var total = ${combination.initial};
if (i < p.results) {
  for (var j = begin + lane; j < ends; j += ${TEAM}u) { total = ${combination.of('total', 'x_at(base + reduced_at(j))')}; }
}
total = team_total(total, lane);
if (lane == 0u && i < p.results${batch && !batch.over ? ` && i < run.examples * (p.results / ${batch.room}u)` : ''}) { y_put(number, total); }`,
  });
  const first: Dispatch = {
    shader,
    reads: [x],
    writes: [target],
    params: { results, length, part, parts, ...numbersOf('kept', kept), ...numbersOf('reduced', reduced) },
    groups: lineOf(results * parts),
  };
  if (parts === 1) return [first];
  const second = eachElement({
    reads: { totals: target },
    writes: { y },
    params: { parts },
    count: results,
    batch: null,
    body: `var total = ${combination.initial};
for (var part = 0u; part < p.parts; part++) { total = ${combination.of('total', 'totals_at(i * p.parts + part)')}; }
y_put(i, total);`,
  });
  return [first, ...second];
}

export const reduceSum = reduction(SUM);

export const reduceMax = reduction(MAX);
