import { Word, type Control } from '../memory/control.js';

/** Loads of a word before a waiting thread goes to sleep; with more threads than cores it sleeps at once. */
const SPINS = 2000;
/** A sleeper looks up now and then, in case the one who should wake it is gone. */
const NAP_MS = 50;

/** Blocks while the word holds `value`, but no longer than a nap. */
export function nap(control: Control, word: number, value: number, spin: boolean): void {
  const { words } = control;
  for (let i = spin ? SPINS : 0; i > 0; i--) if (Atomics.load(words, word) !== value) return;
  Atomics.wait(words, word, value, NAP_MS);
}

/**
 * Meets the other workers. The last to arrive runs `last` alone, if there is something to run, then releases all.
 *
 * @returns false when the step is void and all must leave
 */
export function arrive(control: Control, members: number, spin: boolean, last: (() => void) | null): boolean {
  const { words } = control;
  const generation = Atomics.load(words, Word.generation);
  if (Atomics.load(words, Word.poison) !== 0) return false;
  if (Atomics.add(words, Word.arrived, 1) + 1 === members) {
    Atomics.store(words, Word.arrived, 0);
    Atomics.store(words, Word.claim, 0);
    last?.();
    Atomics.add(words, Word.generation, 1);
    Atomics.notify(words, Word.generation);
  } else {
    while (Atomics.load(words, Word.generation) === generation && Atomics.load(words, Word.poison) === 0) {
      nap(control, Word.generation, generation, spin);
    }
  }
  return Atomics.load(words, Word.poison) === 0;
}
