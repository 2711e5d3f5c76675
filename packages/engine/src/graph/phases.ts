/**
 * Cuts the calls into phases. A phase ends only where a value is needed that all workers must have finished first:
 * a partial of the shards, or the whole of a variable.
 */
import { isSplit } from '../define/op/loop-nest.js';
import { sizeOf } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { GraphCall } from './calls.js';
import { viewedValue } from './domains.js';
import type { Phase, Task } from './program.js';

/** Whether a call may be done range by range. */
function isRanged(call: GraphCall): boolean {
  if (call.kernel === 'treeSum' || call.isWholeSum) return true;
  const [output] = call.outputs;
  if (call.kernel !== 'elementwise' || !output) return false;
  const operands = call.inputs.map((x) => x.shape);
  return isSplit(output.shape, operands);
}

export function phasesOf(calls: readonly GraphCall[]): Phase[] {
  const makers = new Map<SymbolicTensor, GraphCall>();
  const levels = new Map<GraphCall, number>();
  const tasks = new Map<GraphCall, GraphCall[]>();
  for (const call of calls) {
    if (!call.inShards) placeWhole(call);
    for (const output of call.outputs) makers.set(output, call);
  }
  return gather();

  /** A whole call joins the task of what it needs when it can go on where that left off; else it comes a level later. */
  function placeWhole(call: GraphCall): void {
    const needs = call.inputs.flatMap((input) => {
      const maker = makers.get(viewedValue(input));
      return maker && !maker.inShards && maker.stage === call.stage ? [{ input, maker }] : [];
    });
    const level = needs.reduce((most, { input, maker }) => {
      const made = levels.get(maker) ?? 1;
      return Math.max(most, continues(call, input, maker) ? made : made + 1);
    }, 1);
    levels.set(call, level);
    const task = [call];
    tasks.set(call, task);
    for (const { maker } of needs) if (levels.get(maker) === level) merge(tasks.get(maker) ?? [], call);
  }

  function continues(call: GraphCall, input: SymbolicTensor, maker: GraphCall): boolean {
    if (isRanged(call) !== isRanged(maker)) return false;
    return !isRanged(call) || sizeOf(input.shape) === sizeOf((call.outputs[0] as SymbolicTensor).shape);
  }

  function merge(into: GraphCall[], call: GraphCall): void {
    const from = tasks.get(call) ?? [];
    if (from === into) return;
    into.push(...from);
    for (const moved of from) tasks.set(moved, into);
  }

  function gather(): Phase[] {
    const phases: Phase[] = [];
    const lastStage = calls.reduce((most, call) => Math.max(most, call.stage), 0);
    const index = new Map(calls.map((call, i) => [call, i]));
    const indices = (some: readonly GraphCall[]): number[] =>
      some.map((call) => index.get(call) as number).toSorted((a, b) => a - b);
    for (let stage = 0; stage <= lastStage; stage++) {
      const here = calls.filter((call) => call.stage === stage);
      const sharded = here.filter((call) => call.inShards);
      if (sharded.length > 0) phases.push({ kind: 'shards', calls: indices(sharded) });
      const whole = here.filter((call) => !call.inShards);
      const deepest = whole.reduce((most, call) => Math.max(most, levels.get(call) ?? 1), 0);
      for (let level = 1; level <= deepest; level++) {
        const groups = new Set(whole.filter((call) => levels.get(call) === level).map((call) => tasks.get(call) ?? []));
        phases.push({ kind: 'tasks', tasks: [...groups].map((group) => taskOf(group, indices(group))) });
      }
    }
    return phases;
  }
}

function taskOf(group: readonly GraphCall[], calls: readonly number[]): Task {
  const [first] = group;
  return {
    calls,
    elements: first && isRanged(first) ? sizeOf((first.outputs[0] as SymbolicTensor).shape) : null,
    row: group.filter((call) => call.isWholeSum).reduce((row, { outputs }) => commonRow(row, outputs), 1),
  };
}

/** Elements that are whole rows of `row` elements and of a result: views may give equal elements other rows. */
function commonRow(row: number, [output]: readonly SymbolicTensor[]): number {
  const own = sizeOf((output as SymbolicTensor).shape.slice(1));
  let common = own;
  while (common % row !== 0) common += own;
  return common;
}
