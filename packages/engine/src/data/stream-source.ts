import { setTimeout } from 'node:timers/promises';
import { ValueError } from '../errors.js';
import { Word } from '../memory/control.js';
import { untilAborted } from './until-aborted.js';
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
    const { control, batchSize, over } = target;
    const batches = this.#open();
    try {
      for (let step = 0; ; step++) {
        const next = await untilAborted(over, async () => batches.next());
        if (next.done) {
          if (step === 0) throw new ValueError(`${this.#where}: the stream ended before its first batch`, 'DATA_EMPTY');
          control.store(Word.target, step);
          return;
        }
        const place = `${this.#where}, batch ${step}`;
        const columns = this.#columns(next.value, place);
        this.#refuse(columns, place, batchSize);
        while (!slotIsFree(control, step)) await setTimeout(1, undefined, { signal: over });
        const count = columns[0]?.rows ?? 0;
        const slots = { memory: target.memory, batch: target.placement.batch, fields: target.fields };
        fillSlot(
          slots,
          step,
          columns.map((column) => column.values),
          count,
          (i) => i,
        );
        publishSlot(control, step, count);
      }
    } catch (error) {
      // The stream may hang in its next batch: it is told to end, and not waited for.
      void batches.return?.();
      if (!over.aborted) throw error;
    }
  }

  #open(): AsyncIterator<ArrayData> | Iterator<ArrayData> {
    const stream: unknown = this.#start();
    if (typeof stream === 'object' && stream !== null) {
      if (Symbol.asyncIterator in stream) return (stream as AsyncIterable<ArrayData>)[Symbol.asyncIterator]();
      if (Symbol.iterator in stream) return (stream as Iterable<ArrayData>)[Symbol.iterator]();
    }
    throw new ValueError(
      `${this.#where}: the function must return a stream of { x, y }, such as an async generator, got ${typeof stream}`,
      'DATA',
    );
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
