import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import { constraints, createEngine, initializers, partitioners, regularizers, ValueError } from '@convoy/engine';
import { activation, dense, flatten } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { afterAll, describe, test } from 'vitest';
import { expectRefusal, unchecked } from '../fixtures/refusal.js';

const engine = await createEngine({ backend: js(), workers: 'inline' });
afterAll(() => engine.dispose());

const OPTION = { error: ValueError, code: 'OPTION' };

describe('a part that a layer names or holds', () => {
  const build = (options: object) => () =>
    engine.sequential([conv2d(unchecked({ name: 'c', filters: 2, kernelSize: 1, inputShape: [2, 2, 1], ...options }))]);
  const UNKNOWN = { error: ValueError, code: 'UNKNOWN_NAME' };

  test('an unknown activation is met with the known ones and the place of plugins', () =>
    expectRefusal(build({ activation: 'rellu' }), {
      ...UNKNOWN,
      says: ["layer 'c'", "'rellu'", 'relu', 'createEngine({ plugins'],
    }));

  test('an op of two inputs is no activation', () =>
    expectRefusal(build({ activation: 'add' }), {
      error: ValueError,
      code: 'OPERAND',
      says: ["layer 'c'", 'add', '2 inputs', 'got 1'],
    }));

  for (const [title, value] of Object.entries({ 'a number': 3, 'a layer': flatten() })) {
    test(`${title} is no activation`, () =>
      expectRefusal(build({ activation: value }), {
        error: ValueError,
        code: 'OPTION',
        says: ["layer 'c'", 'activation'],
      }));
  }

  test('an activation must return what it computes', () =>
    expectRefusal(build({ activation: () => undefined }), { error: ValueError, code: 'CALL', says: ["layer 'c'"] }));

  test('an unknown initializer is met with the known ones', () =>
    expectRefusal(build({ kernelInitializer: 'glorot' }), {
      ...UNKNOWN,
      says: ["layer 'c'", 'glorotUniform', 'zeros'],
    }));

  test('an initializer must be called', () =>
    expectRefusal(build({ kernelInitializer: initializers.heNormal }), {
      error: ValueError,
      code: 'OPTION',
      says: ["layer 'c'", 'kernel', 'must be called'],
    }));

  test('an unknown constraint is met with the known ones', () =>
    expectRefusal(build({ kernelConstraint: 'nonNegative' }), { ...UNKNOWN, says: ["layer 'c'", 'nonNeg'] }));

  test('a constraint must be called', () =>
    expectRefusal(build({ kernelConstraint: constraints.nonNeg }), {
      error: ValueError,
      code: 'OPTION',
      says: ["layer 'c'", 'nonNeg()'],
    }));

  test('a number is no constraint', () =>
    expectRefusal(build({ kernelConstraint: 3 }), { error: ValueError, code: 'OPTION', says: ["layer 'c'"] }));

  test('an activation layer needs its activation', () =>
    expectRefusal(() => activation(unchecked({ name: 'a' })), { ...OPTION, says: ["activation 'a'", 'activation'] }));
});

describe('a setting of a part that is out of its range is refused when the part is made', () => {
  const cases: [make: () => unknown, says: string[]][] = [
    [() => regularizers.l2({ l2: -1 }), ["regularizer 'l2'", 'l2', '>= 0', '-1']],
    [() => constraints.maxNorm(unchecked({ maxValue: '2' })), ["constraint 'maxNorm'", 'maxValue', "'2'"]],
    [() => constraints.minMaxNorm({ minValue: 2, maxValue: 1 }), ["constraint 'minMaxNorm'", '2', '1']],
    [() => initializers.orthogonal({ gain: Number.NaN }), ["initializer 'orthogonal'", 'gain', 'NaN']],
    [() => initializers.randomNormal({ stddev: -1 }), ["initializer 'randomNormal'", 'stddev', '-1']],
    [() => partitioners.fixedSize({ numShards: 0 }), ['fixedSize', 'numShards', 'positive integer', '0']],
    [() => partitioners.minMax(unchecked(4)), ['minMax', 'options must be an object', '4']],
  ];
  for (const [make, says] of cases) test(says[0], () => expectRefusal(make, { ...OPTION, says }));

  test('and named where it only fits no variable', () =>
    expectRefusal(
      () => {
        const kernelConstraint = constraints.maxNorm({ axis: 5 });
        const model = engine.sequential([dense({ name: 'n', units: 1, inputShape: [2], kernelConstraint })]);
        model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
        return model.fit({ x: new Float32Array(2), y: new Float32Array(1) });
      },
      { error: ValueError, code: 'AXIS', says: ["'n/kernel:0'", "constraint 'maxNorm'", 'axis 5', 'rank 2'] },
    ));
});
