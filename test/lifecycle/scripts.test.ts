import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runNode, type Ended } from '../fixtures/run-node.js';

/** A script that hangs is killed, and has no exit code then. */
const run = (scenario: string): Promise<Ended> =>
  runNode(fileURLToPath(new URL('scenarios.mjs', import.meta.url)), [scenario]);

interface Held {
  readonly threads: number;
  readonly handles: number;
}

describe('a script that disposes of its engine ends by itself, with no thread and no handle left', () => {
  async function expectEnd(scenario: string, code: number, stderr: RegExp): Promise<void> {
    const ended = await run(scenario);
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(stderr) as string });
    const { before, during, after } = JSON.parse(ended.stdout) as { before: Held; during: Held; after: Held };
    expect(during.threads).toBeGreaterThan(0);
    expect(after).toEqual(before);
  }

  test('after success', () => expectEnd('success', 0, /^$/));
  test('after a kernel failed', () => expectEnd('failing kernel', 1, /this kernel fails on purpose/));
  test('after an abort in mid-epoch', () => expectEnd('abort', 1, /AbortError/));
  test('after leaving the loop over its events', () => expectEnd('break', 0, /^$/));
  test('after a callback failed', () => expectEnd('failing callback', 1, /the callback fails on purpose/));
  test('after a worker died in mid-step', () => expectEnd('dying worker', 0, /^$/));
  test('after workers died again and again', () =>
    expectEnd('workers that always die', 1, /RuntimeError.*WORKER_DIED/s));
});

describe('a script that does not dispose of its engine', () => {
  test('ends once its training has succeeded: idle threads do not hold it', async () => {
    expect(await run('undisposed success')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('ends after an abort, with the error', async () => {
    expect(await run('undisposed abort')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('AbortError') as string,
    });
  });

  test('ends after leaving the loop over its events', async () => {
    expect(await run('undisposed break')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('ends after a failure, with the error', async () => {
    const ended = await run('undisposed failure');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('ValueError') as string });
  });

  test('can call process.exit while it trains', async () => {
    expect(await run('process.exit while training')).toMatchObject({ code: 7, stderr: '' });
  });
});

// Exit code 13 is Node's for a script whose event loop ran dry before its work was done: a hang in disguise.
describe('what could wait for ever does not', () => {
  test('an abort ends fit while its stream stalls', async () => {
    const ended = await run('abort while the stream stalls');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('AbortError') as string });
  });

  test('dispose ends an evaluation whose stream stalls', async () => {
    const ended = await run('dispose while an evaluation stalls');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('DISPOSED') as string });
  });

  test('awaiting dispose in a callback of fit comes to an end', async () => {
    expect([0, 1]).toContain((await run('dispose in a callback')).code);
  });

  test('awaiting another fit in a callback of fit comes to an end', async () => {
    expect([0, 1]).toContain((await run('fit in a callback')).code);
  });
});

test('calls after dispose are refused, start no thread and leave no rejection behind', async () => {
  const ended = await run('calls after dispose');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ended.stdout)).toMatchObject({
    refusals: ['DISPOSED', 'DISPOSED', 'DISPOSED', 'DISPOSED'],
    after: { threads: 0 },
  });
});
