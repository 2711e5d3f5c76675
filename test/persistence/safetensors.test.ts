import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { adam } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { makeImages, tinyModel } from '../fixtures/tiny.js';
import { emptyFolder, engineWithPlugins } from './saved-model.js';

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

test('the weights file is safetensors: header length, JSON header, then every variable under its name', async () => {
  const folder = await emptyFolder();
  await using engine = await engineWithPlugins();
  const model = tinyModel(engine, { optimizer: adam() });
  await model.fit(makeImages(40));
  await model.save(folder);

  const bytes = await readFile(path.join(folder, 'weights.safetensors'));
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  expect(headerBytes % 8).toBe(0);
  const text = bytes.toString('utf8', 8, 8 + headerBytes);
  expect(text[0]).toBe('{');
  const { __metadata__: metadata, ...entries } = JSON.parse(text) as Record<string, Entry>;
  expect(Object.values(metadata).every((value) => typeof value === 'string')).toBe(true);

  const slots = ['conv2d/kernel:0', 'conv2d/bias:0', 'dense/kernel:0', 'dense/bias:0'].flatMap((name) => [
    `adam/m/${name}`,
    `adam/v/${name}`,
  ]);
  const variables = new Map([...model.weights, ...model.training.variables].map((v) => [v.name, v]));
  expect(Object.keys(entries).toSorted()).toEqual([...variables.keys()].toSorted());
  expect(Object.keys(entries)).toEqual(expect.arrayContaining(['conv2d/kernel:0', 'adam/learning_rate:0', ...slots]));

  const data = bytes.subarray(8 + headerBytes);
  let end = 0;
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    const variable = variables.get(name);
    expect(dtype, name).toBe('F32');
    expect(shape, name).toEqual(variable?.shape);
    expect(offsets[0], `${name} begins where the one before it ends`).toBe(end);
    end = offsets[1];
    const values = Array.from({ length: (end - offsets[0]) / 4 }, (_, i) => data.readFloatLE(offsets[0] + 4 * i));
    expect(Float32Array.from(values), name).toEqual(variable?.dataSync());
  }
  expect(end).toBe(data.length);
});
