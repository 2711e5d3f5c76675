import { RuntimeError } from '../errors.js';

/** The kernel calls of a program, as far as messages name them. */
interface Calls {
  readonly calls: readonly { readonly kernel: string; readonly scope: string | null }[];
}

/** An error out of a kernel, with the place where it happened. */
export function kernelFailure({ calls }: Calls, index: number, when: string, cause: unknown): RuntimeError {
  const call = calls[index];
  const layer = call?.scope ? ` of layer '${call.scope}'` : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  return new RuntimeError(`call ${index} ${call?.kernel}${layer}, ${when}: ${message}`, 'KERNEL_FAILED', { cause });
}

/** Asks a kernel while a program is made or bound. @throws RuntimeError with the place for whatever it throws */
export function askKernel<T>(program: Calls, index: number, when: string, ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    throw kernelFailure(program, index, when, cause);
  }
}
