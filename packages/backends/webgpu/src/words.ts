/** What the caller's thread and the device's thread tell each other when neither can wait for a message. */
export const GuardWord = {
  /** Calls that the device's thread has not answered: while it is 0, no promise of the device is pending there. */
  busy: 0,
  /** The process ends: leave after the running step. */
  stop: 1,
  /** Changes when a call that was waited for is done. */
  answered: 2,
} as const;

export const GUARD_BYTES = 12;
