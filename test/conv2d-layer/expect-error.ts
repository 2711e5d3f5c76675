import { expect } from 'vitest';

type ErrorClass = new (...parameters: never[]) => Error;

/** Expects an error of exactly this class; a string is the whole message. */
export function expectError(attempt: () => unknown, errorClass: ErrorClass, message: string | RegExp): void {
  let thrown: unknown = null;
  try {
    attempt();
  } catch (error) {
    thrown = error;
  }
  check(thrown, errorClass, message);
}

/** As `expectError`, of what fails at once or later. */
export async function expectRejection(
  attempt: () => PromiseLike<unknown>,
  errorClass: ErrorClass,
  message: string | RegExp,
): Promise<void> {
  let thrown: unknown = null;
  try {
    await attempt();
  } catch (error) {
    thrown = error;
  }
  check(thrown, errorClass, message);
}

function check(thrown: unknown, errorClass: ErrorClass, message: string | RegExp): void {
  expect(thrown, 'nothing was refused').toBeInstanceOf(Error);
  const error = thrown as Error;
  if (typeof message === 'string') expect(error.message).toBe(message);
  else expect(error.message).toMatch(message);
  expect(error.constructor.name, error.message).toBe(errorClass.name);
}

/** What a caller in plain JavaScript may hand over, past the types. */
export function untyped<T = never>(value: unknown): T {
  return value as T;
}
