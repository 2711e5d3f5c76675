/** JSON has no infinities, no NaN and no −0; programs and options of layers do. */
import { defineLayer, defineOp, Layer, type LayerOptions, type SymbolicTensor } from '@convoy/engine';
import type { Kernel } from '@convoy/engine/kernels';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromJson, keyOf, toJson } from '../../packages/engine/dist/define/plugin/json-data.js';
import { compileProgram, type KernelSet } from '../../packages/engine/dist/graph/compile-program.js';
import { printProgram } from '../../packages/engine/dist/graph/print-program.js';
import { Arena } from '../../packages/engine/dist/memory/arena.js';
import { withoutSubnormals } from '../../packages/engine/dist/train/without-subnormals.js';
import { evaluationOf } from '../../packages/engine/dist/testing/evaluate.js';
import { compute, field, kernels } from './programs.js';

const number = fc.oneof(fc.double(), fc.constantFrom(Infinity, -Infinity, NaN, -0, 0));
const data = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, number, fc.string(), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 4 }),
  // Objects as they are written in a program, without the one key that JSON data has for these numbers.
  object: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie('any'), { maxKeys: 3, noNullPrototype: true }),
})).any;

const SPECIAL = [Infinity, -Infinity, NaN, -0];

test('any data comes back from its JSON', () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(fromJson(JSON.parse(JSON.stringify(toJson(value))))).toStrictEqual(value);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('keys are equal only for equal data', () => {
  const values = [...SPECIAL, 0, null, 'Infinity', 'NaN', '-0', '0', 'null', [NaN], [null], { x: -0 }, { x: 0 }, {}];
  expect(new Set(values.map(keyOf)).size).toBe(values.length);
  expect(keyOf({ x: [NaN, -0] })).toBe(keyOf({ x: [NaN, -0] }));
});

test('options that are undefined are as good as absent', () => {
  expect(toJson({ x: 1, y: undefined })).toStrictEqual({ x: 1 });
  expect(keyOf({ x: 1, y: undefined })).toBe(keyOf({ x: 1 }));
});

describe('a kernel of an op with such attributes', () => {
  const attributes = { limits: SPECIAL, named: 'NaN' };
  const spy = defineOp<[x: SymbolicTensor], typeof attributes>('spy', { shape: ([x]) => x });
  const seen: object[] = [];
  const kernel: Kernel = {
    scratch: ({ attributes: given }) => seen.push(given),
    bind({ attributes: given, inputs: [x], outputs: [y] }) {
      seen.push(given);
      return () => y.data.set(x.data);
    },
  };
  const withSpy: KernelSet = {
    backend: 'spying',
    has: (name) => name === 'spy' || kernels.has(name),
    kernel: (name) => (name === 'spy' ? kernel : kernels.kernel(name)),
  };
  const output = spy(field('x', [2]), attributes);

  test('sees the numbers themselves, when asked for scratch and when bound', () => {
    const bench = { arena: new Arena(), kernels: withSpy, doubles: null } as const;
    const evaluate = evaluationOf(bench, [output], { examples: 1, shardSize: 1 });
    expect([...evaluate(new Map([['x', Float32Array.of(3, 4)]]))[0]]).toEqual([3, 4]);
    expect(seen.length).toBeGreaterThan(1);
    for (const given of seen) expect(given).toStrictEqual(attributes);
  });

  test('is in a program that is JSON, and prints as people write them', () => {
    const source = { name: 'test', batchSize: 1, shardSize: 1, shards: 1, outputs: [{ name: 'y', node: output }] };
    const program = compileProgram(source, withSpy);
    expect(JSON.parse(JSON.stringify(program))).toStrictEqual(program);
    expect(printProgram(program)).toContain('{"limits":[Infinity,-Infinity,NaN,-0],"named":"NaN"}');
  });
});

test('a layer is made again with such options, through JSON', () => {
  class Clip extends Layer<LayerOptions & { limits: readonly number[] }> {
    call(x: SymbolicTensor): SymbolicTensor {
      return x;
    }
  }
  const clip = defineLayer('clip', Clip, ['limits']);
  const config = clip({ limits: SPECIAL }).getConfig();
  const again = clip.fromConfig(JSON.parse(JSON.stringify(config)) as typeof config);
  expect(again.options.limits).toStrictEqual(SPECIAL);
});

test('subnormal numbers become 0, all others keep their bits', () => {
  const [normal, subnormal] = [2 ** -126, Math.fround(2 ** -126 - 2 ** -149)];
  const given = [normal, -normal, subnormal, -subnormal, 2 ** -149, 0, -0, 1, -3e38, Infinity, -Infinity, NaN];
  const values = new Map([['x', Float32Array.from(given)]]);
  const batch = { examples: given.length, shardSize: 5 };
  const [kept] = compute([withoutSubnormals(field('x', []))], values, batch);
  expect([...kept].map(Math.abs)).toEqual([
    normal,
    normal,
    0,
    0,
    0,
    0,
    0,
    1,
    ...[-3e38, Infinity, Infinity, NaN].map((x) => Math.abs(Math.fround(x))),
  ]);
  expect([...kept].map((x) => x < 0)).toEqual(given.map((x) => x <= -normal));
});
