import { ConvoyError, RuntimeError } from '../errors.js';

/** Errors lose class and code between threads, so they travel as data. */
export interface Failure {
  readonly message: string;
  readonly code: string;
  readonly stack: string;
}

/** An error as data. @param place - the thread, for the message */
export function failureOf(error: unknown, place: string): Failure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    message: `${place}, ${message}`,
    code: error instanceof ConvoyError ? error.code : 'KERNEL_FAILED',
    stack: stack ?? message,
  };
}

/** The error that travelled, with the stack of the thread that it comes from as its cause. */
export function errorOf({ message, code, stack }: Failure): RuntimeError {
  const cause = new Error(message);
  cause.stack = stack;
  return new RuntimeError(message, code, { cause });
}
