import type { BoundKernel, Kernel, KernelCall, NumberArray, View } from '../define/op/kernel.js';
import type { Expression } from '../define/op/expression.js';
import { describeValue } from '../define/plugin/describe-value.js';
import { fromJson } from '../define/plugin/json-data.js';
import { elementsPerRow, isBatched, sizeOf } from '../define/op/shape.js';
import { splitOperands } from '../graph/split-operands.js';
import { askKernel } from '../graph/kernel-failure.js';
import { passesOverShards, type Call, type Program, type Value } from '../graph/program.js';
import { rangeLength } from '../graph/ranges.js';
import type { Placement } from '../memory/placement.js';

export interface BindSource {
  readonly program: Program;
  readonly placement: Placement;
  readonly kernels: (name: string) => Kernel;
  /** Makes a view of `length` elements at an address. */
  readonly viewAt: (address: number, length: number, dtype: 'float32' | 'int32') => NumberArray;
  /** This worker's number. */
  readonly worker: number;
}

/** One phase, bound for steps of one parity. */
export interface BoundPhase {
  /** Units of work: shards, or ranges of tasks. */
  readonly kind: 'shards' | 'tasks';
  /** By shard: the calls; or by range. */
  readonly units: readonly BoundUnit[];
}

export interface BoundUnit {
  readonly calls: readonly BoundKernel[];
  /** Indices of `calls` in the program, for messages. */
  readonly indices: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The phases for a side of the state and a slot of the batch. */
export type BoundProgram = (side: number, slot: number) => readonly BoundPhase[];

/**
 * Binds every call of a program for one worker: for the sides of the state and the slots of the batch as they are
 * asked for, and for every shard. Equal bindings are made once.
 */
export function bindProgram(source: BindSource): BoundProgram {
  const { program, placement, worker } = source;
  const perShard = passesOverShards(program) > 1;
  const bound = new Map<string, BoundKernel>();
  const attributes = program.calls.map(({ choices, attributes: given }) => ({
    ...(fromJson(choices) as object),
    ...(fromJson(given) as object),
  }));
  const epilogues = program.calls.map(
    ({ epilogue }) => epilogue && { ...epilogue, expression: fromJson(epilogue.expression) as Expression | null },
  );
  const scratch = source.viewAt(
    placement.scratch + worker * program.bytes.scratch,
    program.bytes.scratch / 4,
    'float32',
  );

  const addressOf = (value: Value, side: number, slot: number, shard: number): number => {
    switch (value.part) {
      case 'state':
        return placement.state[value.offset]?.[side] as number;
      case 'next':
        return placement.state[value.offset]?.[1 - side] as number;
      case 'batch':
        return (placement.batch[slot] as number) + value.offset + bytesBefore(value, shard * program.shardSize);
      case 'examples':
        return placement.examples + value.offset + bytesBefore(value, shard * program.shardSize);
      case 'gradients':
        return placement.gradients + shard * program.bytes.gradients + value.offset;
      case 'activations':
        return placement.activations + (perShard ? shard : worker) * program.bytes.activations + value.offset;
      case 'shared':
        return placement.shared + value.offset;
      case 'constants':
        return placement.constants + value.offset;
    }
  };

  const viewOf = (index: number, address: number, room: number): View => {
    const value = program.values[index] as Value;
    const shape = value.shape.map((d) => d ?? room);
    const length = sizeOf(shape);
    return { data: source.viewAt(address, length, value.dtype), shape, batched: isBatched(value.shape) };
  };

  const bindCall = (index: number, side: number, slot: number, shard: number): BoundKernel => {
    const call = program.calls[index] as Call;
    const inputs =
      call.kernel === 'treeSum' ? overShards(call, program.shards) : call.inputs.map((value) => ({ value, shard }));
    const outputs = call.outputs.map((value) => ({ value, shard }));
    const addresses = [...inputs, ...outputs].map((o) =>
      addressOf(program.values[o.value] as Value, side, slot, o.shard),
    );
    const key = `${index}:${addresses.join()}`;
    let kernel = bound.get(key);
    if (!kernel) {
      const room = call.isWholeSum ? program.batchSize : program.shardSize;
      const views = [...inputs, ...outputs].map((o, i) => viewOf(o.value, addresses[i] as number, room));
      kernel = bindKernel(program, index, source.kernels(call.kernel), {
        ...splitOperands(views.slice(0, inputs.length), views.slice(inputs.length), epilogues[index] ?? null),
        attributes: attributes[index] as object,
        scratch: scratch.subarray(0, call.scratch),
      });
      bound.set(key, kernel);
    }
    return kernel;
  };

  const bindPhases = (side: number, slot: number): BoundPhase[] =>
    program.phases.map((phase) => {
      if (phase.kind === 'shards') {
        const units = Array.from({ length: program.shards }, (_, shard) => ({
          calls: phase.calls.map((call) => bindCall(call, side, slot, shard)),
          indices: phase.calls,
          begin: 0,
          end: 0,
        }));
        return { kind: 'shards', units };
      }
      const units = phase.tasks.flatMap((task) => {
        const calls = task.calls.map((call) => bindCall(call, side, slot, 0));
        const elements = task.elements ?? 1;
        const length = rangeLength(task.row);
        return Array.from({ length: Math.ceil(elements / length) }, (_, i) => ({
          calls,
          indices: task.calls,
          begin: i * length,
          end: Math.min(elements, (i + 1) * length),
        }));
      });
      return { kind: 'tasks', units };
    });
  const phases = new Map<number, BoundPhase[]>();
  return (side, slot) => {
    const key = 2 * side + slot;
    const known = phases.get(key) ?? bindPhases(side, slot);
    phases.set(key, known);
    return known;
  };
}

/** Where an example's row begins, of a value with a row for each. */
function bytesBefore({ shape }: Value, example: number): number {
  return isBatched(shape) ? example * 4 * elementsPerRow(shape) : 0;
}

/** A tree sum reads its value once for each shard. */
function overShards(call: Call, shards: number): { value: number; shard: number }[] {
  return call.inputs.flatMap((value) => Array.from({ length: shards }, (_, shard) => ({ value, shard })));
}

function bindKernel(program: Program, index: number, kernel: Kernel, call: KernelCall): BoundKernel {
  return askKernel(program, index, 'while it is bound', () => {
    const how = program.calls[index]?.isWholeSum ? 'bindRows' : 'bind';
    const bound: unknown = kernel[how]?.(call);
    if (typeof bound === 'function') return bound as BoundKernel;
    throw new TypeError(`${how} must return a function, got ${describeValue(bound)}`);
  });
}
