/** Entry of the data source's thread: checks the columns, then fills slots ahead of the workers. */
import { exposeActor } from '../execute/actor.js';
import { Control, Word } from '../memory/control.js';
import { findBadValue, type ValueCheck } from './check-values.js';
import type { NumericArray } from './dataset.js';
import { fillSlot, publishSlot, slotIsFree, type Slots } from './fill-slot.js';
import { epochOrder } from './shuffle.js';

/** One pass over the data. */
export interface Pass {
  readonly slots: Slots;
  readonly control: number;
  readonly results: number;
  readonly batchSize: number;
  /** Null: in the order given. */
  readonly shuffle: { readonly seed: number; readonly epoch: number } | null;
}

/** A nap, not a wait without end: the caller may want the thread to stop. */
const NAP_MS = 20;

export class SourceActor {
  #columns: readonly NumericArray[] = [];
  #rows = 0;

  /** Takes the columns (in shared memory) and says what is wrong with them, or null. */
  open(columns: readonly NumericArray[], checks: readonly ValueCheck[]): string | null {
    this.#columns = columns;
    this.#rows = (columns[0]?.length ?? 0) / (checks[0]?.perRow ?? 1);
    for (const [i, column] of columns.entries()) {
      const bad = findBadValue(column, checks[i] as ValueCheck);
      if (bad !== null) return bad;
    }
    return null;
  }

  /** Fills slot after slot until the pass is over or the run stops. Blocks the thread. */
  feed(pass: Pass): void {
    const control = new Control(pass.slots.memory.buffer, pass.control, pass.results);
    const order = pass.shuffle ? epochOrder(this.#rows, pass.shuffle.seed, pass.shuffle.epoch) : null;
    for (let step = 0; step * pass.batchSize < this.#rows; step++) {
      for (let seen = control.load(Word.taken); !slotIsFree(control, step); seen = control.load(Word.taken)) {
        if (control.load(Word.sourceStops) !== 0) return;
        Atomics.wait(control.words, Word.taken, seen, NAP_MS);
      }
      if (control.load(Word.sourceStops) !== 0) return;
      const first = step * pass.batchSize;
      const count = Math.min(pass.batchSize, this.#rows - first);
      fillSlot(pass.slots, step, this.#columns, count, (i) => (order ? (order[first + i] as number) : first + i));
      publishSlot(control, step, count);
    }
  }
}

exposeActor(new SourceActor());
