import { type ArrayData, type Engine, type Model, type StreamData } from '@convoy/engine';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectRefusal, unchecked, type Refusal } from '../fixtures/refusal.js';
import { bitsOf, makeImages, PIXELS, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const good = makeImages(16);
const faults: Record<string, Refusal & { readonly batch: unknown }> = {
  'a label out of range': {
    batch: { x: good.x, y: good.y.map((label, i) => (i === 7 ? 9 : label)) },
    code: 'DATA_VALUE',
    says: ["'y', example 7, element 0", 'label 9', '0 … 3'],
  },
  'an input that is NaN': {
    batch: { x: good.x.map((pixel, i) => (i === 3 * PIXELS + 8 ? Number.NaN : pixel)), y: good.y },
    code: 'DATA_VALUE',
    says: ["'x', example 3, element 8", 'NaN'],
  },
  'an empty batch': { batch: { x: new Float32Array(0), y: new Uint8Array(0) }, code: 'DATA_EMPTY', says: ['empty'] },
  'a batch above batchSize': { batch: makeImages(17), code: 'DATA_ROWS', says: ['17 examples', 'batchSize 16'] },
  'fewer labels than images': {
    batch: { x: good.x, y: good.y.subarray(1) },
    code: 'DATA_ROWS',
    says: ["'x' has 16 examples", "'y' has 15"],
  },
  'a broken row': {
    batch: { x: good.x.subarray(1), y: good.y },
    code: 'SHAPE_MISMATCH',
    says: ["'x' has 1023 values", '64'],
  },
  'something that is no batch': { batch: null, code: 'DATA', says: ['{ x, y }'] },
};

function stream(...batches: readonly unknown[]): StreamData {
  return async function* () {
    for (const batch of batches) yield batch as ArrayData;
  };
}

for (const workers of [2, 'inline'] as const) {
  describe(`workers ${workers}`, () => {
    let engine: Engine;
    let model: Model;
    beforeEach(async () => {
      engine = await tinyEngine({ workers });
      model = tinyModel(engine);
    });
    afterEach(() => engine.dispose());

    for (const [name, { batch, ...refusal }] of Object.entries(faults)) {
      const says = (where: string) => ({ ...refusal, says: [where, ...refusal.says] });

      test(`${name} in the first batch ends fit before its first step, naming batch and example`, async () => {
        const bits = bitsOf(model);
        await expectRefusal(() => model.fit(stream(batch, good), { batchSize: 16 }), says('fit, batch 0:'));
        expect(model.training.steps).toBe(0);
        expect(bitsOf(model)).toEqual(bits);
      });

      test(`${name} in a later batch ends fit after whole steps, naming batch and example`, async () => {
        await expectRefusal(() => model.fit(stream(good, good, batch), { batchSize: 16 }), says('fit, batch 2:'));
        expect(model.training.steps).toBeLessThanOrEqual(2);
        await model.fit(stream(good), { batchSize: 16 });
      });

      test(`${name} ends evaluate, naming batch and example`, async () => {
        const bits = bitsOf(model);
        const evaluate = (...batches: unknown[]) => model.evaluate(stream(...batches), { batchSize: 16 });
        await expectRefusal(() => evaluate(batch), says('evaluate, batch 0:'));
        await expectRefusal(() => evaluate(good, good, good, batch), says('evaluate, batch 3:'));
        expect(bitsOf(model)).toEqual(bits);
        await evaluate(good);
      });
    }

    test('a stream without batches is refused', async () => {
      const refusal = { code: 'DATA_EMPTY', says: ['the stream ended before its first batch'] };
      await expectRefusal(() => model.fit(stream()), refusal);
      await expectRefusal(() => model.evaluate(stream()), refusal);
    });

    test('an error out of the stream ends fit with that very error', async () => {
      const failure = new Error('the disk is gone');
      const failing: StreamData = async function* () {
        yield good;
        throw failure;
      };
      await expect(model.fit(failing)).rejects.toBe(failure);
      await expect(model.evaluate(failing)).rejects.toBe(failure);
      await model.fit(stream(good));
    });

    test('a function that starts no stream is refused', () =>
      expectRefusal(() => model.fit(unchecked(() => 5)), { says: ['fit', 'async generator'] }));

    test('the steps of batches that stand before a bad one are done to the bits of a stream without it', async () => {
      const bits: unknown[] = [];
      const onFence = () => void bits.push(bitsOf(model));
      const options = { batchSize: 16, stepsPerFence: 1, callbacks: { onFence } };
      const slow: StreamData = async function* () {
        yield good;
        while (bits.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        yield faults['an input that is NaN'].batch as ArrayData;
      };
      await expectRefusal(() => model.fit(slow, options), { says: ['fit, batch 1:'] });
      expect(model.training.steps).toBe(1);
      expect(bits).toEqual([bitsOf(model)]);
    });
  });
}
