import { existsSync } from 'node:fs';
import {
  defineCodec,
  defineStrategy,
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  quantized,
  RuntimeError,
  simulate,
  simulated,
  synchronous,
  topK,
  UnknownOptionError,
  ValueError,
  type Engine,
  type Model,
  type ReplicaStrategy,
} from '@convoy/engine';
import { conv2d } from '@convoy/conv2d';
import { dense, flatten } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { makeImages, tinyEngine, tinyModel, CLASSES, PIXELS } from '../fixtures/tiny.js';

const images = makeImages(20);
const moduleAt = (name: string) => new URL(`../fixtures/strategies/${name}.mjs`, import.meta.url);

let engine: Engine;
let model: Model;
beforeAll(async () => {
  engine = await tinyEngine({ workers: 'inline' });
  model = tinyModel(engine);
});
afterAll(() => engine.dispose());

describe('an option of a strategy that cannot be is refused where it is given, with what may be', () => {
  const positive = 'replicas must be a positive integer';
  const mistakes: Record<string, [() => unknown, ...(string | RegExp)[]]> = {
    'parameterServer({ replicas: 0 })': [() => parameterServer({ replicas: 0 }), positive, 'got the number 0'],
    'localSgd({ replicas: 1.5 })': [() => localSgd({ replicas: 1.5 }), positive],
    "elasticAveraging({ replicas: '2' })": [() => elasticAveraging({ replicas: unchecked('2') }), positive, "'2'"],
    'hogwild({ replicas: NaN })': [() => hogwild({ replicas: Number.NaN }), positive],
    'staleness: -1': [
      () => parameterServer({ staleness: -1 }),
      "strategy 'parameterServer'",
      'staleness must be an integer >= 0 or Infinity, got the number -1',
    ],
    'staleness: 1.5': [() => parameterServer({ staleness: 1.5 }), 'integer >= 0 or Infinity, got the number 1.5'],
    'staleness: NaN': [() => parameterServer({ staleness: Number.NaN }), 'integer >= 0 or Infinity'],
    'localSgd({ every: 0 })': [() => localSgd({ every: 0 }), 'every must be a positive integer, got the number 0'],
    'elasticAveraging({ every: 0 })': [() => elasticAveraging({ every: 0 }), 'every must be a positive integer'],
    'rho: 1': [() => elasticAveraging({ rho: 1 }), 'rho must be a number in (0, 1), got the number 1'],
    'rho: 0': [() => elasticAveraging({ rho: 0 }), 'rho must be a number in (0, 1), got the number 0'],
    'topK({ fraction: 0 })': [() => topK({ fraction: 0 }), 'fraction must be a number in (0, 1], got the number 0'],
    'topK({ fraction: 2 })': [() => topK({ fraction: 2 }), 'fraction must be'],
    "synchronous({ claim: 'fair' })": [
      () => synchronous({ claim: unchecked('fair') }),
      "claim must be 'dynamic' or 'static', got the string 'fair'",
    ],
    'an option misspelt': [
      () => parameterServer(unchecked({ stalenes: 2 })),
      "unknown option 'stalenes'",
      "'staleness'",
      'Known options: replicas, staleness',
    ],
    'an option of another strategy': [
      () => hogwild(unchecked({ every: 2 })),
      "hogwild: unknown option 'every'",
      'Known options: replicas',
    ],
    'an option of quantized': [() => quantized(unchecked({ bits: 4 })), "unknown option 'bits'", 'takes no options'],
    'no object of options': [() => localSgd(unchecked(8)), 'options must be an object, got the number 8'],
    'a codec that is none': [
      () => parameterServer({ codec: unchecked('topK') }),
      /codec must be made by .*got the string 'topK'/,
    ],
    'a codec factory': [() => parameterServer({ codec: unchecked(topK) }), 'codec must be made by'],
    'an outer optimizer that is none': [
      () => localSgd({ outer: unchecked('sgd') }),
      /outer must be an optimizer.*got the string 'sgd'/,
    ],
    'a flag that is none': [
      () => parameterServer({ record: unchecked('yes') }),
      /record must be .*got the string 'yes'/,
    ],
    'another flag that is none': [() => parameterServer({ stalenessAware: unchecked(1) }), 'stalenessAware must be'],
  };
  for (const [name, [mistake, ...says]] of Object.entries(mistakes)) {
    const error = says.join().includes('unknown option') ? UnknownOptionError : ValueError;
    test(name, () => expectRefusal(mistake, { error, says }));
  }
});

describe('fit refuses, before anything starts,', () => {
  const made = /strategy must be made by synchronous\(\), hogwild\(\), parameterServer\(\)/;
  const mistakes: Record<string, [object, ...(string | RegExp)[]]> = {
    'a name for a strategy': [{ strategy: 'hogwild' }, made, "got the string 'hogwild'"],
    'an empty object': [{ strategy: {} }, made],
    null: [{ strategy: null }, made, 'got null'],
    'a factory that was not called': [{ strategy: hogwild }, made],
    'an object that only looks like one': [{ strategy: { kind: 'replicas', parties: 'here' } }, made],
    'shards with a strategy': [{ strategy: localSgd(), shards: 2 }, "strategy 'localSgd' has none; leave shards out"],
    'a batch size of 0': [{ strategy: localSgd(), batchSize: 0 }, 'batchSize must be a positive integer'],
  };
  for (const [name, [options, ...says]] of Object.entries(mistakes)) {
    test(name, () => expectRefusal(() => model.fit(images, unchecked(options)), { code: 'OPTION', says }));
  }

  test('a stream, whose batches come in one order', async () => {
    async function* batches() {
      yield { x: images.x, y: images.y };
    }
    await expectRefusal(
      () =>
        model.fit(
          unchecked(() => batches()),
          { strategy: hogwild() },
        ),
      {
        code: 'STRATEGY_DATA',
        says: ["strategy 'hogwild' needs arrays", 'got a stream', 'leave strategy out'],
      },
    );
  });

  test('a strategy that needs 4 GiB and more, with the table of sizes', async () => {
    const wide = engine.sequential([
      flatten({ inputShape: [PIXELS] }),
      dense({ units: 400_000 }),
      dense({ units: CLASSES }),
    ]);
    wide.compile({ optimizer: sgd({ momentum: 0.9 }), loss: 'sparseCategoricalCrossentropy' });
    await expectRefusal(() => wide.fit(images, { strategy: parameterServer({ replicas: 64 }) }), {
      code: 'MEMORY',
      says: [/GiB/, /gradients of 1 shards/, /activations/],
    });
    // Nothing of it is kept.
    const { report } = await model.fit(images, { strategy: parameterServer({ replicas: 1 }) });
    expect(report?.updates.applied).toBe(1);
  });
});

describe('a module of a strategy that cannot be used is refused, naming it:', () => {
  const own = (parties: URL, options: object = {}): ReplicaStrategy =>
    defineStrategy('mine', () => ({ parties, options, replicas: 1, trains: 'gradients' }))();
  const fit = (strategy: ReplicaStrategy) => () => model.fit(images, { strategy });

  for (const name of ['no-default-export', 'half-a-strategy']) {
    test(name, async () => {
      expect(existsSync(moduleAt(name))).toBe(true);
      const says = [`${name}.mjs must default-export defineParties({ owner, replica }), got`];
      await expectRefusal(() => simulate(own(moduleAt(name)), { batches: 1, computeMs: 1 }), {
        code: 'STRATEGY',
        says,
      });
      await expectRefusal(fit(own(moduleAt(name))), { error: Error, code: 'STRATEGY', says });
      await expectRefusal(fit(simulated(own(moduleAt(name)), { computeMs: 1 })), { code: 'STRATEGY', says });
    });
  }

  test('one that throws on import', async () => {
    await expectRefusal(fit(own(moduleAt('broken-strategy'))), { error: Error, says: ['no such strategy'] });
  });

  test('one that applies gradients of several batches at once', async () => {
    await expectRefusal(() => model.fit(images, { batchSize: 10, strategy: own(moduleAt('applies-two')) }), {
      error: RuntimeError,
      code: 'STRATEGY',
      says: ['owner of the parameters', 'store.apply: got 2 gradients', 'oneBatch'],
    });
  });

  test('one that is not there', async () => {
    await expectRefusal(fit(own(moduleAt('nowhere'))), { error: Error, says: ['nowhere.mjs'] });
  });

  test('one whose options hold a function, which no thread could be told', async () => {
    const parties = parameterServer().parties;
    await expectRefusal(() => own(parties, { staleness: 1, of: () => 1 }), {
      says: ["strategy 'mine'", 'plain data'],
    });
  });

  test('one without a URL', async () => {
    await expectRefusal(() => own(unchecked('./parties.js')), { says: ["strategy 'mine'", 'parties must be a URL'] });
  });

  test('a codec without a coder', async () => {
    const broken = defineCodec('broken', () => ({ coder: moduleAt('no-default-export') }));
    await expectRefusal(fit(parameterServer({ replicas: 1, codec: broken() })), {
      error: Error,
      code: 'CODEC',
      says: ['no-default-export.mjs must default-export defineCoder'],
    });
  });
});

describe('a world that cannot be is refused:', () => {
  const mistakes: Record<string, [object, ...(string | RegExp)[]]> = {
    'without computeMs': [{}, 'computeMs must be'],
    'negative latency': [{ computeMs: 1, latencyMs: -1 }, 'latencyMs must be a number >= 0'],
    'no bandwidth': [{ computeMs: 1, megabytesPerSecond: 0 }, 'megabytesPerSecond must be a number above 0'],
    misspelt: [{ computeMs: 1, latency: 1 }, "unknown option 'latency'"],
  };
  for (const [name, [world, ...says]] of Object.entries(mistakes)) {
    const error = says.join().includes('unknown option') ? UnknownOptionError : ValueError;
    test(name, async () => {
      await expectRefusal(() => simulated(hogwild(), unchecked(world)), { error, says: ['simulated: ', ...says] });
      await expectRefusal(() => simulate(hogwild(), unchecked({ ...world, batches: 1 })), {
        error,
        says: ['simulate: ', ...says],
      });
    });
  }
});

describe('what looks like a mistake and is none:', () => {
  const all: Record<string, ReplicaStrategy> = {
    'a parameter server': parameterServer({ replicas: 4 }),
    'one without staleness': parameterServer({ replicas: 4, staleness: 0 }),
    'local SGD': localSgd({ replicas: 4 }),
    'elastic averaging': elasticAveraging({ replicas: 4 }),
    hogwild: hogwild({ replicas: 4 }),
  };
  for (const [name, strategy] of Object.entries(all)) {
    test(`more replicas than batches, and a batch larger than the data: ${name}`, async () => {
      const onThreads = ['a parameter server', 'local SGD'].includes(name);
      const few = await model.fit(images, {
        batchSize: 10,
        epochs: 2,
        strategy: onThreads ? strategy : simulated(strategy, { computeMs: 1 }),
      });
      expect(few.report?.replicas.reduce((sum, { batches }) => sum + batches, 0)).toBe(4);
      const { report, history } = await model.fit(images, {
        batchSize: 500,
        strategy: simulated(strategy, { computeMs: 1 }),
      });
      expect(report?.replicas.map(({ batches }) => batches).toSorted()).toEqual([0, 0, 0, 1]);
      expect(Number.isFinite(history.loss[0])).toBe(true);
    });
  }

  test('replicas left out: as many as the engine has workers', async () => {
    await using two = await tinyEngine({ workers: 2 });
    const made = two.sequential([
      conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 1] }),
      flatten(),
      dense({ units: 4 }),
    ]);
    made.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy' });
    const { report } = await made.fit(images, { batchSize: 2, strategy: parameterServer() });
    expect(report?.replicas.length).toBe(2);
  });
});
