import { deriveKey } from '../random/random-source.js';
import { threefry2x32 } from '../random/threefry.js';

/** The order of one epoch: Fisher and Yates' shuffle, a function of (seed, epoch, rows). */
export function epochOrder(rows: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  const [key0, key1] = deriveKey(seed, `shuffle/${epoch}`);
  const word = new Uint32Array(2);
  for (let i = rows - 1; i > 0; i--) {
    threefry2x32(key0, key1, i, 0, word);
    const fraction = ((word[0] as number) * 2 ** 21 + ((word[1] as number) >>> 11)) * 2 ** -53;
    const j = Math.floor(fraction * (i + 1));
    const held = order[i] as number;
    order[i] = order[j] as number;
    order[j] = held;
  }
  return order;
}
