/** In place of `execute/exit-guard.ts`: a page may end its threads at any time. */
export const GuardWord = { busy: 0, stop: 1 } as const;

export class ExitGuard {
  readonly words = new Int32Array(new SharedArrayBuffer(8));

  watch(): void {}

  dispose(): void {}
}
