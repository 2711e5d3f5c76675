import type { SharedMemory } from '../define/op/kernel.js';
import type { Control } from '../memory/control.js';
import type { Placement } from '../memory/placement.js';
import type { SlotField } from './fill-slot.js';

/** Where one pass over the data goes. */
export interface PassTarget {
  readonly memory: SharedMemory;
  readonly placement: Placement;
  readonly control: Control;
  readonly fields: readonly SlotField[];
  readonly batchSize: number;
  readonly shuffle: { readonly seed: number; readonly epoch: number } | null;
  /** Aborted when the pass ends, whether all is fed or not. */
  readonly over: AbortSignal;
}

/** Fills the two slots of a run ahead of the workers. */
export interface BatchSource {
  /** Examples of a pass; null while unknown. */
  readonly rows: number | null;
  /** Once; further calls do nothing. Finds out what is wrong with the data before the first step, as far as it is there. @throws ValueError */
  open(): Promise<void>;
  /** Feeds one pass; ends when all is fed or the run stops. @throws ValueError for a bad batch of a stream */
  feed(target: PassTarget): Promise<void>;
  dispose(): Promise<void>;
}

/** Larger than any number of steps of a pass, and an Int32. */
export const UNKNOWN_STEPS = 2 ** 31 - 1;

/** Batches of a pass, a short last one counted; `UNKNOWN_STEPS` while the examples are not known. */
export function stepsOf({ rows }: BatchSource, batchSize: number): number {
  return rows === null ? UNKNOWN_STEPS : Math.ceil(rows / batchSize);
}
