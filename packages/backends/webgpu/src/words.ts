/** The word that a call which must answer at once is waited for on; beside it are the engine's, which all its devices share (`GuardWord`). */
export const ANSWERED = 0;
export const ANSWERED_BYTES = 4;
