import type { VirtualParty } from './virtual-party.js';

interface Transfer {
  readonly start: number;
  readonly end: number;
}

/** The owner's connection: one transfer at a time, each in the first gap after it is asked for. */
export class OwnerLink {
  readonly #ms: number;
  /** In order. Some lie ahead: a party that computes first asks for its transfer beforehand. */
  readonly #taken: Transfer[] = [];

  /** @param ms - of one transfer of all weights, or of all gradients */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** The party waits for the link and for its transfer, of a part of the bytes. */
  transfer(party: VirtualParty, share = 1): void {
    const length = share * this.#ms;
    if (length === 0) return;
    while (this.#taken.length > 0 && (this.#taken[0] as Transfer).end <= party.turnStart) this.#taken.shift();
    const asked = party.now();
    let start = asked;
    let place = 0;
    for (const taken of this.#taken) {
      if (start + length <= taken.start) break;
      start = Math.max(start, taken.end);
      place++;
    }
    this.#taken.splice(place, 0, { start, end: start + length });
    party.charge(start + length - asked);
  }
}
