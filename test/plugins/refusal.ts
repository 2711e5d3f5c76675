/** What a user gets who writes it wrong: an error of ours, with a code for programs and words for people. */
import { ConvoyError, UnknownOptionError, ValueError } from '@convoy/engine';
import { expect } from 'vitest';

export interface Refusal {
  /** Default: ValueError. */
  readonly error?: typeof ConvoyError | typeof UnknownOptionError;
  readonly code?: string;
  /** Words that the message must hold, whatever stands between them. */
  readonly says: readonly (string | RegExp)[];
}

/** The action must fail, at once or as a promise, with just that error. */
export async function expectRefusal(action: () => unknown, { error = ValueError, code, says }: Refusal): Promise<void> {
  const thrown = await thrownBy(action);
  expect(thrown).toBeInstanceOf(error);
  const { message } = thrown as Error;
  for (const words of says) expect(message).toMatch(words);
  if (code !== undefined) expect(thrown).toHaveProperty('code', code);
}

async function thrownBy(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (thrown) {
    return thrown;
  }
  return expect.fail('nothing was refused');
}

/** A value that TypeScript would not let pass, as plain JavaScript hands it over. */
export function unchecked(value: unknown): never {
  return value as never;
}
