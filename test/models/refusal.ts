import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';

/** What a refusal must tell: class and code to programs, and these words to people. */
export interface Refusal {
  readonly error: new (...parameters: never[]) => Error;
  readonly code?: string;
  readonly says: readonly (string | RegExp)[];
}

/** What errors of the JavaScript engine itself say, where a check of ours is missing. */
const ACCIDENT = /\[object |Cannot (read|convert)|is not (a function|iterable|defined)|circular structure/;

/** Expects that the attempt fails, at once or as a rejection, in the way described. */
export async function expectRefusal(attempt: () => unknown, { error, code, says }: Refusal): Promise<void> {
  const thrown = await failureOf(attempt);
  expect(thrown, 'nothing was refused').toBeInstanceOf(Error);
  const { message } = thrown as Error;
  expect(message).not.toMatch(ACCIDENT);
  for (const words of says) expect(message).toMatch(words);
  expect(thrown, message).toBeInstanceOf(error);
  if (code !== undefined) expect(thrown).toHaveProperty('code', code);
}

async function failureOf(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
    return null;
  } catch (error) {
    return error;
  }
}

/** A value of a type that TypeScript would not let through: what a caller in plain JavaScript may hand over. */
export function untyped<T = never>(value: unknown): T {
  return value as T;
}

/** Number of the thread that would be started next: threads of a process are numbered as they start. */
export async function nextThreadNumber(): Promise<number> {
  const probe = new Worker('', { eval: true });
  const { threadId } = probe;
  await probe.terminate();
  return threadId + 1;
}
