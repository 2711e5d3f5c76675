import type { Turns } from './turns.js';

/** Does `work` while nobody else uses the engine's memory. */
export async function runWithinTurn<T>(turns: Turns, work: () => T | Promise<T>): Promise<T> {
  const release = await turns.take();
  try {
    return await work();
  } finally {
    release();
  }
}
