import type { Sides } from '../../memory/state.js';
import type { SharedWords } from '../shared-memory/shared-words.js';
import { LineWord, lineOf } from './run-layout.js';
import type { ReplicaPlace, RunSetup } from './run-setup.js';

/**
 * The optimizer values that each replica has for itself, taken together: the engine's become their mean, on both sides. So
 * whatever trains next, with any strategy or after saving and loading, goes on from one set of values.
 */
export function meanOfOwn(setup: RunSetup, words: SharedWords, live: readonly number[]): void {
  const { roles, state, replicas, layout } = setup;
  if (live.length === 0) return;
  for (const variable of roles.own) {
    const sources = live.map((replica) => {
      const side = words.load(lineOf(layout, replica) + LineWord.side) as 0 | 1;
      return (replicas[replica] as ReplicaPlace).placement.state[variable]?.[side] as number;
    });
    const [a, b] = state[variable] as Sides;
    for (let i = 0; i < (roles.sizes[variable] as number); i++) {
      const mean = sources.reduce((sum, address) => sum + words.readFloat(address + 4 * i), 0) / sources.length;
      words.writeFloat(a + 4 * i, mean);
      words.writeFloat(b + 4 * i, mean);
    }
  }
}
