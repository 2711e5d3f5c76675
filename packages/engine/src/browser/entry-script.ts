/** In place of `execute/entry-script.ts`: a page has no script that workers would run again. */
export function refuseEntryScript(): void {}
