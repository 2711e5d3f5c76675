/** The word that a call which must answer at once is waited for on; beside it are the engine's, which all its devices share (`GuardWord`). */
export const ANSWERED = 0;

/** Where that word stands. */
export function answeredWord(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}
