import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import { createEngine, initializers, type Engine } from '@convoy/engine';
import { threefry2x32 } from '@convoy/engine/kernels';
import { dense, flatten } from '@convoy/layers';
import { describe, expect, test } from 'vitest';

function block(key: readonly [number, number], counter: readonly [number, number]): string[] {
  const out = new Uint32Array(2);
  threefry2x32(key[0], key[1], counter[0], counter[1], out);
  return [...out].map((word) => word.toString(16).padStart(8, '0'));
}

describe('threefry2x32 gives the known answers of Random123 for 20 rounds', () => {
  test('key 0 and counter 0', () => {
    expect(block([0, 0], [0, 0])).toEqual(['6b200159', '99ba4efe']);
  });

  test('all bits set, as unsigned words and as −1', () => {
    const ones = 0xffffffff;
    expect(block([ones, ones], [ones, ones])).toEqual(['1cb996fc', 'bb002be7']);
    expect(block([-1, -1], [-1, -1])).toEqual(['1cb996fc', 'bb002be7']);
  });

  test('the digits of π', () => {
    expect(block([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual(['c4923a9c', '483df7a0']);
  });
});

async function withEngine<T>(seed: number, use: (engine: Engine) => T): Promise<T> {
  await using engine = await createEngine({ backend: js(), workers: 'inline', seed });
  return use(engine);
}

/** Values of a variable NAME/VARIABLE:0. */
function valuesOf(engine: Engine, name: string, variable = 'kernel', shape: readonly number[] = [4, 6]): number[] {
  const initializer = initializers.randomUniform({ minval: 0, maxval: 1 });
  return [...engine.bind(flatten({ name })).addVariable(variable, shape, { initializer }).dataSync()];
}

describe('initial values', () => {
  test('are the same in every engine of one seed, and others under another name', async () => {
    const first = await withEngine(5, (engine) => valuesOf(engine, 'a/kernel:0'));
    expect(await withEngine(5, (engine) => valuesOf(engine, 'a/kernel:0'))).toEqual(first);
    for (const name of ['b/kernel:0', 'a/bias:0', 'a/kernel:1', 'a']) {
      const other = await withEngine(5, (engine) => valuesOf(engine, name));
      expect(
        other.filter((x, i) => x === first[i]),
        name,
      ).toEqual([]);
    }
  });

  test('differ between seeds, also between large and negative ones', async () => {
    const seeds = [0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, -(2 ** 32), Number.MAX_SAFE_INTEGER];
    const draws = await Promise.all(seeds.map((seed) => withEngine(seed, (engine) => valuesOf(engine, 'a')[0])));
    expect(new Set(draws).size).toBe(seeds.length);
  });

  test('do not depend on the order in which layers are made, given their names', async () => {
    const make = (engine: Engine, order: readonly number[]): Record<string, number[]> => {
      const layers = [
        conv2d({ name: 'first', filters: 2, kernelSize: 3, kernelInitializer: initializers.heNormal() }),
        conv2d({ name: 'second', filters: 2, kernelSize: 3, kernelInitializer: initializers.heNormal() }),
      ];
      for (const i of order) layers[i].apply(engine.input({ shape: [4, 4, 1] }));
      return Object.fromEntries(layers.flatMap((l) => l.weights.map((v) => [v.name, [...v.dataSync()]])));
    };
    const forward = await withEngine(5, (engine) => make(engine, [0, 1]));
    const backward = await withEngine(5, (engine) => make(engine, [1, 0]));
    expect(backward).toEqual(forward);
    expect(forward['first/kernel:0']).not.toEqual(forward['second/kernel:0']);
  });

  test('do not depend on what was computed or drawn before', async () => {
    const undisturbed = await withEngine(5, (engine) => valuesOf(engine, 'late'));
    const disturbed = await withEngine(5, (engine) => {
      dense({ units: 3 }).apply(engine.tensor([1, 2, 3], [1, 3]));
      valuesOf(engine, 'early', 'kernel', [100]);
      return valuesOf(engine, 'late');
    });
    expect(disturbed).toEqual(undisturbed);
  });
});
