/** What the person at the terminal has to mend; shown without a stack. */
export class SetupError extends Error {}
