import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConvoyError } from '@convoy/engine';
import { adam } from '@convoy/optimizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal, type Refusal } from '../fixtures/refusal.js';
import { tinyModel } from '../fixtures/tiny.js';
import { emptyFolder, engineWithPlugins, plugins } from './saved-model.js';

let weights: Buffer;
let topology: string;
beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'convoy-'));
  await using engine = await engineWithPlugins();
  await tinyModel(engine, { optimizer: adam() }).save(folder);
  weights = await readFile(path.join(folder, 'weights.safetensors'));
  topology = await readFile(path.join(folder, 'model.json'), 'utf8');
  await rm(folder, { recursive: true });
});

/** What loading these files is refused with. */
async function expectDamage(files: { weights?: Uint8Array; json?: string }, refusal: Refusal): Promise<void> {
  const folder = await emptyFolder();
  await writeFile(path.join(folder, 'weights.safetensors'), files.weights ?? weights);
  await writeFile(path.join(folder, 'model.json'), files.json ?? topology);
  await using engine = await engineWithPlugins();
  await expectRefusal(() => engine.load(folder), refusal);
}

/** The weights file with a header of one's own. */
function withHeader(change: (header: Record<string, object>) => unknown): Buffer {
  const start = 8 + Number(weights.readBigUInt64LE(0));
  const header = JSON.parse(weights.toString('utf8', 8, start)) as Record<string, object>;
  const text = Buffer.from(JSON.stringify(change(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, weights.subarray(start)]);
}

describe('a damaged weights file is refused by name:', () => {
  test('cut short anywhere', async () => {
    for (const length of [0, 1, 7, 8, 9, 100, weights.length >> 1, weights.length - 1]) {
      await expectDamage(
        { weights: weights.subarray(0, length) },
        { code: 'FILE', says: ['weights.safetensors', /cut short/] },
      );
    }
  });

  const headers: Record<string, (header: Record<string, object>) => unknown> = {
    'no object': () => null,
    'a list': () => [],
    'an entry that is none': (header) => ({ ...header, 'dense/bias:0': 5 }),
    'an entry that is null': (header) => ({ ...header, 'dense/bias:0': null }),
    'an entry without its fields': (header) => ({ ...header, 'dense/bias:0': {} }),
    'a shape that is none': (header) => ({ ...header, 'dense/bias:0': { ...header['dense/bias:0'], shape: 'x' } }),
    'a negative offset': (header) => ({
      ...header,
      'dense/bias:0': { ...header['dense/bias:0'], data_offsets: [-16, 0] },
    }),
    'an offset past the end': (header) => ({
      ...header,
      'dense/bias:0': { ...header['dense/bias:0'], data_offsets: [1e12, 1e12 + 16] },
    }),
    'another type': (header) => ({ ...header, 'dense/bias:0': { ...header['dense/bias:0'], dtype: 'F16' } }),
  };
  for (const [name, change] of Object.entries(headers)) {
    test(`a header with ${name}`, () =>
      expectDamage({ weights: withHeader(change) }, { says: ['weights.safetensors'] }));
  }

  test('a header that is no JSON', async () => {
    const broken = Buffer.from(weights);
    broken.write('#', 8);
    await expectDamage({ weights: broken }, { code: 'FILE', says: ['weights.safetensors', 'not JSON', 'damaged'] });
  });

  test('a variable of another shape', () =>
    expectDamage(
      {
        weights: withHeader((header) => ({ ...header, 'dense/bias:0': { ...header['dense/bias:0'], shape: [2, 2] } })),
      },
      { code: 'WEIGHTS', says: ['weights.safetensors', "variable 'dense/bias:0' [4]", '[2, 2]'] },
    ));

  test('a variable that is missing', () =>
    expectDamage(
      { weights: withHeader(({ 'dense/bias:0': _, ...header }) => header) },
      { code: 'WEIGHTS', says: ['weights.safetensors', "variable 'dense/bias:0' [4] is missing"] },
    ));
});

describe('a damaged model file is refused by name:', () => {
  test('cut short anywhere', async () => {
    for (const length of [0, 1, topology.length >> 1, topology.length - 3]) {
      await expectDamage(
        { json: topology.slice(0, length) },
        { code: 'FILE', says: ['model.json', 'not JSON', 'damaged'] },
      );
    }
  });

  test('of another format or version', async () => {
    for (const json of ['null', '5', '[]', '{}', topology.replace('convoy-model', 'another-model')]) {
      await expectDamage({ json }, { code: 'FILE', says: ['model.json', 'not a model that this version can read'] });
    }
    await expectDamage(
      { json: topology.replace('"version": 1', '"version": 2') },
      { code: 'FILE', says: ['model.json', /version 2/] },
    );
  });

  const changes: Record<string, [from: string | RegExp, to: string]> = {
    'no topology': ['"topology"', '"topologie"'],
    'no layers': ['"layers"', '"layer"'],
    'no nodes': ['"nodes"', '"node"'],
    'a node of a layer that is not there': ['"layer": 0', '"layer": 77'],
    'an output that is not there': [/"outputs": \[\s*\d+/, '"outputs": [99'],
    'no training': ['"training"', '"trainings"'],
    'no losses': ['"losses"', '"loss"'],
    'a part of another kind': [/"kind": "layer"/, '"kind": "op"'],
    'a list of weights that is none': [/"weights": \[[^\]]*\]/, '"weights": 5'],
  };
  for (const [name, [from, to]] of Object.entries(changes)) {
    test(`with ${name}`, async () => {
      const json = topology.replace(from, to);
      expect(json).not.toBe(topology);
      await expectDamage({ json }, { error: ConvoyError, says: ['model.json'] });
    });
  }

  test('with an option that its layer refuses', () =>
    expectDamage(
      { json: topology.replace('"units": 4', '"units": -4') },
      { says: ['model.json', /units must be a positive integer.*-4/] },
    ));

  test('with another architecture than its weights', () =>
    expectDamage(
      { json: topology.replace('"filters": 4', '"filters": 5') },
      { code: 'WEIGHTS', says: ["variable 'conv2d/kernel:0' [3, 3, 1, 5]", 'stored with shape [3, 3, 1, 4]'] },
    ));
});

test('a folder that is not there is refused by name', async () => {
  await using engine = await engineWithPlugins();
  await expect(engine.load(path.join(await emptyFolder(), 'nowhere'))).rejects.toThrow('nowhere');
});

test('a plugin that the engine lacks is named, with the remedy; given to load, it serves', async () => {
  const folder = await emptyFolder();
  await writeFile(path.join(folder, 'weights.safetensors'), weights);
  await writeFile(path.join(folder, 'model.json'), topology);
  await using engine = await engineWithPlugins({ plugins: [] });
  await expectRefusal(() => engine.load(folder), {
    code: 'PLUGIN_MISSING',
    says: ["plugin 'conv2d'", 'createEngine({ plugins })', 'the plugins of this call'],
  });
  const loaded = await engine.load(folder, { plugins });
  expect(loaded.weights.length).toBe(4);
});
