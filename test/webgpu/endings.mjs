/** Ways in which a script with a GPU can end: `node endings.mjs ADAPTERS SCENARIO [STRATEGY]`. Prints what the test compares. */
import { setTimeout } from 'node:timers/promises';
import { webgpu } from '@convoy/backend-webgpu';
import { createEngine, exp, hogwild, localSgd, parameterServer } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';

const [, , adapters, scenario, strategyName] = process.argv;
const x = Float32Array.from({ length: 64 * 16 }, (_, i) => Math.sin(i));
const y = Uint8Array.from({ length: 64 }, (_, i) => i % 4);

const strategies = {
  parameterServer: parameterServer({ replicas: 2, staleness: 2 }),
  localSgd: localSgd({ replicas: 2, every: 2 }),
  hogwild: hogwild({ replicas: 2 }),
};
const asGiven = strategyName === undefined ? {} : { strategy: strategies[strategyName] };
const names = adapters.split(',');

const open = () =>
  createEngine({
    backend: webgpu(adapters === 'default' ? {} : { adapter: names.length > 1 ? names : adapters }),
    seed: 1,
  });

function modelOf(engine) {
  const model = engine.sequential([dense({ units: 4, inputShape: [16] })]);
  model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

/** A run that goes on until somebody ends it, once its first step is done. */
async function running(engine, options = {}) {
  const run = modelOf(engine).fit({ x, y }, { epochs: 1e9, batchSize: 16, ...asGiven, ...options });
  run.catch(() => undefined);
  await new Promise((resolve, reject) => {
    (async () => {
      for await (const event of run) if (event.type === 'step') resolve();
    })().catch(reject);
  });
  // Not the run itself: a promise of it would wait for its end.
  return { run };
}

const scenarios = {
  'end of script, disposed': async () => {
    const engine = await open();
    await modelOf(engine).fit({ x, y }, { epochs: 3, batchSize: 16, ...asGiven });
    await engine.dispose();
  },
  'end of script, not disposed': async () => {
    await modelOf(await open()).fit({ x, y }, { epochs: 3, batchSize: 16, ...asGiven });
  },
  'end of script, nothing run': async () => void (await open()),
  'end of script, only calls that answer at once': async () => {
    const engine = await open();
    console.log(exp(engine.tensor([0])).dataSync()[0]);
  },
  'exception while it trains': async () => {
    await running(await open());
    throw new Error('thrown on purpose');
  },
  'exception in a callback': async () => {
    const onFence = () => {
      throw new Error('thrown on purpose');
    };
    await modelOf(await open()).fit({ x, y }, { stepsPerFence: 1, ...asGiven, callbacks: { onFence } });
  },
  abort: async () => {
    const controller = new AbortController();
    const { run } = await running(await open(), { signal: controller.signal });
    controller.abort();
    await run;
  },
  'process.exit while it trains': async () => {
    await running(await open());
    process.exit(7);
  },
  'process.exit while it compiles': async () => {
    const run = modelOf(await open()).fit({ x, y }, { epochs: 1e9, batchSize: 16, ...asGiven });
    run.catch(() => undefined);
    await setTimeout(10);
    process.exit(7);
  },
  'process.exit while replicas open their devices': async () => {
    const run = modelOf(await open()).fit({ x, y }, { epochs: 1e9, batchSize: 16, ...asGiven });
    run.catch(() => undefined);
    await setTimeout(Number(process.env.CONVOY_TEST_MS ?? 200));
    process.exit(7);
  },
  'process.exit while the device opens': async () => {
    open().catch(() => undefined);
    await setTimeout(Number(process.env.CONVOY_TEST_MS ?? 80));
    process.exit(7);
  },
  'process.exit when idle': async () => {
    await modelOf(await open()).fit({ x, y }, { epochs: 3, batchSize: 16, ...asGiven });
    process.exit(7);
  },
  'process.exit while it is disposed': async () => {
    const engine = await open();
    await running(engine);
    engine.dispose().catch(() => undefined);
    process.exit(7);
  },
  'dispose with work in flight': async () => {
    const engine = await open();
    const { run } = await running(engine);
    await engine.dispose();
    const error = await run.then(
      () => null,
      (reason) => reason,
    );
    console.log(error.code);
  },
  'two engines, one disposed while the other trains': async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const { run } = await running(one);
    await modelOf(two).fit({ x, y }, { epochs: 3, batchSize: 16, ...asGiven });
    await two.dispose();
    await setTimeout(50);
    await one.dispose();
    console.log(
      (
        await run.then(
          () => null,
          (reason) => reason,
        )
      ).code,
    );
  },
  '20 engines, garbage collected at every turn': async () => {
    const storm = setInterval(() => globalThis.gc(), 50);
    for (let i = 0; i < 20; i++) {
      const engine = await open();
      if (i % 5 === 0) await modelOf(engine).fit({ x, y }, { batchSize: 16, ...asGiven });
      if (i % 10 === 1) await running(engine);
      await engine.dispose();
    }
    clearInterval(storm);
    console.log('20 cycles');
  },
};

await scenarios[scenario]();
