import type { VirtualParty } from './virtual-party.js';

/** The owner's connection: one transfer at a time, first come, first served. */
export class OwnerLink {
  readonly #ms: number;
  #freeAt = 0;

  /** @param ms - of one transfer of all weights, or of all gradients */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** The party waits for the link and for its transfer. */
  transfer(party: VirtualParty): void {
    if (this.#ms === 0) return;
    const start = Math.max(party.now(), this.#freeAt);
    this.#freeAt = start + this.#ms;
    party.charge(this.#freeAt - party.now());
  }
}
