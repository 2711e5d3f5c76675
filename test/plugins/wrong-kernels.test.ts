/** Wrong ways to write a kernel module, to name it, and kernels that fail while they are prepared or run. */
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { js } from '@convoy/backend-js';
import { createEngine, defineBackend, defineOp, definePlugin, RuntimeError } from '@convoy/engine';
import type { Engine, Plugin, SymbolicTensor } from '@convoy/engine';
import { activation, dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { runNode } from '../fixtures/run-node.js';
import { data, modelOf, valuesOf, withEngine } from './small-model.js';

const fixture = (file: string) => new URL(`../fixtures/plugins/${file}`, import.meta.url);
const engineWithKernels = (kernels: URL) =>
  createEngine({ backend: js(), plugins: [definePlugin({ name: 'mine', kernels })] });
const engineOfBackend = (kernels: URL) => createEngine({ backend: defineBackend({ name: 'mine', kernels }) });

describe('a kernel module is refused when the engine is made', () => {
  const wrong: [how: string, file: string, says: string[]][] = [
    ['that does not exist', 'no-such-file.mjs', ['cannot be imported', 'Cannot find module']],
    ['that throws on import', 'throws-on-import.mjs', ['cannot be imported', 'no such device']],
    ['without a default export', 'no-default-export.mjs', ['default-export defineKernels(...)']],
    ['whose default export is no function', 'default-export-no-function.mjs', ['default-export defineKernels(...)']],
    ['that throws when it makes its kernels', 'factory-throws.mjs', ['no such device']],
    ['that makes no table of kernels', 'no-table.mjs', ['kernels by name', 'undefined']],
    ['with a kernel that cannot be bound', 'no-kernel.mjs', ["'shrug'", 'bind']],
  ];

  test.each(wrong)('%s, in a plugin', (_, file, says) =>
    expectRefusal(() => engineWithKernels(fixture(file)), { says: ["plugin 'mine'", fixture(file).href, ...says] }),
  );

  test.each(wrong)('%s, in a backend', (_, file, says) =>
    expectRefusal(() => engineOfBackend(fixture(file)), { says: ["backend 'mine'", fixture(file).href, ...says] }),
  );

  test('that has a kernel of the backend, which only a backend may replace', () =>
    expectRefusal(() => engineWithKernels(fixture('takes-matmul.mjs')), {
      code: 'KERNEL_DUPLICATE',
      says: ["plugin 'mine'", "kernel 'matmul'", "backend 'js'", 'a backend that extends'],
    }));

  test('that has a kernel of another plugin', () => {
    const plugins = ['first', 'second'].map((name) => definePlugin({ name, kernels: fixture('faults.mjs') }));
    return expectRefusal(() => createEngine({ backend: js(), plugins }), {
      code: 'KERNEL_DUPLICATE',
      says: ["plugin 'second'", "kernel 'throwsInStep'", "plugin 'first'"],
    });
  });
});

describe('kernels in the entry script, which every worker would run again, are refused', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'entry script '));
    await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), path.join(folder, 'node_modules'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const refused = async (script: string) => {
    const { code, stderr } = await runNode(script);
    expect(stderr).toMatch(/ValueError: (plugin|backend) 'in-the-script'.* entry script.* module of their own/);
    expect(code).toBe(1);
  };

  test('in a plugin', () => refused(fileURLToPath(fixture('entry-plugin.mjs'))));

  test('in a backend', () => refused(fileURLToPath(fixture('entry-backend.mjs'))));

  test('under a path with a space in it', async () => {
    const script = path.join(folder, 'copy.mjs');
    await copyFile(fixture('entry-plugin.mjs'), script);
    await refused(script);
  });

  test('started through a symbolic link', async () => {
    const link = path.join(folder, 'link.mjs');
    await symlink(fileURLToPath(fixture('entry-plugin.mjs')), link);
    await refused(link);
  });

  test('but a module that only defines values may name itself', async () => {
    const { twice } = (await import(fixture('self-named.mjs').href)) as { twice: ReturnType<typeof odd> };
    const values = await withEngine({}, async (engine) => {
      const model = engine.sequential([activation({ activation: twice, inputShape: [2] })]);
      return (await model.predict(Float32Array.of(1, 2, 3, 4))).dataSync();
    });
    expect([...values]).toEqual([2, 4, 6, 8]);
  });
});

describe('a backend is refused', () => {
  test('when its kernels are no URL', () =>
    expectRefusal(() => defineBackend({ name: 'mine', kernels: unchecked('./kernels.js') }), {
      code: 'BACKEND_KERNELS',
      says: ["backend 'mine'", 'URL', "new URL('./kernels.js', import.meta.url)"],
    }));

  test('when it has no name', () =>
    expectRefusal(() => defineBackend({ name: unchecked(undefined), kernels: fixture('faults.mjs') }), {
      says: ['defineBackend', 'name', 'undefined'],
    }));

  test('when its options are not data, and says which', () => {
    const options = { threshold: 1, onRun: () => 1 };
    return expectRefusal(() => defineBackend({ name: 'mine', kernels: fixture('faults.mjs'), options }), {
      code: 'BACKEND_OPTIONS',
      says: ["backend 'mine'", 'options.onRun', 'plain data'],
    });
  });

  test('when what it extends is no backend', () =>
    expectRefusal(() => defineBackend({ name: 'mine', kernels: fixture('faults.mjs'), extends: unchecked('js') }), {
      says: ["backend 'mine'", 'extends', 'js()'],
    }));

  test('when it is a factory that was not called', () =>
    expectRefusal(() => createEngine({ backend: unchecked(js) }), { code: 'OPTION', says: ['backend', 'wasm()'] }));
});

/** An op whose kernel is in the fixture `faults.mjs`, in a plugin of its own. */
function odd(kernel: string) {
  const op = defineOp<[x: SymbolicTensor], { step?: number }>(kernel, { shape: ([x]) => x, gradient: (dy) => [dy] });
  definePlugin({ name: 'faults', parts: [op], kernels: fixture('faults.mjs') });
  return op;
}

describe.each([
  ['on two threads', 2, /^worker [01], /],
  ['inline', 'inline', /^/],
] as const)('a kernel that fails, %s,', (_, workers, who) => {
  test('in a step, ends the run with the place, and the weights of the last whole step', async () => {
    const op = odd('throwsInStep');
    const trained = (engine: Engine, step: number) => modelOf(engine, { activation: (x) => op(x, { step }) });
    const [failed, whole] = await Promise.all([
      withEngine({ workers }, async (engine) => {
        const model = trained(engine, 3);
        const run = (): PromiseLike<unknown> => model.fit(data, { batchSize: 4, shards: 2, shuffle: false });
        await expectRefusal(run, {
          error: RuntimeError,
          code: 'KERNEL_FAILED',
          says: [who, /call \d+ throwsInStep of layer 'odd'/, /shard [01]/, 'the kernel gave up'],
        });
        expect(model.training.steps).toBe(3);
        return valuesOf(model);
      }),
      withEngine({ workers }, async (engine) => {
        const model = trained(engine, -1);
        const threeSteps = { x: data.x.slice(0, 24), y: data.y.slice(0, 24) };
        await model.fit(threeSteps, { batchSize: 4, shards: 2, shuffle: false });
        return valuesOf(model);
      }),
    ]);
    expect(failed).toEqual(whole);
  });

  test('in a step, leaves the engine usable', () =>
    withEngine({ workers }, async (engine) => {
      const op = odd('throwsInStep');
      const model = modelOf(engine, { activation: (x) => op(x, { step: 1 }) });
      await expect(Promise.resolve(model.fit(data, { batchSize: 4 }))).rejects.toThrow('the kernel gave up');
      expect((await model.predict(data.x)).shape).toEqual([16, 2]);
      const { history } = await modelOf(engine, { activation: 'relu' }).fit(data, { epochs: 2 });
      expect(history.loss[1]).toBeLessThan(history.loss[0]);
    }));

  test.each([
    ['while it is bound', 'throwsInBind', 'the kernel gave up'],
    ['by binding nothing', 'bindsNothing', 'must return a function'],
    ['while it asks for scratch', 'throwsInScratch', 'the kernel gave up'],
  ])('%s, is named with its layer', (__, kernel, says) =>
    withEngine({ workers }, (engine) =>
      expectRefusal(() => modelOf(engine, { activation: odd(kernel) }).fit(data), {
        error: RuntimeError,
        code: 'KERNEL_FAILED',
        says: [new RegExp(`call \\d+ ${kernel} of layer 'odd'`), says],
      }),
    ),
  );
});

test('a kernel that fails when a layer computes at once is named too', () => {
  const op = odd('throwsInBind');
  const plugins = [op.home.plugin as Plugin];
  return withEngine({ plugins }, (engine) =>
    expectRefusal(() => activation({ name: 'odd', activation: op }).apply(engine.tensor([1, 2])), {
      error: RuntimeError,
      code: 'KERNEL_FAILED',
      says: [/call \d+ throwsInBind of layer 'odd'/, 'the kernel gave up'],
    }),
  );
});

test('a plugin whose kernels are not loaded yet is named when its op computes at once', () =>
  withEngine({}, (engine) =>
    expectRefusal(() => odd('throwsInStep')(engine.tensor([1, 2])), {
      error: RuntimeError,
      code: 'PLUGIN_MISSING',
      says: ["plugin 'faults'", 'createEngine({ plugins: [...] })'],
    }),
  ));

test('attributes of an op that are not data are refused when the layer is applied', () =>
  withEngine({}, (engine) => {
    const op = odd('throwsInStep');
    return expectRefusal(() => modelOf(engine, { activation: (x) => op(x, unchecked({ step: () => 3 })) }), {
      says: ["layer 'odd'", 'throwsInStep', 'step', 'plain data', 'function'],
    });
  }));

test('options of a backend may be all that crosses to a thread: 64-bit integers too', () =>
  withEngine(
    {
      backend: defineBackend({
        name: 'mine',
        kernels: fixture('takes-nothing.mjs'),
        extends: js(),
        options: { big: 5n },
      }),
    },
    async (engine) => {
      expect((await modelOf(engine, {}).predict(data.x)).shape).toEqual([16, 2]);
    },
  ));

test('a model with an op of a backend that has no kernel for it is refused with the remedies', () =>
  withEngine({}, (engine) => {
    const op = defineOp<[x: SymbolicTensor]>('unheardOf', { shape: ([x]) => x, gradient: (dy) => [dy] });
    const model = engine.sequential([
      dense({ units: 3, inputShape: [2] }),
      activation({ name: 'odd', activation: op }),
      dense({ units: 2 }),
    ]);
    model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
    return expectRefusal(() => model.fit(data), {
      code: 'NO_KERNEL',
      says: ["op 'unheardOf'", "layer 'odd'", "backend 'js'", "'lower'", "'kernels'"],
    });
  }));
