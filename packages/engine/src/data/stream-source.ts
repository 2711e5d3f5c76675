import { setTimeout } from 'node:timers/promises';
import { ValueError } from '../errors.js';
import { Word } from '../memory/control.js';
import type { BatchSource, PassTarget } from './batch-source.js';
import { findBadValue, type ValueCheck } from './check-values.js';
import type { ArrayData, Column, StreamData } from './dataset.js';
import { fillSlot, publishSlot, slotIsFree } from './fill-slot.js';

/** Batches from the user's own iterator, checked one by one; runs on the caller's thread. */
export class StreamSource implements BatchSource {
  readonly rows = null;
  readonly #where: string;
  readonly #start: StreamData;
  readonly #columns: (batch: ArrayData, place: string) => Column[];
  readonly #checks: readonly ValueCheck[];

  constructor(
    where: string,
    start: StreamData,
    columns: (batch: ArrayData, place: string) => Column[],
    checks: readonly ValueCheck[],
  ) {
    this.#where = where;
    this.#start = start;
    this.#columns = columns;
    this.#checks = checks;
  }

  async open(): Promise<void> {}

  async feed(target: PassTarget): Promise<void> {
    const { control, batchSize } = target;
    let step = 0;
    for await (const batch of this.#start()) {
      const place = `${this.#where}, batch ${step}`;
      const columns = this.#columns(batch, place);
      this.#refuse(columns, place, batchSize);
      while (!slotIsFree(control, step)) {
        if (control.load(Word.sourceStops) !== 0) return;
        await setTimeout(1);
      }
      if (control.load(Word.sourceStops) !== 0) return;
      const count = columns[0]?.rows ?? 0;
      const slots = { memory: target.memory, batch: target.placement.batch, fields: target.fields };
      const values = columns.map((column) => column.values);
      fillSlot(slots, step, values, count, (i) => i);
      publishSlot(control, step++, count);
    }
    if (step === 0) throw new ValueError(`${this.#where}: the stream ended before its first batch`, 'DATA_EMPTY');
    control.store(Word.target, step);
  }

  #refuse(columns: readonly Column[], place: string, batchSize: number): void {
    const rows = columns[0]?.rows ?? 0;
    if (rows > batchSize) {
      throw new ValueError(`${place}: ${rows} examples, more than batchSize ${batchSize}`, 'DATA_ROWS');
    }
    columns.forEach(({ values }, i) => {
      const bad = findBadValue(values, this.#checks[i] as ValueCheck);
      if (bad !== null) throw new ValueError(`${place}: ${bad}`, 'DATA_VALUE');
    });
  }

  async dispose(): Promise<void> {}
}
