import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeOn, gpuBackend } from '../fixtures/gpu.js';
import { runNode, type Ended } from '../fixtures/run-node.js';

const script = fileURLToPath(new URL('endings.mjs', import.meta.url));

for (const adapter of ['llvmpipe', 'SwiftShader'] as const) {
  describeOn(await gpuBackend(adapter), `a script with a GPU (${adapter}) ends as it should`, (backend) => {
    const [{ options }] = backend.modules;
    const name = (options as { adapter: string | null }).adapter ?? 'default';
    // Collections in every thread, not only in the one that asks for them.
    const run = (scenario: string): Promise<Ended> =>
      runNode('--expose-gc', ['--gc-interval=20000', script, name, scenario], 110_000);

    test.concurrent.each([
      ['end of script, disposed', 0, ''],
      ['end of script, not disposed', 0, ''],
      ['end of script, nothing run', 0, ''],
      ['end of script, only calls that answer at once', 0, '1\n'],
      ['process.exit while it trains', 7, ''],
      ['process.exit while it compiles', 7, ''],
      ['process.exit while the device opens', 7, ''],
      ['process.exit when idle', 7, ''],
      ['process.exit while it is disposed', 7, ''],
      ['dispose with work in flight', 0, 'DISPOSED\n'],
      ['two engines, one disposed while the other trains', 0, 'DISPOSED\n'],
      ['20 engines, garbage collected at every turn', 0, '20 cycles\n'],
    ])(
      '%s: exit code %i',
      async (scenario, code, stdout) => {
        const ended = await run(scenario);
        expect({ code: ended.code, stdout: ended.stdout }, ended.stderr).toEqual({ code, stdout });
      },
      120_000,
    );

    test.concurrent.each([
      ['exception while it trains', 'thrown on purpose'],
      ['exception in a callback', 'thrown on purpose'],
      ['abort', 'AbortError'],
    ])('%s: exit code 1, with the error', async (scenario, message) => {
      const ended = await run(scenario);
      expect(ended.code, ended.stderr).toBe(1);
      expect(ended.stderr).toContain(message);
    });
  });
}

describeOn(await gpuBackend('SwiftShader'), 'a script with a replica on each of two adapters ends as it should', () => {
  const run = (scenario: string, strategy: string): Promise<Ended> =>
    runNode('--expose-gc', ['--gc-interval=20000', script, 'llvmpipe,SwiftShader', scenario, strategy], 110_000);

  test.each([
    ['end of script, disposed', 'parameterServer', 0, ''],
    ['end of script, not disposed', 'localSgd', 0, ''],
    ['process.exit while it trains', 'parameterServer', 7, ''],
    ['process.exit while it trains', 'hogwild', 7, ''],
    ['process.exit while replicas open their devices', 'localSgd', 7, ''],
    ['process.exit while it is disposed', 'parameterServer', 7, ''],
    ['dispose with work in flight', 'localSgd', 0, 'DISPOSED\n'],
  ])(
    '%s, under %s: exit code %i',
    async (scenario, strategy, code, stdout) => {
      const ended = await run(scenario, strategy);
      expect({ code: ended.code, stdout: ended.stdout }, ended.stderr).toEqual({ code, stdout });
    },
    120_000,
  );

  test.each([
    ['exception while it trains', 'localSgd', 'thrown on purpose'],
    ['exception in a callback', 'parameterServer', 'thrown on purpose'],
    ['abort', 'hogwild', 'AbortError'],
  ])('%s, under %s: exit code 1, with the error', async (scenario, strategy, message) => {
    const ended = await run(scenario, strategy);
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stderr).toContain(message);
  });
});
