import { ValueError } from '../errors.js';
import { Actor } from '../execute/actor.js';
import type { BatchSource, PassTarget } from './batch-source.js';
import type { ValueCheck } from './check-values.js';
import type { Column, NumericArray } from './dataset.js';
import { shareArray } from './share-array.js';
import type { SourceActor } from './source-actor.js';

/** Arrays in memory, fed by an actor on a thread of its own. */
export class ArraySource implements BatchSource {
  readonly rows: number;
  readonly #where: string;
  readonly #columns: readonly Column[];
  readonly #checks: readonly ValueCheck[];
  #actor: Actor<SourceActor> | null = null;
  /** The columns in memory that threads share; there once the source is open. */
  shared: readonly NumericArray[] = [];

  constructor(where: string, columns: readonly Column[], checks: readonly ValueCheck[]) {
    this.#where = where;
    this.#columns = columns;
    this.#checks = checks;
    this.rows = columns[0]?.rows ?? 0;
  }

  async open(): Promise<void> {
    if (this.#actor) return;
    const shared: NumericArray[] = [];
    for (const { values } of this.#columns) shared.push(await shareArray(values));
    this.shared = shared;
    this.#actor = await Actor.start<SourceActor>(new URL('./source-actor.js', import.meta.url));
    const bad = await this.#actor.call((remote) => remote.open(shared, [...this.#checks]));
    if (bad !== null) throw new ValueError(`${this.#where}: ${bad}`, 'DATA_VALUE');
  }

  async feed(target: PassTarget): Promise<void> {
    const { memory, placement, control, fields, batchSize, shuffle } = target;
    await this.#actor?.call((remote) =>
      remote.feed({
        slots: { memory, batch: placement.batch, fields },
        control: control.address,
        results: control.width - 1,
        batchSize,
        shuffle,
      }),
    );
  }

  async dispose(): Promise<void> {
    await this.#actor?.dispose();
    this.#actor = null;
  }
}
