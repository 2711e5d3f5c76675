import { RollCall } from './roll-call.js';

/** Replicas that go on by themselves while there is something to claim, as their owner sees them: it starts them and counts who rests. */
export class FreeRunning {
  readonly #go: (replica: number) => void;
  readonly #finish: () => void;
  #roll = new RollCall([]);

  constructor(go: (replica: number) => void, finish: () => void) {
    this.#go = go;
    this.#finish = finish;
  }

  begin(live: readonly number[]): void {
    this.#roll = new RollCall(live);
    this.#start(live);
  }

  /** A replica has found nothing to claim. */
  rested(replica: number): void {
    this.#roll.rest(replica);
    if (this.#roll.mustLookAgain(replica)) this.#start([replica]);
    else if (this.#roll.allIdle) this.#finish();
  }

  /** Those that have gone to rest claim what the lost one leaves. */
  lost(replica: number): void {
    this.#roll.lose(replica);
    this.#start(this.#roll.idle);
  }

  #start(some: readonly number[]): void {
    for (const replica of some) {
      this.#roll.wake(replica);
      this.#go(replica);
    }
  }
}
