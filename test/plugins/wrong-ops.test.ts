/** Wrong ways to write an op; each stands in the layer 'odd' of a model that trains. */
import { add, defineOp, definePlugin, max, min, mul, neg, reduceSum, tanh, UnknownOptionError } from '@convoy/engine';
import type { OpRules, SymbolicTensor } from '@convoy/engine';
import { describe, expect, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';
import { modelOf, train, withEngine } from './small-model.js';

type Unary = [x: SymbolicTensor];
const right: OpRules<Unary> = { shape: ([x]) => x, lower: ([x]) => neg(x) };
const makeOp = (rules: Partial<OpRules<Unary>>) => defineOp<Unary>('fold', { ...right, ...rules });

describe('defineOp refuses', () => {
  test('an op without a name', () => expectRefusal(() => defineOp<Unary>('', right), { says: ['defineOp', 'name'] }));

  test('an op without a shape rule', () =>
    expectRefusal(() => defineOp<Unary>('fold', unchecked({ lower: ([x]: Unary) => neg(x) })), {
      says: ["op 'fold'", 'shape'],
    }));

  test('an op without rules', () =>
    expectRefusal(() => defineOp<Unary>('fold', unchecked(undefined)), { says: ["op 'fold'", 'undefined'] }));

  test('a rule that there is not', () =>
    expectRefusal(() => makeOp(unchecked({ gradients: () => [] })), {
      error: UnknownOptionError,
      code: 'UNKNOWN_OPTION',
      says: ["op 'fold'", "'gradients'", "Did you mean 'gradient'"],
    }));
});

describe('a shape rule is refused when the layer is applied', () => {
  test('that loses the batch axis, for an op that is no sum', () =>
    expectRefusal(() => train({ activation: makeOp({ shape: ([x]) => x.slice(1) }) }), {
      code: 'BATCH_AXIS',
      says: ["layer 'odd'", 'fold', '[batch, 3]', '[3]', 'keep the batch axis'],
    }));

  test('that moves the batch axis', () =>
    expectRefusal(() => train({ activation: makeOp({ shape: ([x]) => x.toReversed() }) }), {
      code: 'SHAPE',
      says: ["layer 'odd'", 'fold', 'batch axis', '[3, batch]'],
    }));

  test('that gives a length that is no integer', () =>
    expectRefusal(() => train({ activation: makeOp({ shape: ([[n]]) => [n, 3 / 2] }) }), {
      code: 'SHAPE',
      says: ["layer 'odd'", 'fold', 'dimension 1', '[batch, 1.5]'],
    }));

  test.each([
    ['nothing', undefined],
    ['a number', 3],
  ])('that returns %s', (_, shape) =>
    expectRefusal(() => train({ activation: makeOp({ shape: () => unchecked(shape) }) }), {
      code: 'SHAPE',
      says: ["layer 'odd'", 'fold', 'shape rule', String(shape)],
    }),
  );
});

describe('a structural fact that does not hold is refused when the layer is applied', () => {
  test('of a view of another size', () =>
    expectRefusal(() => train({ activation: makeOp({ view: true, shape: ([[n]]) => [n, 4] }) }), {
      says: ["layer 'odd'", 'fold', "'view'", '[batch, 3]', '[batch, 4]'],
    }));

  test('of an elementwise op whose shape its input does not broadcast to', () =>
    expectRefusal(() => train({ activation: makeOp({ elementwise: 'neg', shape: ([[n]]) => [n] }) }), {
      says: ["layer 'odd'", 'fold', "'elementwise'", '[batch, 3]', '[batch]'],
    }));
});

describe('a rule that throws what is no error of ours is named', () => {
  const gaveUp = () => {
    throw new TypeError('the rule gave up');
  };

  test.each(['attributes', 'shape'] as const)('%s', (rule) =>
    expectRefusal(() => train({ activation: makeOp({ [rule]: gaveUp }) }), {
      says: ["layer 'odd'", 'fold', `'${rule}' rule`, 'the rule gave up'],
    }),
  );

  test.each(['lower', 'gradient'] as const)('%s', (rule) =>
    expectRefusal(() => train({ activation: makeOp({ [rule]: gaveUp }) }), {
      says: ["op 'fold' of layer 'odd'", `'${rule}' rule`, 'the rule gave up'],
    }),
  );

  test('with the plugin that the op is in', () => {
    const op = makeOp({ lower: gaveUp });
    definePlugin({ name: 'origami', parts: [op] });
    return expectRefusal(() => train({ activation: op }), { says: ["op 'fold'", "plugin 'origami'", "'lower' rule"] });
  });
});

describe('a lowering is refused before any thread starts', () => {
  test('that returns nothing', () =>
    expectRefusal(() => train({ activation: makeOp({ lower: () => unchecked(undefined) }) }), {
      says: ["op 'fold'", "layer 'odd'", "'lower'", 'undefined'],
    }));

  test('of another shape than the op', () =>
    expectRefusal(() => train({ activation: makeOp({ lower: ([x]) => reduceSum(x, { axes: [1] }) }) }), {
      says: ["op 'fold'", "layer 'odd'", "'lower'", '[batch]', '[batch, 3]'],
    }));

  test('to the op itself', () => {
    const op = makeOp({ lower: ([x]) => neg(op(x)) });
    return expectRefusal(() => train({ activation: op }), { says: ["op 'fold'", "'lower'", 'itself'] });
  });

  test('to an op that lowers back', () => {
    const there = makeOp({ lower: ([x]) => back(x) });
    const back = defineOp<Unary>('unfold', { shape: ([x]) => x, lower: ([x]) => there(x) });
    return expectRefusal(() => train({ activation: there }), { says: ['fold', "'lower'", 'itself'] });
  });

  test('that is missing, when the backend has no kernel either', () =>
    expectRefusal(() => train({ activation: makeOp({ lower: undefined, gradient: (dy) => [dy] }) }), {
      code: 'NO_KERNEL',
      says: ["op 'fold'", "layer 'odd'", "backend 'js'", "'lower'", "'kernels'"],
    }));
});

describe('a gradient rule is refused before any thread starts', () => {
  const refused = (gradient: unknown, says: string[]) =>
    expectRefusal(() => train({ activation: makeOp({ gradient: unchecked(gradient) }) }), {
      says: ["op 'fold'", "layer 'odd'", 'gradient', ...says],
    });

  test('that is missing, with the lowering, on the way to a weight', () =>
    expectRefusal(() => train({ activation: makeOp({ lower: undefined }) }), {
      code: 'NO_GRADIENT',
      says: ["op 'fold'", "layer 'odd'", "'gradient'", "'lower'", 'stopGradient'],
    }));

  test('of another shape than the input', () =>
    expectRefusal(() => train({ activation: makeOp({ gradient: (dy) => [reduceSum(dy, { axes: [1] })] }) }), {
      code: 'GRADIENT_SHAPE',
      says: ["op 'fold'", "layer 'odd'", 'input 0', '[batch]', '[batch, 3]'],
    }));

  test('that returns a number in place of a tensor', () => refused(() => [1], ['input 0', 'number']));

  test('that returns undefined where it means null', () =>
    refused(() => [undefined], ['input 0', 'undefined', 'null']));

  test('that returns nothing', () => refused(() => undefined, ['list', 'undefined']));

  test('that returns a tensor without a list around it', () => refused((dy: SymbolicTensor) => dy, ['list']));

  test('that returns fewer gradients than there are inputs', () => refused(() => [], ['0', '1 input']));

  test('that returns more gradients than there are inputs', () =>
    refused((dy: SymbolicTensor) => [dy, dy], ['2', '1 input']));
});

describe('an op without a gradient is accepted', () => {
  test('where none is asked for: in a model that only predicts', () =>
    withEngine({}, async (engine) => {
      const op = makeOp({ lower: ([x]) => neg(x) });
      const output = await modelOf(engine, { activation: op }).predict(Float32Array.of(1, 2));
      expect(output.shape).toEqual([1, 2]);
    }));

  test('where no weight comes before it', () =>
    withEngine({ plugins: [] }, async (engine) => {
      const input = engine.input({ shape: [2] });
      const seen = makeOp({ gradient: undefined })(input);
      expect(seen.shape).toEqual([null, 2]);
    }));
});

test('an op called with what is no tensor is refused, with the position', () =>
  expectRefusal(() => train({ activation: (x) => add(x, unchecked('1')) }), {
    code: 'OPERAND',
    says: ["layer 'odd'", 'add', 'input 1', 'string'],
  }));

test.each(['add', 'matmul'])('an op of two inputs, %s, is no activation', (name) =>
  expectRefusal(() => train({ activation: name }), { says: ["layer 'odd'", name, '2 inputs', 'got 1'] }),
);

test('a second input to an op of one is refused', () => {
  const call = tanh as (...inputs: SymbolicTensor[]) => SymbolicTensor;
  return expectRefusal(() => train({ activation: (x) => call(x, x) }), {
    says: ["layer 'odd'", 'tanh', '1 input', 'got 2'],
  });
});

test.each([
  ['nothing', undefined],
  ['a number', 1],
])('an activation that returns %s is refused with the name of its layer', (_, value) =>
  expectRefusal(() => train({ activation: () => unchecked(value) }), { code: 'CALL', says: ["layer 'odd'", '`call`'] }),
);

test('an activation that is neither name nor op is refused with the name of its layer', () =>
  expectRefusal(() => train({ activation: unchecked(1) }), { says: ["layer 'odd'", 'activation', 'number'] }));

test('numbers that JSON does not know stay what they are in attributes and constants', () =>
  withEngine({}, async (engine) => {
    const model = modelOf(engine, { activation: (x) => mul(min(max(x, -Infinity), Infinity), 0) });
    const values = (await model.predict(Float32Array.of(1, 2))).dataSync();
    expect([...values]).toEqual([0, 0]);
  }));
