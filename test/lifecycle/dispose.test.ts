import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RuntimeError, type Engine, type Model } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { expectRefusal } from '../fixtures/refusal.js';
import { bitsOf, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(6400);
const workers = ['inline', 2] as const;

describe('dispose, called while the engine works', () => {
  /** How a call ends when the engine is disposed of once it is under way. */
  async function outcome(count: number | 'inline', call: (model: Model) => PromiseLike<unknown>) {
    const engine = await tinyEngine({ workers: count });
    const model = tinyModel(engine);
    await model.predict(images.x.subarray(0, 64));
    const end = call(model).then(
      () => 'done',
      (error: unknown) => error,
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    await engine.dispose();
    return { end: await end, model };
  }

  const disposed = expect.objectContaining({ code: 'DISPOSED' }) as unknown;

  for (const count of workers) {
    test(`ends fit after its running step: workers ${count}`, async () => {
      const { end, model } = await outcome(count, (m) => m.fit(images, { epochs: 1000 }));
      expect(end).toBeInstanceOf(RuntimeError);
      expect(end).toEqual(disposed);
      expect(model.training.steps).toBeLessThan(200_000);
    });

    test(`ends a fit that waits for another: workers ${count}`, async () => {
      const { end } = await outcome(count, (m) => {
        m.fit(images, { epochs: 1000 }).catch(() => undefined);
        return m.fit(images, { epochs: 1000 });
      });
      expect(end).toEqual(disposed);
    });

    test(`lets evaluate and predict finish or refuses them: workers ${count}`, async () => {
      for (const call of [(m: Model) => m.evaluate(images), (m: Model) => m.predict(images.x)]) {
        const { end } = await outcome(count, call);
        if (end !== 'done') expect(end).toEqual(disposed);
      }
    });
  }

  test('twice at once, ends once', async () => {
    const engine = await tinyEngine();
    const run = tinyModel(engine).fit(images, { epochs: 1000 });
    const end = run.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    await Promise.all([engine.dispose(), engine.dispose()]);
    await engine.dispose();
    expect(await end).toEqual(disposed);
  });
});

describe('after dispose', () => {
  const calls: Record<string, (engine: Engine, model: Model, folder: string) => unknown> = {
    fit: (_engine, model) => model.fit(images),
    evaluate: (_engine, model) => model.evaluate(images),
    predict: (_engine, model) => model.predict(images.x),
    predictAll: (_engine, model) => model.predictAll(images.x),
    save: (_engine, model, folder) => model.save(folder),
    load: (engine, _model, folder) => engine.load(folder),
    input: (engine) => engine.input({ shape: [1] }),
    sequential: (engine) => engine.sequential([dense({ units: 1, inputShape: [1] })]),
    compile: (_engine, model) => model.compile({ optimizer: sgd(), loss: 'meanSquaredError' }),
    'an op': (engine) => engine.bind(dense({ units: 1 })).apply(engine.tensor([1, 2], [1, 2])),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(`${name} is refused`, async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'convoy-'));
      const engine = await tinyEngine({ workers: 'inline' });
      const model = tinyModel(engine);
      await engine.dispose();
      await expectRefusal(() => call(engine, model, folder), {
        error: RuntimeError,
        code: 'DISPOSED',
        says: ['the engine was disposed'],
      });
      await rm(folder, { recursive: true });
    });
  }

  test('weights can still be read', async () => {
    const engine = await tinyEngine();
    const model = tinyModel(engine);
    await model.fit(makeImages(64));
    const bits = bitsOf(model);
    await engine.dispose();
    expect(bitsOf(model)).toEqual(bits);
  });
});
