import type { JsonNumber } from '../define/plugin/json-data.js';
import type { DType } from '../define/op/shape.js';

/**
 * Where a value lives. `state` is the committed side and `next` the side that a step writes; `batch` the fields
 * that go in and out; `gradients` one slab a shard; `activations` a worker's (or, in a program of several passes
 * over the shards, a shard's); `examples` activations that are kept for the whole batch, row after row; `shared`
 * what is computed once; `constants` what is filled in beforehand.
 */
export type Part = 'state' | 'next' | 'batch' | 'gradients' | 'activations' | 'examples' | 'shared' | 'constants';

/** A place in memory, seen in a shape. */
export interface Value {
  readonly part: Part;
  /** Bytes from the start of the part; index into `variables` in `state` and `next`. */
  readonly offset: number;
  /** `null` first where each example has a row. */
  readonly shape: readonly (number | null)[];
  readonly dtype: DType;
}

/** One kernel on its operands. */
export interface Call {
  readonly kernel: string;
  /** Indices into `values`. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** As `toJson` writes them. */
  readonly attributes: object;
  /** What the backend has added to the attributes (`Kernel.choose`), as `toJson` writes it. */
  readonly choices: object;
  /** Name of the layer that it comes from. */
  readonly scope: string | null;
  /** Elements of scratch. */
  readonly scratch: number;
  /** A sum over the whole batch, computed once, range by range (`Kernel.bindRows`). */
  readonly isWholeSum: boolean;
  readonly epilogue: CallEpilogue | null;
}

/** What a call goes on with in its first output. */
export interface CallEpilogue {
  /** Computed in place, as `toJson` writes it; null: nothing. */
  readonly expression: object | null;
  /** So many of the call's inputs, the last ones, are the expression's further operands. */
  readonly operands: number;
  /** Whether the call's last output is the sum of the first one over all axes but the last. */
  readonly sums: boolean;
}

/** Calls that one worker does in order, whole or, when `elements` is given, range by range. */
export interface Task {
  readonly calls: readonly number[];
  readonly elements: number | null;
  /** Ranges begin and end at multiples of so many elements. */
  readonly row: number;
}

/** Work without synchronisation inside; a barrier stands between phases. */
export type Phase =
  | { readonly kind: 'shards'; readonly calls: readonly number[] }
  | { readonly kind: 'tasks'; readonly tasks: readonly Task[] };

/** What goes into or comes out of a batch, and where it lies in a slot. */
export interface Field {
  readonly name: string;
  readonly offset: number;
  /** Shape of a row. */
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export interface ProgramVariable {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether a step gives it a new value. */
  readonly written: boolean;
}

/** What one step does: plain JSON, so that it can be printed, compared and sent to a worker. @internal */
export interface Program {
  readonly name: string;
  readonly backend: string;
  readonly batchSize: number;
  readonly shardSize: number;
  /** Shards of a full batch. */
  readonly shards: number;
  readonly values: readonly Value[];
  readonly calls: readonly Call[];
  readonly phases: readonly Phase[];
  readonly variables: readonly ProgramVariable[];
  readonly inputs: readonly Field[];
  readonly outputs: readonly Field[];
  /** Scalars of the whole batch, read when a step is committed. */
  readonly results: readonly { readonly name: string; readonly value: number }[];
  /** `values` has one for all elements, or one for each. */
  readonly constants: readonly {
    readonly offset: number;
    readonly elements: number;
    readonly values: readonly JsonNumber[];
  }[];
  /**
   * Bytes: of a batch, of one slab, of one worker's activations and scratch, of activations kept for all examples, of the
   * shared values and constants.
   */
  readonly bytes: {
    readonly batch: number;
    readonly gradients: number;
    readonly activations: number;
    readonly scratch: number;
    readonly examples: number;
    readonly shared: number;
    readonly constants: number;
  };
}

/** All memory of the program is cut into pieces aligned to a cache line. */
export const ALIGNMENT = 64;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Passes over the shards; activations outlive a phase when there is more than one. */
export function passesOverShards(program: Pick<Program, 'phases'>): number {
  return program.phases.filter((phase) => phase.kind === 'shards').length;
}
